"""Roles: whether a cytokine was given, measured, blocked, or made by tumour and body.

The words around a mention decide, one that says nothing takes the role of its namesakes, where
they agree. Precision counts first: without a sign, or with two that disagree, it is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import pairwise

from il12nlp.document import Document, Mention
from il12nlp.findings.identity import Identities
from il12nlp.findings.role_words import (
    BEFORE,
    BEHIND,
    BLOCKING_NAME,
    CARRIED,
    CAUSING,
    DRUG_NAME,
    LIST,
)
from il12nlp.schema import MentionType, RelationType, Role, StudyType

_LASTING = (Role.GIVEN, Role.PRODUCED)
"""Roles that hold beyond their sentence; what one experiment measures or blocks acts in others."""
_PRODUCTS = ("NCIT:", "NAME:")
"""Starts of the ids of what was engineered from a cytokine."""
_REACH = 70
"""Characters before and behind a mention that are looked at, within its sentence."""


class Roles:
    """The roles of a document's cytokines."""

    def __init__(
        self, document: Document, identities: Identities, *, given: Collection[Mention] = ()
    ) -> None:
        """`given` are mentions known to be given: by a route or dose said of them."""
        self._document = document
        self._identities = identities
        ordered = sorted(document.mentions, key=lambda m: (m.start, m.end, m.id))
        self._cytokines = [m for m in ordered if m.type == MentionType.CYTOKINE]
        self._therapies = [m for m in ordered if m.type == MentionType.THERAPY]
        self._holders = [m for m in ordered if m.type in (MentionType.THERAPY, MentionType.OUTCOME)]
        self._given = {m.id for m in given} | self._linked_as_given()
        self._local = self._by_words()
        self._named = self._by_name()

    def of(
        self, cytokines: Iterable[Mention], therapies: Iterable[Mention], *, sentence: int
    ) -> Role:
        """The one role of some cytokines in a sentence; unknown where they have none or several.

        Without cytokines, therapies that name the cytokine which they block ("anti-IL-6") count.
        """
        cytokines = list(cytokines)
        if not cytokines:
            return Role.BLOCKED if any(_blocks(t) for t in therapies) else Role.UNKNOWN
        roles = {self._role(m, sentence) for m in cytokines} - {Role.UNKNOWN}
        return roles.pop() if len(roles) == 1 else Role.UNKNOWN

    def _role(self, mention: Mention, sentence: int) -> Role:
        """What the words around say, if they are of the sentence; else the role of the name.

        A mention of another sentence only stands for the name here, and what is given is given
        also where its level is read.
        """
        local = self._local.get(mention.id, Role.UNKNOWN)
        named = self._named.get(self._identities.of(mention), Role.UNKNOWN)
        here = self._document.sentence_index(mention.start) == sentence
        if local == Role.UNKNOWN or (local == Role.MEASURED and named == Role.GIVEN):
            return named
        return local if here or local in _LASTING else named

    def _linked_as_given(self) -> set[str]:
        """Cytokines that a relation says are given: delivered, or combined with something."""
        giving = (RelationType.DELIVERED_BY, RelationType.COMBINED_WITH)
        linked = [r for r in self._document.relations if r.type in giving]
        return {r.head for r in linked} | {r.tail for r in linked}

    def _by_words(self) -> dict[str, Role]:
        """Roles by the words around each mention; those of a list share them."""
        roles = {m.id: self._alone(m) for m in self._cytokines}
        roles |= {m.id: Role.UNKNOWN for m in self._therapies}
        agents = sorted((*self._cytokines, *self._therapies), key=lambda m: (m.start, m.end, m.id))
        listed = [
            (earlier.id, later.id)
            for earlier, later in pairwise(agents)
            if LIST.fullmatch(self._document.text, earlier.end, later.start)
        ]
        for earlier, later in listed:
            if roles[later] == Role.UNKNOWN:
                roles[later] = roles[earlier]
        for earlier, later in reversed(listed):
            if roles[earlier] == Role.UNKNOWN:
                roles[earlier] = roles[later]
        return roles

    def _alone(self, mention: Mention) -> Role:
        before, behind = self._around(mention)
        holder = self._holder(mention)
        in_therapy = holder is not None and holder.type == MentionType.THERAPY
        causing = CAUSING.match(behind) is not None
        if not causing and _signed(Role.BLOCKED, before, behind):
            return Role.BLOCKED
        if mention.id in self._given or in_therapy or _is_drug(mention):
            return Role.GIVEN
        for role in (Role.PRODUCED, Role.MEASURED, Role.GIVEN):
            if _signed(role, before, behind):
                return role
        return Role.UNKNOWN if holder is None or causing else Role.MEASURED

    def _holder(self, mention: Mention) -> Mention | None:
        """The therapy or outcome that names the mention, the longest one."""
        around = (
            h
            for h in self._holders
            if h.start <= mention.start
            and mention.end <= h.end
            and h.end - h.start > len(mention.text)
        )
        return max(around, key=lambda h: h.end - h.start, default=None)

    def _around(self, mention: Mention) -> tuple[str, str]:
        """The text before and behind a mention, within its sentence."""
        text, start, end = self._document.text, 0, len(self._document.text)
        if self._document.sentences:
            sentence = self._document.sentences[self._document.sentence_index(mention.start)]
            start, end = sentence.start, sentence.end
        before = text[max(start, mention.start - _REACH) : mention.start]
        behind = text[mention.end : min(end, mention.end + _REACH)]
        bracket = CARRIED.match(behind)
        return before, behind if bracket is None else behind[bracket.end() :]

    def _by_name(self) -> dict[str, Role]:
        """The role of all mentions of a name.

        In a clinical study a cytokine that was studied in a cancer was given, unless it is said
        to come from it, or to be measured or blocked there.
        """
        said: dict[str, set[Role]] = defaultdict(set)
        for mention in self._cytokines:
            said[self._identities.of(mention)].add(self._local[mention.id])
        found = {name: roles & set(_LASTING) for name, roles in said.items()}
        if self._document.study_type == StudyType.CLINICAL:
            place = self._document.mention_by_id
            for relation in self._document.relations:
                name = self._identities.of(place[relation.head])
                if relation.type == RelationType.STUDIED_IN and said[name] <= {Role.UNKNOWN}:
                    found[name] = {Role.GIVEN}
        return {name: next(iter(roles)) for name, roles in found.items() if len(roles) == 1}


def _is_drug(mention: Mention) -> bool:
    """Whether a cytokine's name or concept is that of a product, no gene's: "NHS-IL12"."""
    made = mention.concept is not None and mention.concept.id.startswith(_PRODUCTS)
    return made or DRUG_NAME.search(mention.text) is not None


def _signed(role: Role, before: str, behind: str) -> bool:
    return bool(BEFORE[role].search(before) or BEHIND[role].match(behind))


def _blocks(therapy: Mention) -> bool:
    names = [therapy.text] if therapy.concept is None else [therapy.text, therapy.concept.name]
    return any(BLOCKING_NAME.search(name) for name in names)
