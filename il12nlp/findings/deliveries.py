"""By which vehicle a finding's cytokine was delivered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from il12nlp.document import Document, Mention, Relation
from il12nlp.findings.identity import Identities, folded
from il12nlp.findings.links import of_type
from il12nlp.findings.sayings import Saying
from il12nlp.schema import EFFECTS, MentionType, RelationType, StudyType

_LOADED = re.compile(r"(?:armed|loaded|laden|engineered|transduced|transfected)\b", re.IGNORECASE)
"""First words of a vehicle that carries something."""
_IS_A = re.compile(r"\)?\s(?:\([^()]{1,30}\)\s)?(?:is|are)\s(?:an?|the)\s", re.IGNORECASE)
"""Between a name and what it is: "X (Y) is a"."""
_REACH = 45
"""Characters that this takes at most."""


class Deliveries:
    """Vehicles of sayings' cytokines, from the DELIVERED_BY relations."""

    def __init__(self, document: Document, identities: Identities) -> None:
        self._document = document
        self._identities = identities
        self._deliveries = of_type(document, RelationType.DELIVERED_BY)
        self._therapies = [m for m in document.mentions if m.type == MentionType.THERAPY]
        self._defined = self._by_definition()
        place = document.mention_by_id
        self._acting = identities.all_of(
            place[r.head] for r in document.relations if r.type in EFFECTS
        )

    def of(self, saying: Saying) -> dict[Relation, Mention]:
        """The DELIVERED_BY relations that hold for a saying, each with its vehicle's mention.

        A vehicle among its agents tells what it delivers. For a cytokine among them, its own
        relation counts before one of another mention of its name. Its vehicle is named up to the
        outcome's sentence: what is delivered only later belongs to another experiment, and in a
        review what is delivered in another sentence belongs to another study. Another mention's
        counts only if its vehicle is not an agent elsewhere, for then the cytokine alone is
        another arm.
        """
        if not self._deliveries:
            return {}
        cytokines = [m for m in saying.members if m.type == MentionType.CYTOKINE]
        therapies = [m for m in saying.members if m.type == MentionType.THERAPY]
        by_vehicle = self._of_vehicles(therapies)
        at = self._document.sentence_index
        here = at(saying.outcome.start)
        so_far = [r for r in self._deliveries if at(self._tail(r).start) <= here]
        own = [r for r in so_far if self._head(r) in cytokines]
        delivered = self._identities.all_of(map(self._head, (*own, *by_vehicle)))
        rest = self._identities.all_of(cytokines) - delivered
        first = here if self._document.study_type == StudyType.REVIEW else 0
        named = [
            r
            for r in so_far
            if self._identities.of(self._head(r)) in rest
            and first <= at(self._head(r).start) <= here
            and self._identities.of(self._tail(r)) not in self._acting
        ]
        rest_of_them = (*own, *self._nearest(named, saying.outcome))
        return by_vehicle | {r: self._tail(r) for r in rest_of_them if r not in by_vehicle}

    def _of_vehicles(self, therapies: Sequence[Mention]) -> dict[Relation, Mention]:
        """What each therapy delivers: by its own relations, else by those of its name or kind."""
        found: dict[Relation, Mention] = {}
        for therapy in therapies:
            own = [r for r in self._deliveries if self._tail(r) == therapy]
            name = self._identities.of(therapy)
            named = [r for r in self._deliveries if self._identities.of(self._tail(r)) == name]
            of_kind = [] if own or named else self._nearest(self._of_kind(therapy), therapy)
            found |= {r: self._tail(r) for r in own or self._nearest(named, therapy)}
            found |= dict.fromkeys(of_kind, therapy)
        return found

    def _of_kind(self, therapy: Mention) -> list[Relation]:
        """What vehicles of a therapy's kind deliver, if it says that it carries its load.

        "Armed bubbles" are the nanobubbles with IL-12; bare "bubbles" may be empty ones. "TIL-IL12"
        are the TIL with IL-12, and what is defined as a vehicle is one.
        """
        if _LOADED.match(therapy.text):
            kind = _noun(therapy)
            return [r for r in self._deliveries if _noun(self._tail(r)).endswith(kind)]
        name = folded(therapy.text)
        carried = [
            r
            for r in self._deliveries
            if folded(self._head(r).text) in name and folded(self._tail(r).text) in name
        ]
        return carried or self._defined.get(self._identities.of(therapy), [])

    def _by_definition(self) -> dict[str, list[Relation]]:
        """What the text says to be a vehicle: "T-VEC" in "T-VEC is a virus encoding GM-CSF"."""
        found: dict[str, list[Relation]] = {}
        for relation in self._deliveries:
            start = self._tail(relation).start
            for m in self._therapies:
                near = m.end < start <= m.end + _REACH
                if near and _IS_A.fullmatch(self._document.text, m.end, start):
                    found.setdefault(self._identities.of(m), []).append(relation)
        return found

    def _nearest(self, relations: Sequence[Relation], to: Mention) -> list[Relation]:
        """Those relations of the sentence nearest to a mention, of two as near the earlier."""
        at = self._document.sentence_index
        here = at(to.start)
        places = {r.id: at(self._head(r).start) for r in relations}
        if not places:
            return []
        nearest = min(places.values(), key=lambda s: (abs(s - here), s))
        return [r for r in relations if places[r.id] == nearest]

    def _head(self, relation: Relation) -> Mention:
        return self._document.mention_by_id[relation.head]

    def _tail(self, relation: Relation) -> Mention:
        return self._document.mention_by_id[relation.tail]


def _noun(mention: Mention) -> str:
    """Last word of a mention, without a plural's s."""
    return mention.text.split()[-1].lower().removesuffix("s")
