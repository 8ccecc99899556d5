"""Outcomes that are the number or the activity of a kind of cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from il12nlp.document import Concept
from il12nlp.terminology.names import match_key
from il12nlp.terminology.word_lists import ACTIVITY, HELPERS, REGULATORY

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_TUMOR_CELL = "tumour cell"
_HARMLESS = ("apoptotic", "senescent")
"""Tumour cells that do no more harm: more of them may be what a treatment was to do."""


def cell_outcome(cell: Concept, said: Collection[str]) -> Concept:
    """How active cells are, or how many there are, by the lower-case words said of them.

    Whether more is better depends on what such cells do to a tumour.
    """
    active = not ACTIVITY.isdisjoint(said)
    polarity, category = 0, "immune activation" if active else "immune infiltration"
    if cell.category == _TUMOR_CELL:
        # "Leukemic cell cytotoxicity" and "tumor cell differentiation" are no growing number.
        tamed = active or "differentiation" in said or _names(cell, _HARMLESS)
        polarity, category = 0 if tamed else -1, "tumour growth"
    elif _names(cell, REGULATORY):
        polarity, category = -1, "immune suppression"
    elif _names(cell, HELPERS):
        polarity = 1
    kind = "activity" if active else "number"
    return Concept(cell.id, f"{cell.name}, {kind}", category, polarity, cell.parents)


def _names(cell: Concept, phrases: Iterable[str]) -> bool:
    """Whether a phrase stands in a cell's name, in whole words: no "T cell" in "mast cell"."""
    words = map(match_key, _BETWEEN_WORDS.split(cell.name))
    name = f" {' '.join(words)} "
    return any(f" {phrase} " in name for phrase in phrases)
