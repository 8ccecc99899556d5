"""In which cancers a finding's agents were studied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations as pairs

from il12nlp.document import Document, Mention, Relation
from il12nlp.findings.clauses import same_clause
from il12nlp.findings.identity import Identities
from il12nlp.findings.links import of_type
from il12nlp.findings.sayings import Saying
from il12nlp.schema import MentionType, RelationType, StudyType

_DESCRIBED = "NAME:"
"""Start of the ids of what no terminology holds, but a text describes as a kind of something."""

_AGAINST = re.compile(r"\bagainst\s(?:\S+\s)?$")
_TARGETS = re.compile(r"\s(?:cell\s)?targets\b")
"""Around a line that effector cells are tried on, whatever cancer was treated."""


class Cancers:
    """Cancers of sayings, from the outcomes' texts and the STUDIED_IN relations."""

    def __init__(self, document: Document, identities: Identities) -> None:
        self._document = document
        self._identities = identities
        self._studies = of_type(document, RelationType.STUDIED_IN)
        cancers = (m for m in document.mentions if m.type == MentionType.CANCER)
        self._cancers = sorted(cancers, key=lambda m: (m.start, m.end, m.id))
        self._outcomes = [m for m in document.mentions if m.type == MentionType.OUTCOME]

    def studies(
        self,
        saying: Saying,
        agents: Sequence[Mention],
        evidence: Iterable[int],
        *,
        named: Sequence[Mention],
    ) -> tuple[Relation, ...]:
        """The STUDIED_IN relations that hold for a saying; `named` are the cancers it names.

        Those in its own sentences, if any, and of these the ones in the outcome's clause; else,
        since a study is introduced once and reported later, the last ones that the document gives
        for each agent before the outcome, or the first ones after it. Of several agents, the
        cancers that they share count, else those of each. Agents that the document links with no
        cancer were studied in the one of all others, if that is only one, else in the running one.
        """
        sentences, at = set(evidence), self._document.sentence_index
        names = self._identities.all_of(agents)
        own = [r for r in self._studies if self._identities.of(self._head(r)) in names]
        here = [r for r in own if at(self._head(r).start) in sentences]
        if named and (not here or self._from_before(saying)):
            return ()
        where = saying.outcome.start
        close = [r for r in here if same_clause(self._document, self._tail(r).start, where)]
        if own:
            elsewhere = self._introduced(own, at(where))
        else:
            elsewhere = self._only() or self._running(at(where))
        return self._shared(close or here or elsewhere)

    def _only(self) -> list[Relation]:
        """The first study in the document's cancer, if it has only one, by its closest name."""
        cancers = [self._tail(r) for r in self._studies]
        if not all(self._akin(a, b) for a, b in pairs(cancers, 2)):
            return []
        wider = {parent for m in cancers if m.concept for parent in m.concept.parents}
        return [r for r in self._studies if self._identities.of(self._tail(r)) not in wider][:1]

    def _running(self, sentence: int) -> list[Relation]:
        """The studies told last up to a sentence, the title apart: what a document reports without
        a cancer belongs to the experiment that runs. Reviews tell of others' experiments.
        """
        if self._document.study_type == StudyType.REVIEW:
            return []
        at = self._document.sentence_index
        before = [r for r in self._studies if 0 < at(self._head(r).start) <= sentence]
        last = max((at(self._head(r).start) for r in before), default=0)
        return [r for r in before if at(self._head(r).start) == last]

    def _akin(self, one: Mention, other: Mention) -> bool:
        """Whether two cancers of a document are taken for one: the same, one a kind of the other,
        or two descriptions of one kind ("relapsed lymphoma", "lymphoma of the elderly").
        """
        keys = [self._identities.of(one), self._identities.of(other)]
        parents = [() if m.concept is None else m.concept.parents for m in (one, other)]
        described = all(key.startswith(_DESCRIBED) for key in keys)
        return (
            keys[0] == keys[1]
            or keys[0] in parents[1]
            or keys[1] in parents[0]
            or (described and parents[0] == parents[1])
        )

    def _introduced(self, studies: Sequence[Relation], sentence: int) -> list[Relation]:
        """Of each agent's studies, those of the last sentence before one, else the first after."""
        at = self._document.sentence_index
        by_agent: dict[str, dict[int, list[Relation]]] = {}
        for relation in studies:
            head = self._head(relation)
            places = by_agent.setdefault(self._identities.of(head), {})
            places.setdefault(at(head.start), []).append(relation)
        found: list[Relation] = []
        for places in by_agent.values():
            before = [place for place in places if place <= sentence]
            found += places[max(before) if before else min(places)]
        return found

    def _shared(self, studies: Sequence[Relation]) -> tuple[Relation, ...]:
        """Those in cancers that all agents with a cancer were studied in, if there is any."""
        cancers: dict[str, set[str]] = {}
        for relation in studies:
            agent = self._identities.of(self._head(relation))
            cancers.setdefault(agent, set()).add(self._identities.of(self._tail(relation)))
        shared = set.intersection(*cancers.values()) if cancers else set()
        return tuple(
            r for r in studies if not shared or self._identities.of(self._tail(r)) in shared
        )

    def named(self, saying: Saying) -> tuple[Mention, ...]:
        """Cancers that the outcome itself names: "growth of B16 melanoma"; if it names none and
        its agents come from earlier sentences, those beside it: "In LLC the triplet cut growth".
        """
        outcome = saying.outcome
        inside = [m for m in self._cancers if _within(m, outcome)]
        if inside or not self._from_before(saying):
            return tuple(inside)
        at = self._document.sentence_index
        return tuple(
            m
            for m in self._cancers
            if at(m.start) == at(outcome.start)
            and same_clause(self._document, m.start, outcome.start)
            and not any(_within(m, other) for other in self._outcomes)
            and not self._is_target(m)
        )

    def _is_target(self, cancer: Mention) -> bool:
        text = self._document.text
        before = text[max(0, cancer.start - 40) : cancer.start]
        return bool(_AGAINST.search(before) or _TARGETS.match(text, cancer.end))

    def _from_before(self, saying: Saying) -> bool:
        """Whether all agents stand in sentences before the outcome's."""
        at = self._document.sentence_index
        return max(at(m.start) for m in saying.members) < at(saying.outcome.start)

    def _head(self, relation: Relation) -> Mention:
        return self._document.mention_by_id[relation.head]

    def _tail(self, relation: Relation) -> Mention:
        return self._document.mention_by_id[relation.tail]


def _within(mention: Mention, other: Mention) -> bool:
    return other.start <= mention.start and mention.end <= other.end
