"""Sentences of an abstract: a rule on the punctuation and the words around it.

Chosen over spaCy's rule sentencizer because it agrees better with hand-checked sentences and is
many times as fast; the figures stand in docs/text.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from il12nlp.document import Document, Passage, Sentence

_CANDIDATE = re.compile(
    r"""[.?!]["'”’)\]]*                                    # the end and its closing marks
        (?: (?:[ ]["”](?=\s))? \s+                         # white space, a loose quote before it
          | (?: (?<=[a-z]{3}\.) | (?<=\)\.) )              # or none: "cells.We saw"
            (?= \(?[A-Z][A-Za-z]+[ :,] ) )""",
    re.VERBOSE,
)
"""Where a sentence may end."""

_LAST_WORD = re.compile(r"[^\s(\[]*$")
_WORD = re.compile(r"""["'“‘(\[]*([^\s,;:]*)""")

_NEVER_LAST = re.compile(
    r"al|approx|ca|cf|dr|e\.g|eq|figs?|i\.e|mr|mrs|ms|prof|refs?|st|viz|vs", re.IGNORECASE
)
"""Abbreviations that something always follows."""

_BEFORE_NUMBER = re.compile(r"nos?|pp?|sec|tab|v|vol|wt", re.IGNORECASE)
"""Abbreviations before a number only: "no. 5", but "There was no." is a sentence."""

_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
"""Dotted abbreviation without its last dot: "i.v", "s.c", "U.S"."""

_INITIAL = re.compile(r"[A-Z]")
_INITIALS = re.compile(r"[A-Z]\. ?[A-Z]")
_CAPITALISED = re.compile(r"(?:[A-Z][a-z]+|A|I)$")
"""An ordinary word that opens a sentence, unlike "IL-2" or "B16"."""

_LOWER_OPENER = re.compile(r"[a-zα-ω]+-?[A-Z0-9]|[α-ω]|[a-z]+\)$")
"""What may open one in lower case: "p53", "mTNF-alpha", "beta-Lapachone", "(b) Of these"."""

_REACH = 200
"""Characters to look back and ahead for the parenthesis around an end."""

_LONGEST_TITLE = 500


def split_sentences(text: str, passages: Sequence[Passage] = ()) -> tuple[Sentence, ...]:
    """Spans of the sentences of a text, trimmed, in order, covering all but white space.

    No sentence crosses a line break or the border of a passage, and a title is one sentence
    whatever its punctuation. Without passages the first of several lines counts as the title.
    """
    borders = sorted({0, len(text), *(b for p in passages for b in (p.start, p.end))})
    titles = {p.start for p in passages if p.kind == "title"}
    if not passages and 0 < text.find("\n", 0, _LONGEST_TITLE) < len(text.rstrip()):
        titles = {0}
    sentences: list[Sentence] = []
    for start, end in pairwise(borders):
        for line_start, line_end in _lines(text, start, end):
            whole = line_start in titles
            cuts = () if whole else _cuts(text, line_start, line_end)
            begin = line_start
            for cut in (*cuts, line_end):
                _append_trimmed(sentences, text, begin, cut)
                begin = cut
    return tuple(sentences)


def with_sentences(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents with their sentences found; those that have sentences pass unchanged."""
    for document in documents:
        if document.sentences:
            yield document
        else:
            yield document.replace(sentences=split_sentences(document.text, document.passages))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Offsets at which one line falls into sentences."""
    for match in _CANDIDATE.finditer(text, start, end):
        if match.end() < end and _is_boundary(text, start, match.start(), match.end()):
            yield match.end()


def _is_boundary(text: str, line_start: int, stop: int, next_start: int) -> bool:
    """Whether the punctuation at `stop` ends a sentence, the next word starting at `next_start`."""
    word = _word_at(text, next_start)
    if word[:1].islower() and not _opens_in_lower_case(text, next_start, word):
        return False
    if _in_parentheses(text, line_start, stop):
        return False
    return text[stop] != "." or _dot_ends(text, line_start, stop, word)


def _dot_ends(text: str, line_start: int, stop: int, word: str) -> bool:
    """Whether the dot at `stop`, with `word` after it, is more than an abbreviation's."""
    last = _LAST_WORD.search(text, max(line_start, stop - 30), stop)
    before = last[0] if last else ""
    if _NEVER_LAST.fullmatch(before) or _INITIALS.fullmatch(text, max(line_start, stop - 4), stop):
        return False
    if _DOTTED.fullmatch(before) or _INITIAL.fullmatch(before):
        return not before.endswith((".S", ".K")) and bool(_CAPITALISED.match(word))
    if word[:1].isdigit():
        broken_decimal = before[-1:].isdigit() and "%" in word
        return not broken_decimal and not _BEFORE_NUMBER.fullmatch(before)
    return True


def _word_at(text: str, start: int) -> str:
    match = _WORD.match(text, start)
    return match[1] if match else ""


def _opens_in_lower_case(text: str, start: int, word: str) -> bool:
    if not _LOWER_OPENER.match(word):
        return False
    if not word.endswith(")"):
        return True
    # An item of a list opens a sentence where its own first word does.
    after = start + len(word) + 1
    item = text[after : after + 2].strip()
    return item[:1].isupper() or item[:1].isdigit()


def _in_parentheses(text: str, line_start: int, stop: int) -> bool:
    """Whether a parenthesis opens shortly before `stop` and closes shortly after it."""
    start = max(line_start, stop - _REACH)
    if text.rfind("(", start, stop) <= text.rfind(")", start, stop):
        return False
    closing = text.find(")", stop + 2, stop + _REACH)
    return closing >= 0 and text.find("(", stop, closing) < 0


def _append_trimmed(sentences: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        sentences.append(Sentence(start, end))
