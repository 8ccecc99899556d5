"""Invented documents and small configs for the tests of training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from transformers import set_seed

from il12nlp import formats
from il12nlp.document import Document, Mention, Relation
from il12nlp.model.loading import load_predictor
from il12nlp.schema import RelationRule, Schema
from il12nlp.text.sentences import with_sentences
from il12nlp.training.building import build_model, save_model
from il12nlp.training.config import TrainConfig

SMALL = {"head_size": 32, "window": 40, "overlap": 10, "attention_heads": 2, "mention_layers": 1}
"""Sizes that fit the tiny encoder."""


def invented(number: int, *, kinds: tuple[str, str] = ("CYTOKINE", "OUTCOME")) -> Document:
    """A short abstract with two mentions and one effect, different for each number."""
    text = f"IL-{number} in mice\nIL-{number} reduced tumor growth in group {number}."
    start, outcome = text.index("\n") + 1, text.index("tumor growth")
    name = f"IL-{number}"
    return Document(
        id=f"made-up-{number}",
        text=text,
        mentions=(
            Mention("T1", start, start + len(name), kinds[0], name),
            Mention("T2", outcome, outcome + 12, kinds[1], "tumor growth"),
        ),
        relations=(Relation("R1", "DECREASES", "T1", "T2"),),
        study_type="animal",
    )


def write(path: Path, documents: list[Document]) -> str:
    """Write documents as JSON lines; the path as a config names it."""
    with formats.open_writer(str(path)) as writer:
        for document in documents:
            writer.write(document)
    return str(path)


def tiny_settings(folder: Path, encoder: Path) -> dict[str, Any]:
    """A run of nine steps on six abstracts, with dev and one auxiliary corpus, as plain data."""
    auxiliary = [invented(n, kinds=("Drug", "Effect")) for n in range(20, 23)]
    auxiliary = [d.replace(relations=(), study_type=None) for d in auxiliary]
    return {
        "output": str(folder / "output"),
        "encoder": str(encoder),
        "train": [write(folder / "train.jsonl", [invented(n) for n in range(6)])],
        "dev": [write(folder / "dev.jsonl", [invented(n) for n in range(10, 12)])],
        "auxiliary": {
            "drugs": {
                "train": [write(folder / "drugs.jsonl", auxiliary)],
                "annotations": {"least_count": 1},
            }
        },
        "model": SMALL,
        "epochs": 3,
        "tokens_per_batch": 128,
        "checkpoint_steps": 3,
        "device": "cpu",
        "optimizer": {"average": 0.9},
    }


def tiny_config(folder: Path, tiny: Path, **changes: Any) -> TrainConfig:
    """`tiny_settings` as a config, some settings replaced."""
    return TrainConfig.model_validate({**tiny_settings(folder, tiny), **changes})


BINDING = Schema(
    "task", ("Protein",), (RelationRule.between("Bind", ["Protein"], ["Protein"], undirected=True),)
)
"""A schema of one's own: part of the types of `binding_gold`, with an undirected relation."""


def binding_model(folder: Path, encoder: Path) -> Path:
    """An untrained tiny model of `BINDING` that marks a fair number of spans, on disk.

    It links all pairs of them, so that there is something to judge.
    """
    settings = {"output": "unused", "train": ["unused"], "encoder": str(encoder), "model": SMALL}
    set_seed(2)
    model, tokenizer = build_model(TrainConfig.model_validate(settings), BINDING, {})
    with torch.no_grad():
        model.heads.mentions.tags.weight.normal_(std=0.4)
    model.config.thresholds = {"Bind": 0.0}
    return save_model(model, tokenizer, folder)


def binding_gold(model: Path) -> list[Document]:
    """What that model finds, with later heads, and a chemical in each text that it cannot know.

    The relations of the second half of the documents are left out.
    """
    texts = [
        "ABC1 binds XYZ2 in mice. DEF5 did not bind ABC1 in blood.",
        "Serum GHI6 and KLM3 bind.",
    ]
    bare = [Document(f"d{n}", f"{text} Heparin was given.") for n, text in enumerate(texts * 2)]
    found = load_predictor(model, device="cpu", precision="float32").predict(
        list(with_sentences(bare))
    )
    return [_turned(d, keep=n < 2) for n, d in enumerate(found)]


def _turned(document: Document, *, keep: bool) -> Document:
    start = document.text.index("Heparin")
    chemical = Mention("X", start, start + 7, "Chemical", "Heparin")
    mentions = tuple(replace(m, score=1.0) for m in document.mentions)
    turned = tuple(replace(r, head=r.tail, tail=r.head, score=1.0) for r in document.relations)
    return document.replace(
        mentions=(*mentions, chemical), relations=turned if keep else ()
    ).check()
