"""Invented documents and small configs for the tests of training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from il12nlp import formats
from il12nlp.document import Document, Mention, Relation
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
