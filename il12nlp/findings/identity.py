"""Which mentions of a document name the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from il12nlp.document import Document, Mention
from il12nlp.schema import MentionType
from il12nlp.text.abbreviations import Abbreviation, find_abbreviations, long_forms
from il12nlp.text.folding import fold_name

folded = lru_cache(maxsize=2**15)(fold_name)
"""A name without case, dashes and the like; see `fold_name`. Abstracts repeat their names."""


_INTERFERON = "interferon"
_FAMILY = re.compile(r"(?:peg)?interferon|IFN|interleukin|IL", re.IGNORECASE)
"""Names of whole families of cytokines; in the plural they mean all of them."""
_BEFORE = (
    r"(?:human\s)?(?:al(?:ph|f)a|α|beta|β|gamma|γ|leu[ck]ocyte|lymphoblastoid)\S*\sinterferon\b"
)
_NATURAL = re.compile("leu[ck]ocyte|lymphoblastoid", re.IGNORECASE)
"""Cells whose interferon is a mixture of subtypes."""
_MEMBER = re.compile(
    rf"{_BEFORE}|(?:rh?)?(?:peg)?(?:interferon|IFN|interleukin|IL)(?!s$)[-‐–\s]?\S", re.IGNORECASE
)
"""Names of their members: "IFN-γ", "alpha interferon"."""


class Identities:
    """Keys under which the mentions of one thing meet: its concept, else its folded name.

    An abbreviation that the document defines has the name of its long form; a mention without
    a concept has that of another mention with the same type and name. The bare name of a family
    ("the interferon") is that of its only member in the document, "interferon alfa" that of its
    only subtype.
    """

    def __init__(
        self, document: Document, abbreviations: Iterable[Abbreviation] | None = None
    ) -> None:
        if abbreviations is None:
            abbreviations = find_abbreviations(document.text, document.sentences)
        full = long_forms(document.text, abbreviations)
        ordered = sorted(document.mentions, key=lambda m: (m.start, m.id))
        names = {m.id: folded(full.get(m.text, m.text)) or m.text for m in ordered}
        concepts: dict[tuple[str, str], str] = {}
        for mention in ordered:
            if mention.concept is not None:
                concepts.setdefault((mention.type, names[mention.id]), mention.concept.id)
        self._keys = {
            m.id: concepts.get((m.type, names[m.id]), f"name:{names[m.id]}")
            if m.concept is None
            else m.concept.id
            for m in ordered
        }
        self._keys |= self._families(ordered)
        same = self._subtypes(document, ordered)
        self._keys = {id: same.get(key, key) for id, key in self._keys.items()}

    def _families(self, ordered: Sequence[Mention]) -> dict[str, str]:
        """The key of the only member for mentions of a family."""
        cytokines = [m for m in ordered if m.type == MentionType.CYTOKINE]
        bare = [m for m in cytokines if _FAMILY.fullmatch(m.text)]
        named = [m for m in cytokines if _MEMBER.match(m.text)]
        keys: dict[str, str] = {}
        for family in bare:
            stem = _stem(family.text)
            kin = [m for m in named if _stem(m.text) == stem]
            members = {self._root(m, kin) for m in kin}
            if len(members) == 1:
                keys[family.id] = members.pop()
        return keys

    def _subtypes(self, document: Document, ordered: Sequence[Mention]) -> dict[str, str]:
        """The key of its only subtype for that of an interferon: "interferon alfa" of a result is
        the "interferon alfa-2a" that was given. A pegylated one is another drug, a
        leucocyte's is a mixture, and two that one sentence names apart are two ("interferon alfa
        or interferon alfa-2a").
        """
        named = [m for m in ordered if m.type == MentionType.CYTOKINE and _is_plain(m)]
        places: dict[str, set[int]] = {}
        for before, mention in zip([None, *named], named, strict=False):
            same = before and document.text[before.end : mention.start] == " ("
            here = set() if same else {document.sentence_index(mention.start)}
            places.setdefault(self.of(mention), set()).update(here)
        subtypes: dict[str, set[str]] = {}
        for mention in named:
            for parent in places.keys() & (mention.concept.parents if mention.concept else ()):
                subtypes.setdefault(parent, set()).add(self.of(mention))
        mixtures = self.all_of(m for m in named if _NATURAL.search(m.text))
        return {
            parent: subtype
            for parent, (subtype, *others) in subtypes.items()
            if not others and not places[parent] & places[subtype] and parent not in mixtures
        }

    def _root(self, mention: Mention, kin: Sequence[Mention]) -> str:
        """The key of what a form of a cytokine is made from, where the document names that too:
        by its concept's parents, or by the start of its name ("IFN-γ" for "IFN-γ1b").
        """
        parents = () if mention.concept is None else mention.concept.parents
        for other in sorted(kin, key=lambda m: (len(m.text), m.start)):
            if self._keys[other.id] in parents or _begins(mention.text, other.text):
                return self._keys[other.id]
        return self._keys[mention.id]

    def of(self, mention: Mention) -> str:
        """Key of one mention, the same for all mentions of its thing."""
        return self._keys[mention.id]

    def all_of(self, mentions: Iterable[Mention]) -> frozenset[str]:
        """Keys of several mentions."""
        return frozenset([self._keys[m.id] for m in mentions])

    def unique(self, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        """One mention of each thing, the first given, in the order of the text."""
        mentions = tuple(mentions)
        if len(mentions) < 2:
            return mentions
        first: dict[str, Mention] = {}
        for mention in mentions:
            first.setdefault(self._keys[mention.id], mention)
        return tuple(sorted(first.values(), key=lambda m: (m.start, m.end, m.id)))


def _begins(name: str, start: str) -> bool:
    """Whether a name is a longer form of another: not "IL-12" of "IL-1"."""
    whole, part = folded(name), folded(start)
    rest = whole.removeprefix(part)
    return rest != whole and bool(rest) and not (part[-1:].isdigit() and rest[0].isdigit())


def _is_plain(mention: Mention) -> bool:
    """Whether an interferon's name says which one it is, and it is not pegylated."""
    if _stem(mention.text) != _INTERFERON or _MEMBER.match(mention.text) is None:
        return False
    return mention.concept is not None and "peg" not in mention.concept.name.lower()


def _stem(name: str) -> str:
    """The family of a name: "interferon" for "IFN-γ", with "peg" where it begins with that."""
    if re.match(_BEFORE, name, re.IGNORECASE):
        return _INTERFERON
    found = re.match(r"(?:rh?)?(peg)?(interferon|IFN|interleukin|IL)", name, re.IGNORECASE)
    if found is None:
        return name
    family = _INTERFERON if found.group(2).lower().startswith(("if", "interf")) else "interleukin"
    return (found.group(1) or "").lower() + family
