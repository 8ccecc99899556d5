"""One linker for all tests of this folder: its lexicons load once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from il12nlp.document import Concept, Document, Mention
from il12nlp.terminology import Linker
from il12nlp.text.abbreviations import find_abbreviations
from il12nlp.text.sentences import split_sentences

LinkText = Callable[..., dict[str, Concept | None]]


@pytest.fixture(scope="session")
def linker() -> Linker:
    return Linker()


def document(text: str, *mentions: tuple[str, str], id: str = "D") -> Document:
    """Document with mentions given as (type, surface), each the next such surface in the text."""
    found: list[Mention] = []
    taken: dict[tuple[str, str], int] = {}
    for type_, surface in mentions:
        start = text.index(surface, taken.get((type_, surface), 0))
        taken[type_, surface] = start + 1
        found.append(Mention(f"T{len(found) + 1}", start, start + len(surface), type_, surface))
    sentences = split_sentences(text)
    return Document(id=id, text=text, sentences=sentences, mentions=tuple(found)).check()


@pytest.fixture
def link(linker: Linker) -> LinkText:
    """Concepts by surface of the mentions of a text, abbreviations expanded."""

    def linked(text: str, *mentions: tuple[str, str]) -> dict[str, Concept | None]:
        given = document(text, *mentions)
        result = linker.link(given, find_abbreviations(text, given.sentences))
        return {m.text: m.concept for m in result.mentions}

    return linked
