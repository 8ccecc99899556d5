"""Misspelled names: those that are one letter away from a known name.

Likeness of character 3-grams, the usual measure, is no proof: at a TF-IDF cosine of 0.8 it took
"deoxycytidine" for Zalcitabine and "epigenetic therapy" for gene therapy (docs/terminology.md has
the figures). So one letter of one long word may differ, and no more. Such names are found without
a search: an edit leaves either the first or the last half of the word as it was.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from il12nlp.document import Concept
from il12nlp.terminology.names import match_key

_WORDS = re.compile(r"[^\W_]+")
_MIN_WORD = 7
"""In shorter words one letter may well make another substance: Ras, ROS."""
_MAX_WORDS = 4
"""Longer phrases are read by their head, not by their letters."""


class SimilarNames:
    """Index of the names of a lexicon for those that are one letter away."""

    def __init__(self, names: Iterable[tuple[str, Concept]]) -> None:
        """Index names with their concepts."""
        self._known: dict[str, list[tuple[str, Concept]]] = defaultdict(list)
        for name, concept in names:
            for frame, word in _framed_words(name):
                size = len(word)
                for half in {(size - 1) // 2, size // 2, (size + 1) // 2}:
                    self._known[f"{frame}<{word[:half]}"].append((word, concept))
                    self._known[f"{frame}>{word[-half:]}"].append((word, concept))

    def nearest(self, name: str) -> Concept | None:
        """The one concept with a name that is one letter away, None where there is none or more."""
        found: dict[str, Concept] = {}
        for frame, word in _framed_words(name):
            half = len(word) // 2
            for place in (f"{frame}<{word[:half]}", f"{frame}>{word[-half:]}"):
                for known, concept in self._known.get(place, ()):
                    if _is_typo(word, known):
                        found[concept.id] = concept
        return found.popitem()[1] if len(found) == 1 else None


def _framed_words(name: str) -> Iterator[tuple[str, str]]:
    """Each long word of a name, folded, with the key of all that stands around it."""
    words = [match_key(word) for word in _WORDS.findall(name)]
    if len(words) <= _MAX_WORDS:
        for i, word in enumerate(words):
            if len(word) >= _MIN_WORD and word.isalpha():
                yield "".join([*words[:i], "_", *words[i + 1 :]]), word


def _is_typo(word: str, known: str) -> bool:
    """Whether two words differ in one letter: put in, left out or another, but not the first."""
    shorter, longer = sorted((word, known), key=len)
    if word == known or len(longer) - len(shorter) > 1 or word[0] != known[0]:
        return False
    start = next((i for i, c in enumerate(shorter) if c != longer[i]), len(shorter))
    rest = shorter[start:] if len(shorter) < len(longer) else shorter[start + 1 :]
    return longer[start + 1 :] == rest
