"""Reading cancers, cells and therapies: negligible words off, other wordings, then the head."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from il12nlp.document import Concept
from il12nlp.schema import MentionType
from il12nlp.terminology.derived import narrower
from il12nlp.terminology.phrases import (
    BRACKETS,
    abbreviated,
    find_head,
    reorderings,
    split_words,
    strippings,
)
from il12nlp.terminology.word_lists import NEGLIGIBLE, VAGUE_HEADS

Find = Callable[[str], Concept | None]

_SIGN = re.compile(r"\s*\(([+−–-])\)")
_NUMERAL = r"(?:0|i{1,3}|iv)[a-d]?\d?(?:m1[a-d])?"
_STAGE = re.compile(rf"{_NUMERAL}(?:[-–/](?:{_NUMERAL}|[a-d]))?|m1[a-d]", re.IGNORECASE)
"""Stages of a cancer: "III", "IIIB/C", "IIB–IVM1a"."""
_MODEL = ("tumour model", "tumour cell line")


def plain(surface: str) -> str:
    """The text with single spaces, and signs of markers written without their brackets."""
    return " ".join(_SIGN.sub(r"\1", surface).split())


def is_model(cancer: Concept) -> bool:
    """Whether a cancer is a tumour model or a cell line."""
    return (cancer.category or "").endswith(_MODEL)


def first_known(find: Find, names: Iterable[str]) -> Concept | None:
    """What the first of some names that is known means."""
    return next((c for c in map(find, names) if c is not None), None)


class NounPhraseReader:
    """Reads texts of one mention type with its lexicon."""

    def __init__(self, mention_type: str, find: Find) -> None:
        """Reader over the look-up of names of its own type."""
        self._type = mention_type
        self._find = find

    def read(self, surface: str) -> Concept | None:
        """The concept that the text names, or a kind of the one that its head names."""
        text = plain(surface)
        concept = self._named(text)
        if concept is None and self._type == MentionType.CANCER:
            concept = self._model(text)
        return concept or self._kind_of_head(text)

    def _named(self, text: str) -> Concept | None:
        return first_known(self._find, self._wordings(text))

    def _wordings(self, text: str) -> Iterator[str]:
        bare = BRACKETS.sub("", text)
        for form in dict.fromkeys((text, bare, *reorderings(bare), *abbreviated(text))):
            yield from strippings(form, self._negligible)

    def _negligible(self, word: str) -> bool:
        known = word.lower() in NEGLIGIBLE[self._type]
        return known or (self._type == MentionType.CANCER and _STAGE.fullmatch(word) is not None)

    def _model(self, text: str) -> Concept | None:
        """The tumour model that a text starts with: "CT26 colon carcinoma" is CT26."""
        words = split_words(text)
        for end in range(len(words) - 1, 0, -1):
            concept = self._find(" ".join(words[:end]))
            if concept is not None and is_model(concept):
                return concept
        return None

    def _kind_of_head(self, text: str) -> Concept | None:
        head = find_head(text, self._find)
        if head is None or head.id in VAGUE_HEADS:
            return None
        return narrower(text, head)
