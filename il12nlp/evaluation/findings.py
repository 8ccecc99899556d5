"""Scores of assembled findings against rows written by hand.

    rows     agents, outcome and direction agree: the fact itself
    columns  of the rows that agree, the share whose delivery, cancers, benefit and speculative
             flag do, too; and role and claim, where the rows have them
    whole    rows that agree in the four columns that every row has

Documents must carry findings. Names agree where one of the alternatives that a hand-written row
allows is, folded, a name of the mention's thing in that document (the same text or the same
concept). Outcomes agree where the spans overlap in the row's sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from il12nlp.document import Document, Finding, Mention
from il12nlp.errors import InputError
from il12nlp.evaluation.counts import Counts
from il12nlp.evaluation.gold_rows import GoldRow, GoldRows, Names, read_rows
from il12nlp.schema import EFFECTS
from il12nlp.text.folding import fold_name

__all__ = ["COLUMNS", "SOME", "FindingScores", "GoldRow", "GoldRows", "read_rows", "score_findings"]

COLUMNS = ("delivery", "cancers", "benefit", "speculative")
"""Columns that every hand-written row has."""
SOME = ("role", "claim")
"""Columns that a hand-written row may leave out: a therapy alone has no role."""


@dataclass(frozen=True, slots=True)
class FindingScores:
    """`rows` and `whole` as precision, recall and F1; `columns` as shares of the rows that agree.

    `said` is the precision of roles and claims: the share that is right of those that agreeing
    findings state, leaving out the unknown ones. `missed` are the hand-written rows without a
    finding, `extra` the findings without a row, each with its document's id.
    """

    rows: Counts
    whole: Counts
    columns: Mapping[str, float]
    said: Mapping[str, float]
    missed: tuple[tuple[str, GoldRow], ...]
    extra: tuple[tuple[str, Finding], ...]


def score_findings(gold: Iterable[GoldRows], documents: Iterable[Document]) -> FindingScores:
    """Score the findings of documents against hand-written rows of the same ids.

    Findings outside the rows' sentences are not counted. Raises InputError for rows whose
    document is missing or whose outcome is not in its sentence.
    """
    by_id = {d.id: d for d in documents}
    judged = [_judge(rows, by_id) for rows in gold]
    agreed = [pair for j in judged for pair in j.agreed]
    missed = tuple((j.id, row) for j in judged for row in j.missed)
    extra = tuple((j.id, finding) for j in judged for finding in j.extra)
    whole = sum(set(COLUMNS) <= columns for _, _, columns in agreed)
    number = len(agreed)
    asked = {c: [a for a in agreed if getattr(a[0], c) is not None] for c in (*COLUMNS, *SOME)}
    stated = {c: [a for a in asked[c] if getattr(a[1], c) != "unknown"] for c in SOME}
    return FindingScores(
        rows=Counts(number, len(extra), len(missed)),
        whole=Counts(whole, len(extra) + number - whole, len(missed) + number - whole),
        columns={c: _right(asked[c], c) for c in asked if asked[c] or c in COLUMNS},
        said={c: _right(stated[c], c) for c in stated if stated[c]},
        missed=missed,
        extra=extra,
    )


_Agreed = tuple[GoldRow, Finding, frozenset[str]]
"""A row, the finding that agrees with it, and the columns in which both agree."""


def _right(agreed: Sequence[_Agreed], column: str) -> float:
    return sum(column in columns for _, _, columns in agreed) / len(agreed) if agreed else 0.0


@dataclass(frozen=True, slots=True)
class _Judged:
    id: str
    agreed: Sequence[_Agreed]
    missed: Sequence[GoldRow]
    extra: Sequence[Finding]


def _judge(gold: GoldRows, documents: Mapping[str, Document]) -> _Judged:
    if gold.id not in documents:
        raise InputError(f"rows of document {gold.id!r}, which is not among the documents")
    document = documents[gold.id]
    left = [f for f in document.findings if gold.scope & _told(document, f)]
    agreed: list[_Agreed] = []
    missed: list[GoldRow] = []
    for row in gold.rows:
        matching = [f for f in left if _agree(document, row, f)]
        if not matching:
            missed.append(row)
            continue
        best = max(matching, key=lambda f: len(_columns(document, row, f)))
        left.remove(best)
        agreed.append((row, best, _columns(document, row, best)))
    return _Judged(gold.id, agreed, missed, left)


def _outcomes(document: Document, finding: Finding) -> Iterator[Mention]:
    """The outcome mentions of all sayings of a finding."""
    for id_ in finding.relations:
        relation = document.relation_by_id[id_]
        if relation.type in EFFECTS:
            yield document.mention_by_id[relation.tail]


def _told(document: Document, finding: Finding) -> set[int]:
    """The sentences that tell a finding: of agent and outcome, which are the nearest mentions of
    what it speaks of, the later one stands in it.
    """
    effects = (document.relation_by_id[id_] for id_ in finding.relations)
    ends = ((r.head, r.tail) for r in effects if r.type in EFFECTS)
    place, at = document.mention_by_id, document.sentence_index
    return {max(at(place[head].start), at(place[tail].start)) for head, tail in ends}


def _agree(document: Document, row: GoldRow, finding: Finding) -> bool:
    places = _places(document, row)
    return (
        row.direction == finding.direction
        and any(
            m.start < end and start < m.end
            for m in _outcomes(document, finding)
            for start, end in places
        )
        and _same(document, row.cytokines, finding.cytokines)
        and _same(document, row.therapies, finding.therapies)
    )


def _places(document: Document, row: GoldRow) -> list[tuple[int, int]]:
    """Spans of a row's outcome in its sentence."""
    sentence = document.sentences[row.sentence]
    found = re.finditer(re.escape(row.outcome), document.sentence_text(row.sentence))
    spans = [(sentence.start + m.start(), sentence.start + m.end()) for m in found]
    if not spans:
        raise InputError(
            f"{document.id}: outcome {row.outcome!r} does not stand in sentence {row.sentence}"
        )
    return spans


def _columns(document: Document, row: GoldRow, finding: Finding) -> frozenset[str]:
    """The columns beyond the fact itself that agree."""
    agreement = {
        "delivery": _same(document, row.delivery, finding.delivery),
        "cancers": _same(document, row.cancers, finding.cancers),
        "benefit": row.benefit == finding.benefit,
        "speculative": row.speculative == finding.speculative,
        "role": row.role == finding.role,
        "claim": row.claim == finding.claim,
    }
    return frozenset(column for column, agrees in agreement.items() if agrees)


def _same(document: Document, gold: Names, mentions: Sequence[str]) -> bool:
    """Whether mentions and hand-written names are the same things, one to one."""
    named = [_known_as(document, document.mention_by_id[i]) for i in mentions]
    return len(gold) == len(named) and _pair_up(gold, named)


def _pair_up(gold: Names, named: Sequence[frozenset[str]]) -> bool:
    """Whether each thing can be paired with one of the others that shares a name with it."""
    if not gold:
        return True
    return any(
        not gold[0].isdisjoint(names) and _pair_up(gold[1:], [*named[:index], *named[index + 1 :]])
        for index, names in enumerate(named)
    )


def _known_as(document: Document, mention: Mention) -> frozenset[str]:
    """Folded names of a mention's thing in its document."""
    return frozenset(
        fold_name(m.text)
        for m in document.mentions
        if m == mention
        or (mention.concept is not None and m.concept is not None and m.type == mention.type
            and m.concept.id == mention.concept.id)
    )  # fmt: skip
