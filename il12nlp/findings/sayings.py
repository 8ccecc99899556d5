"""Sayings: what a document says once of one agent, or one combination, and one outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from il12nlp.document import Document, Mention, Relation
from il12nlp.findings.identity import Identities
from il12nlp.findings.links import Links, ordered
from il12nlp.schema import EFFECTS, Direction


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

    @property
    def members(self) -> tuple[Mention, ...]:
        """Agents and partners."""
        return (*self.agents, *self.partners)


def find_sayings(document: Document, identities: Identities) -> Iterator[Saying]:
    """The sayings of a document, by place of the outcome; each effect relation is in one of them.

    It is in several only where its agent was combined with several others apart, or where a
    sentence speaks of an agent's combination as one more arm ("none of the three treatments").
    """
    place = document.mention_by_id
    groups: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    told: dict[str, list[Relation]] = defaultdict(list)
    for relation in ordered(document, (r for r in document.relations if r.type in EFFECTS)):
        groups[relation.tail, relation.type].append(relation)
        told[relation.tail].append(relation)
    links = Links(document, identities)
    for (outcome_id, type_), effects in groups.items():
        heads = list(dict.fromkeys(place[r.head] for r in effects))
        outcome = place[outcome_id]
        elsewhere = {place[r.head] for r in told[outcome_id] if r.type != type_}
        hedged = all(r.speculative for r in effects)
        for agents, joins in links.combinations(heads, outcome, hedged=hedged):
            partners, added = links.partners(agents, outcome, excluded=elsewhere)
            yield Saying(
                outcome,
                EFFECTS[type_],
                agents,
                partners,
                tuple(r for r in effects if place[r.head] in agents),
                (*joins, *added),
            )
