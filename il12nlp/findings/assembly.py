"""Assembly of findings: sayings get their context, and the same finding said twice is one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from il12nlp.document import Document, Finding, Mention, Relation, Span
from il12nlp.findings.cancers import Cancers
from il12nlp.findings.claims import STRONGEST, Claims
from il12nlp.findings.comparators import Comparators
from il12nlp.findings.deliveries import Deliveries
from il12nlp.findings.identity import Identities
from il12nlp.findings.regimens import Regimens
from il12nlp.findings.roles import Roles
from il12nlp.findings.sayings import Saying, find_sayings
from il12nlp.schema import EFFECTS, Benefit, Claim, Direction, MentionType, RelationType, Role
from il12nlp.text.abbreviations import Abbreviation

_SIGN = {Direction.INCREASE: 1, Direction.DECREASE: -1}


@dataclass(frozen=True, slots=True)
class _Row:
    """A saying with its context, before equal ones are joined."""

    saying: Saying
    cytokines: tuple[Mention, ...]
    therapies: tuple[Mention, ...]
    delivery: tuple[Mention, ...]
    cancers: tuple[Mention, ...]
    comparators: tuple[Mention, ...]
    routes: tuple[Span, ...]
    stated_routes: frozenset[str]
    doses: tuple[Span, ...]
    role: Role
    claim: Claim
    relations: tuple[Relation, ...]
    evidence: tuple[int, ...]
    speculative: bool
    score: float


def assemble(
    document: Document, abbreviations: Iterable[Abbreviation] | None = None
) -> tuple[Finding, ...]:
    """The findings of a document's relations, numbered F1, F2, … by their place in the text.

    Every INCREASES, DECREASES and NO_EFFECT relation is in a finding: in one, unless its agent
    was combined with several others apart ("A with B or C"), when each combination cites it. A
    finding without a cytokine is kept, its `cytokines` empty. The order of mentions and relations
    in the document does not matter, and findings that it has already are not looked at.
    `abbreviations` are those that it defines; left out, they are sought.
    """
    if not any(r.type in EFFECTS for r in document.relations):
        return ()
    identities = Identities(document, abbreviations)
    rows = _Rows(document, identities)
    alike: dict[Hashable, list[_Row]] = defaultdict(list)
    for saying in find_sayings(document, identities):
        row = rows.make(saying)
        alike[_key(identities, row)].append(row)
    same = chain.from_iterable(_arms(identities, rows) for rows in alike.values())
    ordered = enumerate(sorted(same, key=_place), start=1)
    return tuple(_finding(identities, rows, id=f"F{number}") for number, rows in ordered)


class _Rows:
    """Makes rows of a document's sayings."""

    def __init__(self, document: Document, identities: Identities) -> None:
        self._document = document
        self._identities = identities
        self._deliveries = Deliveries(document, identities)
        self._cancers = Cancers(document, identities)
        self._regimens = Regimens(document, identities)
        self._roles = Roles(document, identities, given=self._regimens.qualified())
        self._claims = Claims(document)
        self._comparators = Comparators(document, identities)

    def make(self, saying: Saying) -> _Row:
        """The row of one saying."""
        document, unique = self._document, self._identities.unique
        place, at = document.mention_by_id, document.sentence_index
        deliveries = self._deliveries.of(saying)
        vehicles = unique(deliveries.values())
        names = self._identities.all_of(vehicles)
        delivered = [place[r.head] for r in deliveries]
        own = [m for m in saying.members if m.type == MentionType.CYTOKINE]
        others = unique(m for m in saying.members if m.type == MentionType.THERAPY)
        therapies = tuple(m for m in others if self._identities.of(m) not in names)
        evidence = {at(m.start) for m in (saying.outcome, *saying.members)}
        agents = (*saying.members, *vehicles)
        named = self._cancers.named(saying)
        studies = self._cancers.studies(saying, agents, evidence, named=named)
        regimen = self._regimens.of((*agents, *delivered), evidence)
        carrying = (*saying.effects, *saying.joins)
        return _Row(
            saying=saying,
            cytokines=unique((*own, *delivered)),
            therapies=therapies,
            delivery=vehicles,
            cancers=unique((*named, *(place[r.tail] for r in studies))),
            comparators=self._comparators.of(saying),
            routes=regimen.routes,
            stated_routes=regimen.stated,
            doses=regimen.doses,
            role=self._roles.of((*own, *delivered), therapies, sentence=at(saying.outcome.start)),
            claim=self._claims.of(at(saying.outcome.start)),
            relations=tuple(dict.fromkeys((*carrying, *deliveries, *studies))),
            evidence=tuple(sorted(i for i in evidence if i < len(document.sentences))),
            speculative=any(r.speculative for r in carrying if r.type != RelationType.DELIVERED_BY),
            score=min(r.score for r in carrying),
        )


