"""Assembly of findings: sayings get their context, and the same finding said twice is one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from il12nlp.document import Document, Finding, Mention, Relation
from il12nlp.findings.context import Surroundings
from il12nlp.findings.identity import Identities
from il12nlp.findings.sayings import Saying, find_sayings
from il12nlp.schema import Benefit, Direction, MentionType, RelationType

_SIGN = {Direction.INCREASE: 1, Direction.DECREASE: -1}


@dataclass(frozen=True, slots=True)
class _Row:
    """A saying with its context, before equal ones are joined."""

    saying: Saying
    cytokines: tuple[Mention, ...]
    therapies: tuple[Mention, ...]
    delivery: tuple[Mention, ...]
    cancers: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    evidence: tuple[int, ...]
    speculative: bool
    score: float


def assemble(document: Document) -> tuple[Finding, ...]:
    """The findings of a document's relations, numbered F1, F2, … by their place in the text.

    Every INCREASES, DECREASES and NO_EFFECT relation is in a finding: in one, unless its agent
    was combined with several others apart ("A with B or C"), when each combination cites it. A
    finding without a cytokine is kept, its `cytokines` empty. The order of mentions and relations
    in the document does not matter, and findings that it has already are not looked at.
    """
    identities = Identities(document)
    surroundings = Surroundings(document, identities)
    alike: dict[Hashable, list[_Row]] = defaultdict(list)
    for saying in find_sayings(document, identities):
        row = _row(document, identities, surroundings, saying)
        alike[_key(identities, row)].append(row)
    same = chain.from_iterable(_by_delivery(identities, rows) for rows in alike.values())
    findings = (_finding(identities, rows) for rows in sorted(same, key=_place))
    return tuple(replace(f, id=f"F{n}") for n, f in enumerate(findings, start=1))


def _row(
    document: Document, identities: Identities, surroundings: Surroundings, saying: Saying
) -> _Row:
    place = document.mention_by_id
    members = saying.members
    deliveries = surroundings.deliveries(saying)
    vehicles = identities.unique(deliveries.values())
    delivered = (place[r.head] for r in deliveries)
    own = (m for m in members if m.type == MentionType.CYTOKINE)
    therapies = identities.unique(m for m in members if m.type == MentionType.THERAPY)
    evidence = {document.sentence_index(m.start) for m in (saying.outcome, *members)}
    studies = surroundings.studies(saying, (*members, *vehicles), evidence)
    within = surroundings.cancers_within(saying.outcome)
    carrying = (*saying.effects, *saying.joins)
    return _Row(
        saying,
        identities.unique((*own, *delivered)),
        tuple(m for m in therapies if identities.of(m) not in identities.all_of(vehicles)),
        vehicles,
        identities.unique((*within, *(place[r.tail] for r in studies))),
        tuple(dict.fromkeys((*carrying, *deliveries, *studies))),
        tuple(sorted(i for i in evidence if i < len(document.sentences))),
        any(r.speculative for r in carrying if r.type != RelationType.DELIVERED_BY),
        min(r.score * place[r.head].score * place[r.tail].score for r in carrying),
    )


def _key(identities: Identities, row: _Row) -> Hashable:
    """What two rows must share to be the same finding, apart from delivery."""
    return (
        identities.all_of(row.cytokines),
        identities.all_of(row.therapies),
        identities.of(row.saying.outcome),
        row.saying.direction,
    )


def _by_delivery(identities: Identities, rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Rows of one key by delivery: two vehicles are two findings.

    A row that names no vehicle goes with the others where they agree on one.
    """
    parts: dict[frozenset[str], list[_Row]] = defaultdict(list)
    for row in rows:
        parts[identities.all_of(row.delivery)].append(row)
    named = [vehicles for vehicles in parts if vehicles]
    if len(named) == 1 and frozenset() in parts:
        parts[named[0]] += parts.pop(frozenset())
    yield from parts.values()


def _finding(identities: Identities, rows: Iterable[_Row]) -> Finding:
    """One finding from the rows that say it; what is plainly said counts before what is hedged."""
    ordered = sorted(rows, key=lambda r: (r.speculative, -r.score, *_position(r)))
    best = ordered[0]
    plain = [r for r in ordered if not r.speculative] or ordered
    inner = [r for row in ordered for r in row.relations]
    return Finding(
        id="",
        cytokines=_ids(best.cytokines),
        therapies=_ids(best.therapies),
        outcome=best.saying.outcome.id,
        direction=best.saying.direction,
        benefit=_benefit(best.saying),
        delivery=_ids(identities.unique(m for row in ordered for m in row.delivery)),
        cancers=_ids(identities.unique(m for row in ordered for m in row.cancers)),
        speculative=best.speculative,
        score=max(row.score for row in plain),
        evidence=tuple(sorted({i for row in ordered for i in row.evidence})),
        relations=tuple(dict.fromkeys(r.id for r in inner)),
    )


def _benefit(saying: Saying) -> Benefit:
    """Direction times the outcome's polarity; unknown where the outcome has none."""
    if saying.direction == Direction.NO_EFFECT:
        return Benefit.NONE
    concept = saying.outcome.concept
    sign = _SIGN[saying.direction] * (0 if concept is None else concept.polarity)
    return Benefit.UNKNOWN if sign == 0 else Benefit.BENEFIT if sign > 0 else Benefit.HARM


def _place(rows: Iterable[_Row]) -> tuple[object, ...]:
    """Where a finding is said first, and which of several said there it is."""
    return min((r.evidence, *_position(r)) for r in rows)


def _position(row: _Row) -> tuple[int, int, str, str, str]:
    saying = row.saying
    first = saying.agents[0]
    return saying.outcome.start, first.start, saying.direction, saying.outcome.id, first.id


def _ids(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(m.id for m in mentions)
