"""Outcomes that are the number or the activity of a kind of cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from il12nlp.document import Concept
from il12nlp.terminology.names import match_key
from il12nlp.terminology.word_lists import ACTIVITY, DISABLED, HELPERS, REGULATORY

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_TUMOR_CELL = "tumour cell"
_NOT_IMMUNE = ("stromal / epithelial / other", "haematopoietic stem / progenitor", "other")
_HARMLESS = ("apoptotic", "senescent")
"""Tumour cells that do no more harm: more of them may be what a treatment was to do."""


def cell_outcome(
    cell: Concept, said: Collection[str], *, kind_of: Concept | None = None
) -> Concept:
    """How active cells are, or how many there are, by the lower-case words said of them.

    Whether more is better depends on what such cells do to a tumour; `kind_of` are the known
    cells that they are a kind of.
    """
    names = [known.name for known in (cell, kind_of) if known is not None]
    active = not ACTIVITY.isdisjoint(said)
    polarity, category = 0, "immune activation" if active else "immune infiltration"
    if cell.category == _TUMOR_CELL:
        # "Leukemic cell cytotoxicity" and "tumor cell differentiation" are no growing number.
        tamed = active or "differentiation" in said or _hold(names, _HARMLESS)
        polarity, category = 0 if tamed else -1, "tumour growth"
    elif cell.category in _NOT_IMMUNE:
        category = "other"
    elif _hold(names, REGULATORY):
        polarity, category = -1, "immune suppression"
    elif _hold(names, HELPERS) and not _hold(names, DISABLED):
        polarity = 1
    kind = "activity" if active else "number"
    return Concept(cell.id, f"{cell.name}, {kind}", category, polarity, cell.parents)


def _hold(names: Iterable[str], phrases: Collection[str]) -> bool:
    """Whether a phrase stands in one of the names, in whole words: no "T cell" in "mast cell"."""
    keys = (" ".join(map(match_key, _BETWEEN_WORDS.split(name))) for name in names)
    return any(f" {phrase} " in f" {key} " for key in keys for phrase in phrases)
