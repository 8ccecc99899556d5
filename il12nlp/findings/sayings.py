"""Sayings: what a document says once of one agent, or one combination, and one outcome."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations as pairs

from il12nlp.document import Document, Mention, Relation
from il12nlp.findings.clauses import given_here
from il12nlp.findings.cliques import combined_sets
from il12nlp.findings.identity import Identities
from il12nlp.schema import EFFECTS, Direction, RelationType

_APART = re.compile(
    r"\b(?:or|nor|either|neither|alone|each|versus|vs|than|compared|whereas|while|but|unlike)\b",
    re.IGNORECASE,
)
"""Words between two agents that set them against each other or name them one by one."""
_ONE_BY_ONE = re.compile(
    r"\W+(?:\w+\W+){0,3}?(?:alone|each|respectively|separately|individually|singly)\b",
    re.IGNORECASE,
)
"""The same, said after the second of them: "A and B alone", "A and B, respectively"."""
_EACH_ARM = re.compile(
    r"\b(?:none\sof|neither\sof|each\sof|either|each|any\sof|both)\s(?:of\s)?(?:the|these|those)?\s?"
    r"(?:two\s|three\s|four\s)?(?:treatments?|agents?|drugs?|cytokines?|arms?|groups?|therapies|"
    r"regimens?|interventions?|antibodies|compounds?|vaccines?|preparations?)\b",
    re.IGNORECASE,
)
"""The same, said of agents that the sentence does not name: "none of these treatments"."""


@dataclass(frozen=True, slots=True)
class Saying:
    """An effect with its agents: those that the effects are credited to, and their partners.

    `joins` are the COMBINED_WITH and DELIVERED_BY relations that hold the agents together;
    `partners` were given with an agent, where the outcome is told, without being credited.
    """

    outcome: Mention
    direction: Direction
    agents: tuple[Mention, ...]
    partners: tuple[Mention, ...]
    effects: tuple[Relation, ...]
    joins: tuple[Relation, ...]


def find_sayings(document: Document, identities: Identities) -> Iterator[Saying]:
    """The sayings of a document, by place of the outcome; each effect relation is in one of them.

    It is in several only where its agent was combined with several others apart.
    """
    groups: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for relation in _ordered(document, document.relations):
        if relation.type in EFFECTS:
            groups[relation.tail, relation.type].append(relation)
    links = _Links(document, identities)
    for (outcome_id, type_), effects in groups.items():
        heads = list(dict.fromkeys(document.mention_by_id[r.head] for r in effects))
        outcome = document.mention_by_id[outcome_id]
        elsewhere = {
            document.mention_by_id[r.head]
            for (tail, other), rs in groups.items()
            if tail == outcome_id and other != type_
            for r in rs
        }
        for agents, joins in links.combinations(heads, outcome):
            partners, added = links.partners(agents, outcome, excluded=elsewhere)
            yield Saying(
                outcome,
                EFFECTS[type_],
                agents,
                partners,
                tuple(r for r in effects if document.mention_by_id[r.head] in agents),
                (*joins, *added),
            )


class _Links:
    """What holds agents together: combinations, deliveries, one name inside another."""

    def __init__(self, document: Document, identities: Identities) -> None:
        self._document = document
        self._identities = identities
        place, at = document.mention_by_id, document.sentence_index
        self._credited = {
            (place[r.head], at(place[r.tail].start))
            for r in document.relations
            if r.type in EFFECTS
        }
        self._near: dict[frozenset[Mention], Relation] = {}
        self._far: dict[frozenset[str], list[Relation]] = defaultdict(list)
        for relation in _ordered(document, document.relations):
            if relation.type in (RelationType.COMBINED_WITH, RelationType.DELIVERED_BY):
                ends = self._ends(relation)
                self._near.setdefault(frozenset(ends), relation)
                if relation.type == RelationType.COMBINED_WITH:
                    self._far[identities.all_of(ends)].append(relation)

    def combinations(
        self, heads: Sequence[Mention], outcome: Mention
    ) -> Iterator[tuple[tuple[Mention, ...], tuple[Relation, ...]]]:
        """The agents of one outcome and direction, split into combinations and single ones.

        Of agents that were combined with one and the same other, but not among themselves ("A
        with B or C"), each combination is one of its own.
        """
        if len(heads) == 1:
            yield tuple(heads), ()
            return
        joins: dict[frozenset[Mention], Relation | None] = {}
        for a, b in pairs(heads, 2):
            pair = frozenset((a, b))
            if pair in self._near or _overlap(a, b):
                joins[pair] = self._near.get(pair)
        if not _one_by_one(self._document, outcome):
            joins.update(self._far_joins(heads, joins))
        inseparable = {
            pair for pair, r in joins.items() if r is None or r.type == RelationType.DELIVERED_BY
        }
        for members in combined_sets(heads, together=inseparable, combined=joins):
            used = (r for pair, r in joins.items() if r is not None and pair <= set(members))
            yield members, tuple(used)

    def _far_joins(
        self, heads: Sequence[Mention], near: Iterable[frozenset[Mention]]
    ) -> Iterator[tuple[frozenset[Mention], Relation]]:
        """Joins of agents that the document combines by other mentions of their names.

        One mention of each name takes part, the closest: a second one is another arm.
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
            if not _set_apart(self._document, a, b):
                yield frozenset((a, b)), self._nearest(self._far[names], a)

    def _nearest(self, relations: Sequence[Relation], to: Mention) -> Relation:
        place = self._document.mention_by_id
        return min(relations, key=lambda r: abs(place[r.head].start - to.start))

    def partners(
        self, agents: Sequence[Mention], outcome: Mention, *, excluded: Iterable[Mention]
    ) -> tuple[tuple[Mention, ...], tuple[Relation, ...]]:
        """Mentions combined with an agent where the outcome is told, though not credited.

        What is credited with another outcome of the sentence could have been with this one, and
        what is said to act on this one in another way is an arm of its own.
        """
        at = self._document.sentence_index
        sentence = at(outcome.start)
        barred = self._identities.all_of((*excluded, *agents))
        reached, found, joins = set(agents), list[Mention](), list[Relation]()
        for pair, relation in self._chain(agents, sentence):
            for mention in sorted(pair - reached, key=_start):
                if (mention, sentence) in self._credited or self._identities.of(mention) in barred:
                    continue
                if given_here(self._document, min(pair & reached, key=_start), mention, outcome):
                    found.append(mention)
                    joins.append(relation)
            reached |= pair
        return tuple(found), tuple(joins)

    def _chain(
        self, agents: Sequence[Mention], sentence: int
    ) -> Iterator[tuple[frozenset[Mention], Relation]]:
        """Combinations within one sentence that lead on from the agents, nearest first."""
        at = self._document.sentence_index
        inside = [
            (pair, r)
            for pair, r in self._near.items()
            if r.type == RelationType.COMBINED_WITH and all(at(m.start) == sentence for m in pair)
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

    def _ends(self, relation: Relation) -> tuple[Mention, Mention]:
        place = self._document.mention_by_id
        return place[relation.head], place[relation.tail]


def _ordered(document: Document, relations: Iterable[Relation]) -> list[Relation]:
    """Relations by their places in the text, so that the order they came in does not matter."""
    place = document.mention_by_id
    return sorted(
        relations,
        key=lambda r: (place[r.tail].start, place[r.head].start, r.type, r.head, r.tail, r.id),
    )


def _overlap(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _set_apart(document: Document, a: Mention, b: Mention) -> bool:
    """Whether the sentence of two agents names them one by one or against each other."""
    first, second = sorted((a, b), key=lambda m: m.start)
    at = document.sentence_index
    if at(first.start) != at(second.start):
        return False
    if _APART.search(document.text, first.end, max(first.end, second.start)):
        return True
    sentence = document.sentences[at(second.start)] if document.sentences else None
    end = len(document.text) if sentence is None else sentence.end
    return _ONE_BY_ONE.match(document.text, second.end, end) is not None


def _one_by_one(document: Document, outcome: Mention) -> bool:
    """Whether the outcome's sentence speaks of its arms one by one."""
    if not document.sentences:
        return False
    sentence = document.sentences[document.sentence_index(outcome.start)]
    return _EACH_ARM.search(document.text, sentence.start, sentence.end) is not None


def _start(mention: Mention) -> tuple[int, str]:
    return mention.start, mention.id