def _key(identities: Identities, row: _Row) -> Hashable:
    """What two rows must share to be the same finding, apart from what sets arms apart."""
    return (
        identities.all_of(row.cytokines),
        identities.all_of(row.therapies),
        identities.of(row.saying.outcome),
        row.saying.direction,
    )


def _arms(identities: Identities, rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Rows of one key by arm: two vehicles, routes or roles are two findings."""
    if len(rows) == 1:
        yield list(rows)
        return
    for by_vehicle in _apart(rows, lambda row: identities.all_of(row.delivery)):
        for by_route in _apart(by_vehicle, lambda row: row.stated_routes):
            yield from _apart(by_route, lambda row: frozenset({row.role} - {Role.UNKNOWN}))


def _apart(rows: Sequence[_Row], aspect: Callable[[_Row], frozenset[str]]) -> Iterator[list[_Row]]:
    """Rows by an aspect; those that say nothing of it go with the others, where these agree."""
    parts: dict[frozenset[str], list[_Row]] = defaultdict(list)
    for row in rows:
        parts[aspect(row)].append(row)
    said = [value for value in parts if value]
    if len(said) == 1 and frozenset() in parts:
        parts[said[0]] += parts.pop(frozenset())
    yield from parts.values()


def _finding(identities: Identities, rows: Iterable[_Row], *, id: str) -> Finding:
    """One finding from the rows that say it; what is plainly said counts before what is hedged."""
    ordered = sorted(rows, key=lambda r: (r.speculative, -r.score, *_position(r)))
    best = ordered[0]
    plain = [r for r in ordered if not r.speculative] or ordered
    cancers = identities.unique(m for row in ordered for m in row.cancers)
    return Finding(
        id=id,
        cytokines=_ids(best.cytokines),
        therapies=_ids(best.therapies),
        outcome=best.saying.outcome.id,
        direction=best.saying.direction,
        benefit=_benefit(best.saying),
        delivery=_ids(identities.unique(m for row in ordered for m in row.delivery)),
        cancers=_ids(cancers),
        speculative=best.speculative,
        score=max(row.score for row in plain),
        evidence=tuple(sorted({i for row in ordered for i in row.evidence})),
        relations=tuple(dict.fromkeys(r.id for row in ordered for r in row.relations)),
        role=next((row.role for row in ordered if row.role != Role.UNKNOWN), Role.UNKNOWN),
        claim=min((row.claim for row in ordered), key=STRONGEST.index),
        comparators=_ids(identities.unique(m for row in ordered for m in row.comparators)),
        routes=_spans(row.routes for row in ordered),
        doses=_spans(row.doses for row in ordered),
        species=_species(cancers),
    )


def _spans(groups: Iterable[Iterable[Span]]) -> tuple[Span, ...]:
    return tuple(sorted(set(chain.from_iterable(groups)), key=lambda s: (s.start, s.end)))


def _species(cancers: Iterable[Mention]) -> tuple[str, ...]:
    """Species of the tumour models, as far as their concepts know them."""
    found = (m.concept.species for m in cancers if m.concept is not None)
    return tuple(dict.fromkeys(species for species in found if species is not None))


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
