"""Calling the cancers that an outcome's text names "tumor", as the names of outcomes do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from il12nlp.document import Concept
from il12nlp.terminology.noun_phrases import is_model
from il12nlp.terminology.phrases import split_words

_MAX_CANCER_WORDS = 6
_CELLS = ("cell", "cells")


def without_cancers(
    text: str, cancer: Callable[[str], Concept | None]
) -> Iterator[tuple[str, bool]]:
    """The text with a cancer called "tumor", or left out, and whether the cells left out are its.

    `cancer` is a look-up by name; the longest name in the text comes first.
    """
    words = split_words(text)
    spans = [
        (start, start + length)
        for length in range(min(len(words) - 1, _MAX_CANCER_WORDS), 0, -1)
        for start in range(len(words) - length + 1)
    ]
    for start, end in spans:
        concept = cancer(" ".join(words[start:end]))
        if concept is None:
            continue
        follows = end < len(words) and words[end].lower() in _CELLS
        names = ["tumor"]
        if follows or words[end - 1].lower() in _CELLS:
            names = ["tumor cell", "tumor"]
        elif is_model(concept):
            names = ["tumor", "tumor cell"]
        for name in names:
            yield " ".join([*words[:start], name, *words[end + follows :]]), False
        if start > 0 and words[start - 1] in ("of", "in") and end + follows == len(words):
            yield " ".join(words[: start - 1]), len(names) > 1 and words[start - 1] == "of"
