"""Free phrases: which words of a mention may be left out, and which are its head."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from il12nlp.document import Concept

_PREPOSITION = re.compile(
    r"\s(?:of|in|for|from|by|with|against|to|on|at|during|after|following|among|between|targeting|"
    r"encoding|expressing|secreting|releasing|carrying|bearing|producing|engineered|containing|"
    r"specific\sfor|directed|exposed|based|using|via|without|pulsed|loaded|coding|that|which)\s"
)
_OF = re.compile(r"^(.+?)\s(?:of|to|against|for|targeting)\s(?:the\s|a\s|an\s)?(.+)$")
BRACKETS = re.compile(r"\s*\([^()]*\)")
"""What stands in parentheses, and the space before them."""
_DEFINED = re.compile(r"^[^()]+\s\(([^()\s]{2,})\)\s?([^()]*)$")
_OUTER = " \t,;:.'\"“”‘’()[]"


@lru_cache(maxsize=2**12)  # the readings of one phrase ask for its words one after another
def split_words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase without the punctuation around them."""
    return tuple(filter(None, [word.strip(_OUTER) for word in phrase.split()]))


def find_head(phrase: str, certain: Callable[[str], Concept | None]) -> Concept | None:
    """The longest known name that ends a phrase's head, the part before its first preposition.

    "metastatic breast cancer of young women" has the head "breast cancer" if that is known.
    """
    plain = BRACKETS.sub("", phrase)
    cut = _PREPOSITION.search(plain)
    words = split_words(plain if cut is None else plain[: cut.start()])
    if cut is not None and len(words) > 1 and words[-1].endswith("ed"):
        words = words[:-1]  # "DCs transduced with …"
    for start in range(len(words)):
        concept = certain(" ".join(words[start:]))
        if concept is not None:
            return concept
    return None


def abbreviated(phrase: str) -> Iterator[str]:
    """The phrase with a long form taken out: "programmed death 1 (PD-1) blockade"."""
    found = _DEFINED.match(phrase)
    if found is not None:
        yield " ".join(part for part in found.groups() if part)


def reorderings(phrase: str) -> Iterator[str]:
    """The phrase with its "of" turned round: "growth of tumors" → "tumors growth"."""
    found = _OF.match(phrase)
    if found is not None:
        head, rest = found.groups()
        yield f"{rest} {head}"


def strippings(phrase: str, removable: Callable[[str], bool]) -> Iterator[str]:
    """The phrase, then what is left when removable words go from either end, longest first.

    >>> list(strippings("the median survival time", {"the", "median", "time"}.__contains__))[-1]
    'survival'
    """
    words = split_words(phrase)
    first = next((i for i, w in enumerate(words) if not removable(w)), None)
    if first is None:
        return
    last = next(i for i in range(len(words), 0, -1) if not removable(words[i - 1]))
    for length in range(len(words), last - first - 1, -1):
        for start in range(max(0, last - length), min(first, len(words) - length) + 1):
            yield " ".join(words[start : start + length])
