"""Tables of scores: by figure and by source of the documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from il12nlp.document import Document
from il12nlp.evaluation.bootstrap import Interval
from il12nlp.evaluation.counts import Tally, add_tallies
from il12nlp.evaluation.metrics import ACCURACIES, Scores, tally_documents
from il12nlp.schema import CTO, Schema

HEADLINE = ("ner.strict", "ner.overlap", "rel.strict", "rel.overlap", "effects", "combos")
"""Figures that sum up a system, in the order in which they are shown."""

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Column names and rows; numbers stay numbers until they are shown, None is an empty cell."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def to_text(self) -> str:
        """Aligned columns, without a line end; numbers to the right."""
        cells = [self.columns, *(tuple(map(_show, row)) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        numeric = self._numeric()
        return "\n".join(
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(line, widths, numeric, strict=True)
            ).rstrip()
            for line in cells
        )

    def to_markdown(self) -> str:
        """A Markdown table, without a line end."""
        rule = tuple("---:" if right else "---" for right in self._numeric())
        lines = [self.columns, rule, *(tuple(map(_show, row)) for row in self.rows)]
        return "\n".join(f"| {' | '.join(_escape(c) for c in line)} |" for line in lines)

    def _numeric(self) -> list[bool]:
        return [
            any(isinstance(row[i], int | float) for row in self.rows)
            for i in range(len(self.columns))
        ]


def figure_table(scores: Scores, intervals: Mapping[str, Interval] | None = None) -> Table:
    """One row a figure: precision, recall, F1, number of gold items, and the 95 % interval.

    Accuracies stand in the last column that they have, F1. `intervals` come from `bootstrap`.
    """
    columns = ("figure", "P", "R", "F1", "gold")
    rows: list[tuple[Cell, ...]] = []
    for key in _ordered(scores.counts):
        counts = scores[key]
        single = key in ACCURACIES
        row: tuple[Cell, ...] = (
            key,
            None if single else counts.precision,
            None if single else counts.recall,
            scores.value(key),
            counts.gold,
        )
        if intervals is not None:
            row += (_show_interval(intervals.get(key)),)
        rows.append(row)
    return Table(columns if intervals is None else (*columns, "95 % interval"), tuple(rows))


def source_table(
    gold: Sequence[Document],
    predicted: Sequence[Document],
    figures: Sequence[str] = HEADLINE,
    *,
    schema: Schema = CTO,
) -> Table:
    """One row a source of gold documents (`meta["source"]`) and one for all: F1 of each figure.

    A figure that a source has no items for is an empty cell.
    """
    groups: dict[str, list[Tally]] = {}
    tallies = tally_documents(gold, predicted, schema=schema)
    for document, tally in zip(gold, tallies, strict=True):
        groups.setdefault(str(document.meta.get("source") or "unknown"), []).append(tally)
    rows = [_source_row(name, groups[name], figures) for name in sorted(groups)]
    rows.append(_source_row("all", tallies, figures))
    return Table(("source", "documents", *figures), tuple(rows))


def _source_row(name: str, tallies: Sequence[Tally], figures: Sequence[str]) -> tuple[Cell, ...]:
    scores = Scores(add_tallies(tallies), len(tallies))
    values = (scores.value(f) if _has_items(scores.counts, f) else None for f in figures)
    return (name, scores.documents, *values)


def _has_items(tally: Tally, figure: str) -> bool:
    return figure in tally and bool(tally[figure].gold or tally[figure].predicted)


def _ordered(tally: Tally) -> list[str]:
    headline = [k for k in HEADLINE if k in tally]
    accuracies = [k for k in ACCURACIES if k in tally]
    rest = sorted(tally.keys() - set(headline) - set(accuracies))
    return [*headline, *rest, *accuracies]


def _show(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _show_interval(interval: Interval | None) -> str | None:
    return None if interval is None else f"{interval.low:.3f}–{interval.high:.3f}"


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
