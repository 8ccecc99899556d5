"""Which mentions of a document name the same thing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from il12nlp.document import Document, Mention
from il12nlp.text.abbreviations import find_abbreviations, long_forms
from il12nlp.text.folding import fold_name

_fold_name = lru_cache(maxsize=2**15)(fold_name)


class Identities:
    """Keys under which the mentions of one thing meet: its concept, else its folded name.

    An abbreviation that the document defines has the name of its long form; a mention without
    a concept has that of another mention with the same type and name.
    """

    def __init__(self, document: Document) -> None:
        full = long_forms(document.text, find_abbreviations(document.text, document.sentences))
        ordered = sorted(document.mentions, key=lambda m: (m.start, m.id))
        names = {m.id: _fold_name(full.get(m.text, m.text)) or m.text for m in ordered}
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

    def of(self, mention: Mention) -> str:
        """Key of one mention, the same for all mentions of its thing."""
        return self._keys[mention.id]

    def all_of(self, mentions: Iterable[Mention]) -> frozenset[str]:
        """Keys of several mentions."""
        return frozenset([self._keys[m.id] for m in mentions])

    def unique(self, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
        """One mention of each thing, the first given, in the order of the text."""
        first: dict[str, Mention] = {}
        for mention in mentions:
            first.setdefault(self._keys[mention.id], mention)
        return tuple(sorted(first.values(), key=lambda m: (m.start, m.end, m.id)))
