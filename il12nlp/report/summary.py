"""Evidence across abstracts: papers counted by what they say of the same question."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from il12nlp.document import Document
from il12nlp.report.columns import (
    BY,
    COLUMNS,
    Interferons,
    check_columns,
    name_order,
    occurrences,
    study_type_of,
)
from il12nlp.report.evidence import SIDE_OF, EvidenceRow, Side, Tally, Verdict, is_partly_no_effect
from il12nlp.report.papers import paper_of, paper_order
from il12nlp.report.selection import Reason, Selection

logger = logging.getLogger(__name__)


class Mark(NamedTuple):
    """A paper in a group, by what its findings there are broken down by."""

    paper: str
    study_type: str
    cancer: str


_Cell = dict[Mark, Side]


class Summary:
    """Counts papers while documents pass; it keeps names of papers, no texts.

    `documents`, `without_findings`, `findings` (those that count) and `left_out` tell what has
    passed so far.
    """

    def __init__(self, *, by: Sequence[str] = BY, selection: Selection | None = None) -> None:
        """Summary with a row for each set of values of the columns `by`.

        Raises ValueError for a column that is not in `COLUMNS`.
        """
        self.by = check_columns(by)
        self._selection = selection or Selection()
        self._cells: dict[tuple[str, ...], _Cell] = {}
        self.documents = self.without_findings = self.findings = 0
        self.left_out: Counter[Reason] = Counter()

    def add(self, document: Document) -> None:
        """Count a document's findings."""
        self.documents += 1
        self.without_findings += not document.findings
        paper, study_type = paper_of(document), study_type_of(document)
        interferons = Interferons(document)
        for finding in document.findings:
            reason = self._selection.reason_against(document, finding)
            if reason is not None:
                self.left_out[reason] += 1
                continue
            self.findings += 1
            for of in occurrences(document, finding, interferons):
                cell = self._cells.setdefault(tuple(COLUMNS[name](of) for name in self.by), {})
                mark = Mark(paper, study_type, of.cancer)
                cell[mark] = cell.get(mark, Side(0)) | SIDE_OF[finding.benefit]

    def rows(self) -> list[EvidenceRow]:
        """Rows, those of most papers first, then by their group."""
        ordered = sorted(self._cells, key=lambda values: [*map(name_order, values)])
        made = (_row(self.by, values, self._cells[values]) for values in ordered)
        return sorted(made, key=lambda row: -row.tally.papers)


def summarise(
    documents: Iterable[Document],
    *,
    by: Sequence[str] = BY,
    selection: Selection | None = None,
) -> list[EvidenceRow]:
    """Evidence across annotated documents, which pass one at a time and may be of any number.

    `by` names the columns that make a row, `selection` says which findings count. The result
    depends neither on the order of the documents nor on how often one stands there. Raises
    ValueError for an unknown column.
    """
    summary = Summary(by=by, selection=selection)
    for document in documents:
        summary.add(document)
    logger.info(
        "%d documents, %d without findings; %d findings count; left out: %s",
        summary.documents,
        summary.without_findings,
        summary.findings,
        ", ".join(f"{count} {reason}" for reason, count in summary.left_out.items()) or "none",
    )
    return summary.rows()


def _row(by: Sequence[str], values: Sequence[str], cell: _Cell) -> EvidenceRow:
    papers = _merged(cell, lambda mark: "")[""]
    ordered = sorted(papers, key=paper_order)
    return EvidenceRow(
        group=dict(zip(by, values, strict=True)),
        tally=Tally.of(papers.values()),
        papers={
            verdict: tuple(p for p in ordered if Verdict.of(papers[p]) == verdict)
            for verdict in Verdict
        },
        also_no_effect=tuple(p for p in ordered if is_partly_no_effect(papers[p])),
        by_study_type=_tallies(cell, lambda mark: mark.study_type),
        by_cancer=_tallies(cell, lambda mark: mark.cancer),
    )


def _tallies(cell: _Cell, part_of: Callable[[Mark], str]) -> Mapping[str, Tally]:
    """Tally of each part, those of most papers first."""
    tallies = {part: Tally.of(sides.values()) for part, sides in _merged(cell, part_of).items()}
    return dict(sorted(tallies.items(), key=lambda item: (-item[1].papers, name_order(item[0]))))


def _merged(cell: _Cell, part_of: Callable[[Mark], str]) -> Mapping[str, Mapping[str, Side]]:
    """Of each part its papers, each with all that its findings there say."""
    parts: dict[str, dict[str, Side]] = defaultdict(dict)
    for mark, side in cell.items():
        papers = parts[part_of(mark)]
        papers[mark.paper] = papers.get(mark.paper, Side(0)) | side
    return parts
