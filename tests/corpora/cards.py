"""What the tests of the corpora share: their cards, and what a stand-off line may hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from il12nlp.document import Document, Mention, Relation
from il12nlp.pubmed.standoff import STANDOFF_VERSION, StandoffRecord
from il12nlp.schema import CTO

CORPORA = Path(__file__).parents[2] / "corpora"
KEYS = {
    "standoff", "pmid", "sha256", "length", "title", "study_type", "source", "sentences",
    "mentions", "relations",
}  # fmt: skip


def card(corpus: str) -> str:
    """The text of a corpus's card."""
    return (CORPORA / corpus / "README.md").read_text(encoding="utf-8")


def counts_row(split: str, documents: Sequence[Document] | Sequence[StandoffRecord]) -> str:
    """The row of a split in the table of counts."""
    mentions: list[Mention] = [m for d in documents for m in d.mentions]
    relations: list[Relation] = [r for d in documents for r in d.relations]
    cells = (
        split,
        f"{len(documents):,}",
        f"{len(mentions):,}",
        _counts(m.type for m in mentions),
        f"{len(relations):,}",
        _counts(r.type for r in relations),
        _counts(d.study_type for d in documents),
    )
    return f"| {' | '.join(cells)} |"


def _counts(names: Iterable[str | None]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in Counter(names).most_common())


def check_line(data: dict[str, Any], *, surfaces: bool) -> None:
    """Prove that a stand-off line holds no words of its text, but surfaces where it may."""
    assert set(data) == (KEYS if data["pmid"] else KEYS | {"id"})
    assert data["standoff"] == STANDOFF_VERSION
    assert re.fullmatch(r"[1-9]\d{0,8}", data["pmid"] or "1")
    assert re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", data.get("id", "none"))
    assert re.fullmatch(r"[0-9a-f]{64}", data["sha256"])
    assert data["study_type"] in CTO.study_types
    assert re.fullmatch(r"[a-z0-9_-]{1,40}", data["source"])
    for start, end, *core in data["sentences"]:
        assert type(start) is type(end) is int
        *numbers, digest = core or ["0" * 12]
        assert len(core) == (4 if surfaces else 0)
        assert all(type(n) is int for n in numbers)
        assert re.fullmatch(r"[0-9a-f]{12}", digest)
    for start, end, kind, *surface in data["mentions"]:
        assert 0 <= start < end <= data["length"]
        assert kind in CTO.mention_types
        assert len(surface) == int(surfaces)
    for label, head, tail, *hedge in data["relations"]:
        assert label in CTO.relation_types
        assert (type(head), type(tail)) == (int, int)
        assert hedge in ([], ["speculative"])
