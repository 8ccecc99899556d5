"""Links: what holds agents together - combinations, deliveries, one name inside another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations as pairs

from il12nlp.document import Document, Mention, Relation
from il12nlp.findings.arms import as_one, more_than_two, one_by_one, set_apart
from il12nlp.findings.clauses import added, given_here, referred_to
from il12nlp.findings.cliques import combined_sets
from il12nlp.findings.identity import Identities
from il12nlp.schema import EFFECTS, RelationType

Pair = frozenset[Mention]


class Links:
    """Which agents of an outcome act together, and which partners were given with them."""

    def __init__(self, document: Document, identities: Identities) -> None:
        self._document = document
        self._identities = identities
        place, at = document.mention_by_id, document.sentence_index
        self._credited = {
            (place[r.head], at(place[r.tail].start))
            for r in document.relations
            if r.type in EFFECTS
        }
        self._near: dict[Pair, Relation] = {}
        self._far: dict[frozenset[str], list[Relation]] = defaultdict(list)
        self._told: dict[int, list[tuple[Pair, Relation]]] = defaultdict(list)
        joining = (RelationType.COMBINED_WITH, RelationType.DELIVERED_BY)
        for relation in ordered(document, (r for r in document.relations if r.type in joining)):
            ends = (place[relation.head], place[relation.tail])
            if self._near.setdefault(frozenset(ends), relation) is not relation:
                continue
            if relation.type == RelationType.COMBINED_WITH:
                self._far[identities.all_of(ends)].append(relation)
                told = max(at(m.start) for m in ends)
                self._told[told].append((frozenset(ends), relation))

    def combinations(
        self, heads: Sequence[Mention], outcome: Mention, *, hedged: bool = False
    ) -> Iterator[tuple[tuple[Mention, ...], tuple[Relation, ...]]]:
        """The agents of one outcome and direction, split into combinations and single ones.

        Of agents that were combined with one and the same other, but not among themselves ("A
        with B or C"), each combination is one of its own. A combination that is only proposed
        elsewhere holds nothing together here, unless the effects are `hedged` themselves.
        """
        if len(heads) == 1:
            yield tuple(heads), ()
            return
        near: dict[Pair, Relation | None] = {}
        for a, b in pairs(heads, 2):
            pair = frozenset((a, b))
            if pair in self._near or _overlap(a, b) or added(self._document, a, b):
                near[pair] = self._near.get(pair)
        together = as_one(self._document, heads, outcome)
        if together:
            near |= {p: self._far_join(p) for p in map(frozenset, pairs(heads, 2)) if p not in near}
        far = self._far_joins(heads, near, outcome)
        joins = {**near, **{p: r for p, r in far if hedged or not r.speculative}}
        if together or not one_by_one(self._document, outcome):
            yield from _split(heads, joins)
            return
        apart = list(_split(heads, near))
        yield from apart
        if more_than_two(self._document, outcome):
            yield from (c for c in _split(heads, joins) if c not in apart)

    def _far_joins(
        self, heads: Sequence[Mention], near: Iterable[Pair], outcome: Mention
    ) -> Iterator[tuple[Pair, Relation]]:
        """Joins of agents that the document combines by other mentions of their names.

        One mention of each name takes part, the closest: a second one is another arm. So is the
        first where the outcome's sentence combines the second: "by A, and by A plus B".
        """
        joined = {self._identities.all_of(pair) for pair in near}
        best: dict[frozenset[str], tuple[int, Mention, Mention]] = {}
        for a, b in pairs(heads, 2):
            names = self._identities.all_of((a, b))
            if names in joined or names not in self._far or len(names) < 2:
                continue
            distance = abs(a.start - b.start)
            if names not in best or distance < best[names][0]:
                best[names] = (distance, a, b)
        for names, (_, a, b) in best.items():
            if not set_apart(self._document, a, b) and not self._rejoined(a, b, outcome):
                yield frozenset((a, b)), self._nearest(self._far[names], a)

    def _far_join(self, pair: Pair) -> Relation | None:
        """What combined two agents by other mentions of their names, if anything did."""
        far = self._far.get(self._identities.all_of(pair), ())
        relations = [r for r in far if not r.speculative]
        return self._nearest(relations, min(pair, key=_start)) if relations else None

    def _rejoined(self, a: Mention, b: Mention, outcome: Mention) -> bool:
        """Whether the outcome's sentence combines one agent with a namesake of the other."""
        at = self._document.sentence_index
        here, names = at(outcome.start), self._identities.all_of((a, b))
        return {at(a.start), at(b.start)} == {here} and any(
            len(pair & {a, b}) == 1
            and self._identities.all_of(pair) == names
            and {at(m.start) for m in pair} == {here}
            for pair, relation in self._near.items()
            if relation.type == RelationType.COMBINED_WITH
        )

    def _nearest(self, relations: Sequence[Relation], to: Mention) -> Relation:
        """The nearest of some combinations, what was given before what is only proposed."""
        place = self._document.mention_by_id
        return min(relations, key=lambda r: (r.speculative, abs(place[r.head].start - to.start)))

    def partners(
        self, agents: Sequence[Mention], outcome: Mention, *, excluded: Iterable[Mention]
    ) -> tuple[tuple[Mention, ...], tuple[Relation, ...]]:
        """Mentions combined with an agent where the outcome is told, though not credited.

        What is credited with another outcome of the sentence could have been with this one, and
        what is said to act on this one in another way is an arm of its own.
        """
        sentence = self._document.sentence_index(outcome.start)
        barred = self._identities.all_of((*excluded, *agents))
        reached, found, joins = set(agents), list[Mention](), list[Relation]()
        for pair, relation in self._chain(agents, sentence):
            for mention in sorted(pair - reached, key=_start):
                if (mention, sentence) in self._credited or self._identities.of(mention) in barred:
                    continue
                if self._given(min(pair & reached, key=_start), mention, outcome):
                    found.append(mention)
                    joins.append(relation)
            reached |= pair
        return tuple(found), tuple(joins)

    def _given(self, agent: Mention, partner: Mention, outcome: Mention) -> bool:
        """Whether a partner was given where the outcome is told.

        One of an earlier sentence was, where the agent's own sentence puts the two together by
        reference: "adding B to it prolonged survival".
        """
        at = self._document.sentence_index
        if at(partner.start) == at(outcome.start):
            return given_here(self._document, agent, partner, outcome)
        return referred_to(self._document, agent, outcome)

    def _chain(self, agents: Sequence[Mention], sentence: int) -> Iterator[tuple[Pair, Relation]]:
        """Combinations that lead on from the agents, nearest first.

        Those within the sentence, and those that an agent there has with an earlier one.
        """
        at = self._document.sentence_index
        inside = [
            (pair, r)
            for pair, r in self._told.get(sentence, ())
            if all(at(m.start) == sentence or pair & set(agents) - {m} for m in pair)
        ]
        reached = set(agents)
        grown = True
        while grown:
            grown = False
            for pair, relation in inside:
                if pair & reached and pair - reached:
                    reached |= pair
                    grown = True
                    yield pair, relation


def _split(
    heads: Sequence[Mention], joins: Mapping[Pair, Relation | None]
) -> Iterator[tuple[tuple[Mention, ...], tuple[Relation, ...]]]:
    inseparable = {
        pair for pair, r in joins.items() if r is None or r.type == RelationType.DELIVERED_BY
    }
    for members in combined_sets(heads, together=inseparable, combined=list(joins)):
        used = (r for pair, r in joins.items() if r is not None and pair <= set(members))
        yield members, tuple(used)


def ordered(document: Document, relations: Iterable[Relation]) -> list[Relation]:
    """Relations by their places in the text, so that the order they came in does not matter."""
    place = document.mention_by_id
    return sorted(
        relations,
        key=lambda r: (place[r.tail].start, place[r.head].start, r.type, r.head, r.tail, r.id),
    )


def of_type(document: Document, relation_type: str) -> list[Relation]:
    """A document's relations of one type, by the places of their agents."""
    place = document.mention_by_id
    found = (r for r in document.relations if r.type == relation_type)
    return sorted(found, key=lambda r: (place[r.head].start, place[r.tail].start, r.id))


def _overlap(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _start(mention: Mention) -> tuple[int, str]:
    return mention.start, mention.id
