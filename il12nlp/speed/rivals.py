"""What users would take otherwise, for named entities alone, over the same texts.

None of them finds relations, concepts or findings: they are the floor that speed is measured from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import spacy
import torch
from spacy.training import Example
from spacy.util import filter_spans
from thinc.api import fix_random_seed
from transformers import AutoModelForTokenClassification, PreTrainedTokenizerBase, pipeline

from il12nlp.document import Document
from il12nlp.model.joint import JointModel

HF_BATCH = 8
"""Texts of a batch: the fastest of 1, 4, 8, 16 and 32 on two CPU cores (6.9 abstracts a second)."""


def hf_pipeline(
    joint: JointModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    *,
    device: torch.device,
) -> Callable[[], object]:
    """`transformers.pipeline("token-classification")` on a model's own encoder.

    In its batched form, with a stride for texts that are too long. Its last layer is not trained:
    that changes what it says, not what it does.
    """
    types = joint.config.task_schema().mention_types
    tags = ["O", *(f"{b}-{t}" for t in types for b in "BI")]
    inner = joint.encoder.transformer
    settings = {**inner.config.to_dict(), "id2label": dict(enumerate(tags))}
    build: Any = AutoModelForTokenClassification.from_config
    model = build(type(inner.config)(**settings))
    getattr(model, model.base_model_prefix).load_state_dict(inner.state_dict())
    tokenizer.model_max_length = joint.config.window + 2
    make: Any = pipeline  # its overloads for every task say less than its documentation
    run = make(
        "token-classification",
        model=model.eval(),
        tokenizer=tokenizer,
        device=device,
        aggregation_strategy="simple",
        stride=joint.config.overlap,
        batch_size=HF_BATCH,
    )
    return lambda: run(list(texts))


def spacy_cnn(
    texts: Sequence[str], gold: Sequence[Document], *, seed: int = 13
) -> Callable[[], object]:
    """spaCy's CNN recogniser (scispaCy's architecture), after one pass over some gold documents.

    An untrained one would see a mention in every word and be slower than it is.
    """
    fix_random_seed(seed)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = [spacy_example(nlp, d) for d in gold]
    optimizer = nlp.initialize(lambda: examples)
    for start in range(0, len(examples), 4):
        nlp.update(examples[start : start + 4], sgd=optimizer)
    return lambda: [doc.ents for doc in nlp.pipe(texts)]


def spacy_example(nlp: Any, document: Document) -> Example:
    """Gold of one document for spaCy, its mentions widened to whole tokens.

    spaCy's recogniser cannot nest: of mentions that overlap the longest stays.
    """
    reference = nlp.make_doc(document.text)
    spans = (
        reference.char_span(m.start, m.end, label=m.type, alignment_mode="expand")
        for m in document.mentions
    )
    reference.set_ents(filter_spans([s for s in spans if s is not None]))
    return Example(nlp.make_doc(document.text), reference)
