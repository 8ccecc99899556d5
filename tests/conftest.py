"""Fixtures that several folders share: a tiny encoder, and documents written by hand."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from il12nlp.document import Document, Mention, Relation, Sentence

ROOT = Path(__file__).parents[1]

# A machine that is busy with something else is no failure of the code.
settings.register_profile("il12nlp", deadline=None)
settings.load_profile("il12nlp")


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a BERT with two narrow layers and a vocabulary of single characters."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import BertConfig, BertModel, BertTokenizerFast, set_seed

    characters = [*string.ascii_lowercase, *string.digits, *string.punctuation, *"αβγ"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    pieces += [f"##{c}" for c in characters]
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    folder = tmp_path_factory.mktemp("tiny-encoder")
    BertTokenizerFast(tokenizer_object=backend).save_pretrained(folder)
    set_seed(1)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_parts(tiny_encoder: Path) -> tuple[Any, Any]:
    """An untrained joint model on the tiny encoder, and its tokenizer."""
    from il12nlp.schema import CTO
    from il12nlp.training.building import build_model
    from il12nlp.training.config import TrainConfig

    config = TrainConfig.model_validate(
        {
            "output": "unused",
            "train": ["unused.jsonl"],
            "encoder": str(tiny_encoder),
            "model": {"head_size": 32, "window": 40, "overlap": 10, "attention_heads": 2},
        }
    )
    from transformers import set_seed

    set_seed(2)
    return build_model(config, CTO, {})


@pytest.fixture
def il12_document() -> Document:
    """Two sentences with a combination, its effect and a cancer."""
    text = "IL-12 plus anti-PD-1 in melanoma\nIL-12 reduced tumor growth. Survival was unchanged."
    spans = [
        ("T1", "CYTOKINE", "IL-12", 0),
        ("T2", "THERAPY", "anti-PD-1", 0),
        ("T3", "CANCER", "melanoma", 0),
        ("T4", "CYTOKINE", "IL-12", 10),
        ("T5", "OUTCOME", "tumor growth", 0),
        ("T6", "OUTCOME", "Survival", 0),
    ]
    mentions = []
    for name, kind, surface, after in spans:
        start = text.index(surface, after)
        mentions.append(Mention(name, start, start + len(surface), kind, surface))
    cuts = [0, text.index("\n"), text.index("Survival") - 1]
    sentences = (
        Sentence(0, cuts[1]),
        Sentence(cuts[1] + 1, cuts[2]),
        Sentence(cuts[2] + 1, len(text)),
    )
    relations = (
        Relation("R1", "COMBINED_WITH", "T1", "T2"),
        Relation("R2", "STUDIED_IN", "T1", "T3"),
        Relation("R3", "DECREASES", "T4", "T5"),
        Relation("R4", "NO_EFFECT", "T4", "T6", speculative=True),
    )
    return Document(
        id="made-up-1",
        text=text,
        sentences=sentences,
        mentions=tuple(mentions),
        relations=relations,
        study_type="animal",
    )
