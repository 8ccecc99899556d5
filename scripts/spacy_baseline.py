"""Train spaCy's CNN entity recogniser on the same mentions, as a baseline, and measure it on dev.

usage: python scripts/spacy_baseline.py OUTPUT --train FILE... --dev FILE... [--epochs 30]

It is the architecture of scispaCy's models (hash embeddings, four convolutions, transitions). It
cannot nest: of mentions that overlap the longest is learnt. OUTPUT gets the model and the dev
files as it annotates them.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.util import fix_random_seed, minibatch

from il12nlp import formats
from il12nlp.document import Document, Mention
from il12nlp.evaluation.metrics import score
from il12nlp.evaluation.tables import figure_table
from il12nlp.speed.rivals import spacy_example
from il12nlp.training.data import check_apart, load_documents


def train(documents: Sequence[Document], *, epochs: int, seed: int) -> Language:
    """A blank English pipeline with a recogniser trained on the documents."""
    fix_random_seed(seed)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = [spacy_example(nlp, d) for d in documents]
    optimizer = nlp.initialize(lambda: examples)
    for epoch in range(1, epochs + 1):
        random.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, size=8):
            nlp.update(batch, sgd=optimizer, drop=0.2, losses=losses)
        print(f"epoch {epoch}: loss {losses['ner']:.0f}", flush=True)
    return nlp


def annotate(nlp: Language, documents: Sequence[Document]) -> Iterator[Document]:
    """The documents with the recogniser's mentions and nothing else."""
    for document, doc in zip(documents, nlp.pipe(d.text for d in documents), strict=True):
        mentions = tuple(
            Mention(f"T{n}", e.start_char, e.end_char, e.label_, e.text)
            for n, e in enumerate(doc.ents, start=1)
        )
        yield document.replace(mentions=mentions, relations=(), findings=(), study_type=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("--train", nargs="+", required=True)
    parser.add_argument("--dev", nargs="+", required=True)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=13)
    args = parser.parse_args()
    own, dev = load_documents(args.train), load_documents(args.dev)
    check_apart(own, dev)
    nlp = train(own, epochs=args.epochs, seed=args.seed)
    nlp.to_disk(args.output)
    found = list(annotate(nlp, dev))
    with formats.open_writer(str(args.output / "dev.jsonl")) as writer:
        for document in found:
            writer.write(document)
    print(figure_table(score(dev, found)).to_text())


if __name__ == "__main__":
    main()
