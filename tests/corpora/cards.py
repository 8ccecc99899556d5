"""What the tests of the corpora's cards share: where they stand, and the rows of their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from il12nlp.document import Document, Mention, Relation
from il12nlp.pubmed.standoff import StandoffRecord

CORPORA = Path(__file__).parents[2] / "corpora"


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
