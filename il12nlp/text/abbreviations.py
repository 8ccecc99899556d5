"""Abbreviations that a text defines: "interleukin-12 (IL-12)", "IL-12 (interleukin-12)".

The algorithm is that of Schwartz & Hearst (2003), "A simple algorithm for identifying abbreviation
definitions in biomedical text", PSB 8:451–462, mended for what papers on cytokines write:

* Greek letters, spelled out or not, count as their first letter: "interferon-gamma (IFN-γ)";
* a reading in which every letter opens a word goes before any other: "multiple myeloma (MM)";
* a long form starts with its whole word: "2-chlorodeoxyadenosine", not "chlorodeoxyadenosine";
* the suffix of a name may stand before it: "gamma-interferon (IFN-γ)".

docs/text.md compares it with scispaCy's detector, which follows the same paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from il12nlp.document import Sentence
from il12nlp.text.folding import fold_characters


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and its long form where the text defines it, by offsets into the text."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int


_PARENTHESIS = re.compile(r"[(\[]\s*([^()\[\]]{2,200})[)\]]")
_INNER_END = re.compile(r"[;,] ")
_WORD = re.compile(r"\S+")
_WORD_START = re.compile(r'[\s(\[/"]|--')
_PIECE = re.compile(r"[^\W_]+")
_UNIT = re.compile(r"\d+|[^\W\d_]")
_BREAK = re.compile(r"[:;]\s")

_SHORT_FORM = re.compile(r"(?=.*[^\W\d_])(?!\d+[ .%])[^\W_][^=<>%±:*]{1,15}")
"""2 to 16 characters with a letter among them; no measurement, comparison or percentage."""

_NO_SHORT_FORM = frozenset({"e.g.", "i.e.", "i.m.", "i.p.", "i.v.", "p.o.", "s.c."})
_SKIPPED = frozenset({"a", "an", "and", "by", "for", "in", "of", "on", "or", "the", "to", "with"})
"""Words of a long form that need no letter in the short one."""

_REACH = 400
"""Characters to look back for a long form, more than the words that it may have are long."""

_GREEK_NAME = re.compile(
    r"alpha|alfa|beta|gamma|delta|epsilon|zeta|theta|kappa|lambda|sigma|tau|omega", re.IGNORECASE
)
_GREEK_INITIALS = str.maketrans("αβγδεζηθικλμνξοπρστυφχψω", "abgdezetiklmnxoprstupcpo")


def find_abbreviations(text: str, sentences: Sequence[Sentence]) -> tuple[Abbreviation, ...]:
    """Definitions of abbreviations in a text, in the order of their parentheses.

    A definition stands in one of the sentences. Offsets are code points into the text.
    """
    plain = fold_characters(text)
    found = []
    for sentence in sentences:
        for match in _PARENTHESIS.finditer(plain, sentence.start, sentence.end):
            definition = _definition(plain, sentence.start, match)
            if definition is not None:
                found.append(definition)
    return tuple(found)


def long_forms(text: str, abbreviations: Iterable[Abbreviation]) -> dict[str, str]:
    """The long form of each short form, as written; the first definition counts."""
    forms: dict[str, str] = {}
    for a in abbreviations:
        forms.setdefault(text[a.short_start : a.short_end], text[a.long_start : a.long_end])
    return forms


def _definition(text: str, sentence_start: int, match: re.Match[str]) -> Abbreviation | None:
    """What a parenthesis defines together with the words before it."""
    earliest = max(sentence_start, match.start() - _REACH)
    before = earliest + len(text[earliest : match.start()].rstrip())
    # "Ca(II)", "NAD(P)H" and "[Ca2+]i" are names, not asides; "interleukin(IL)" is one.
    tight = before == match.start() and not text[before - 4 : before].isalpha()
    if before == earliest or tight or text[match.end() : match.end() + 1].isalnum():
        return None
    return _short_inside(text, earliest, before, match) or _long_inside(
        text, earliest, before, match
    )


def _short_inside(
    text: str, earliest: int, before: int, match: re.Match[str]
) -> Abbreviation | None:
    start, end = match.span(1)
    inner_end = _INNER_END.search(text, start, end)
    short = text[start : inner_end.start() if inner_end else end].rstrip()
    end = start + len(short)
    if not _is_short_form(short, words=2):
        return None
    long_start = _long_start(text, _candidate_start(text, earliest, before, short), before, short)
    return None if long_start is None else Abbreviation(start, end, long_start, before)


def _long_inside(
    text: str, earliest: int, before: int, match: re.Match[str]
) -> Abbreviation | None:
    start, end = match.span(1)
    word = _word_start(text, earliest, before)
    if not _is_short_form(text[word:before], words=1):
        return None
    # A long form in parentheses fills them.
    is_long = _long_start(text, start, end, text[word:before]) == start
    return Abbreviation(word, before, start, end) if is_long else None


def _is_short_form(text: str, *, words: int) -> bool:
    return (
        bool(_SHORT_FORM.fullmatch(text))
        and text.lower() not in _NO_SHORT_FORM
        and len(text.split(" ")) <= words
    )


def _candidate_start(text: str, earliest: int, end: int, short: str) -> int:
    """Where the words begin that may belong to the long form; it reaches over no colon."""
    starts = [m.start() for m in _WORD.finditer(text, earliest, end)]
    first = starts[-min(len(short) + 5, len(short) * 2) :][0]
    return max([first, *(m.end() for m in _BREAK.finditer(text, first, end))])


def _long_start(text: str, start: int, end: int, short: str) -> int | None:
    """Where the long form of `short` starts that ends at `end`, at `start` or later, or None."""
    key = _letters(text[start:end])
    units = _UNIT.findall(_letters(_GREEK_NAME.sub(lambda m: m[0][0], short)))
    offset = _by_initials(key, units)
    # Words of lower case are words in parentheses more often than abbreviations.
    if offset is None and (len(short) <= 4 or not short.islower()):
        offset = _by_letters(key, "".join(units))
    if offset is None and not short.islower():
        offset = _by_suffix_in_front(key, units)
    if offset is None:
        return None
    first = _start_of_name(text, start, start + offset)
    return first if _is_long_form(text[first:end], short, len(units)) else None


def _is_long_form(text: str, short: str, units: int) -> bool:
    words = text.split()
    content = [w for w in words if w.lower() not in _SKIPPED]
    balanced = all(text.count(a) == text.count(b) for a, b in ("()", "[]"))
    return balanced and len(text) > len(short) and short not in words and len(content) <= units + 2


def _letters(text: str) -> str:
    """Lower case with Greek letters as Latin ones, of the same length."""
    lower = text.lower()
    return (lower if len(lower) == len(text) else text).translate(_GREEK_INITIALS)


def _by_initials(long: str, units: Sequence[str]) -> int | None:
    """Start of the shortest end of `long` whose words begin with the units, one after another."""
    missing = len(units)
    for piece in reversed(list(_PIECE.finditer(long))):
        if piece[0].startswith(units[missing - 1]):
            missing -= 1
            if not missing:
                return piece.start()
        elif piece[0] not in _SKIPPED:
            return None
    return None


def _by_letters(long: str, short: str) -> int | None:
    """Start of the shortest end of `long` that holds the letters in order, the first at a word."""
    position = len(long)
    for index in range(len(short) - 1, -1, -1):
        position = long.rfind(short[index], 0, position)
        while index == 0 and position > 0 and long[position - 1].isalnum():
            position = long.rfind(short[0], 0, position)
        if position < 0:
            return None
    return position


def _by_suffix_in_front(long: str, units: Sequence[str]) -> int | None:
    """Start of an end of `long` like "gamma-interferon", where the last unit opens the name."""
    *letters, suffix = units
    start = _by_letters(long, "".join(letters)) if letters else None
    if start is None:
        return None
    pieces = list(_PIECE.finditer(long, 0, start))
    if not pieces or not pieces[-1][0].startswith(suffix):
        return None
    front = pieces[-1].start()
    return front - len("type ") if long.endswith("type ", 0, front) else front


def _word_start(text: str, start: int, end: int) -> int:
    return max([start, *(m.end() for m in _WORD_START.finditer(text, start, end))])


def _start_of_name(text: str, start: int, first: int) -> int:
    """`first` moved to the start of its hyphenated word, but for prefixes that negate it."""
    word = _word_start(text, start, first)
    return first if text[word:first].lower() in ("anti-", "non-") else word
