"""Folding by which two printings of one abstract are recognised as the same text.

Sources print one abstract in different ways: other whitespace and dashes, `&lt;` for `<`, a literal
backslash-u escape or "alpha" for α. Folding takes those differences away and remembers where every
remaining character came from. It is for comparing texts only; offsets that leave this package are
always those of the text itself.

It is part of the stand-off form: published digests depend on it, so it must not change without a
new `standoff.STANDOFF_VERSION`, and stands apart from `il12nlp.text.folding`, which may grow.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LABEL = re.compile(r"[A-Z][A-Za-z][A-Za-z /&,()-]{1,60}:\s+")
"""A section label that opens a sentence: "RESULTS: ", "Materials and Methods: "."""

_UNIT = re.compile(
    r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|\\u[0-9A-Fa-f]{4}"
    r"|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; character `i` of `text` came from `source[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def fold(source: str, *, only_letters: bool = False) -> Folded:
    """Fold a text: no whitespace, ASCII dashes, Greek letters by name, compatibility forms.

    With `only_letters`, punctuation goes too and letters lose their case.
    """
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for unit in _UNIT.finditer(source):
        folded = _fold_unit(unit.group())
        if only_letters:
            folded = "".join(c for c in folded.casefold() if c.isalnum())
        text.append(folded)
        starts.extend([unit.start()] * len(folded))
        ends.extend([unit.end()] * len(folded))
    return Folded("".join(text), tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def _fold_unit(unit: str) -> str:
    if unit.startswith("\\u"):
        unit = chr(int(unit[2:], 16))
    while len(unit) > 1 and (plain := html.unescape(unit)) != unit:
        unit = plain
    return "".join(_fold_character(c) for c in unicodedata.normalize("NFKD", unit))


def _fold_character(character: str) -> str:
    if character.isspace() or unicodedata.combining(character):
        return ""
    if unicodedata.category(character) == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    name = unicodedata.name(character, "")
    if name.startswith("GREEK") and " LETTER " in name:
        return name.rsplit(maxsplit=1)[-1].lower()
    return character
