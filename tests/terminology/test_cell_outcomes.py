from __future__ import annotations

import pytest

from il12nlp.document import Concept
from il12nlp.terminology import Linker
from il12nlp.terminology.cell_outcomes import cell_outcome


@pytest.mark.parametrize(
    ("text", "category", "polarity"),
    [
        ("circulating CD8+ T cells", "immune infiltration", 1),
        ("T-cell function", "immune activation", 1),
        ("infiltrating regulatory T cells", "immune suppression", -1),
        ("number of tumor cells", "tumour growth", -1),
        ("malignant cells", "tumour growth", -1),
        ("melanoma cell numbers", "tumour growth", -1),
        ("differentiation of malignant cells", "tumour growth", 0),
        ("mast cells", "immune infiltration", 0),
        ("goblet cell number", "immune infiltration", 0),
    ],
)
def test_cell_outcome_is_good_or_bad_by_what_the_cells_do(
    linker: Linker, text: str, category: str, polarity: int
) -> None:
    concept = linker.concept("OUTCOME", text)

    assert concept is not None
    assert (concept.category, concept.polarity) == (category, polarity)


@pytest.mark.parametrize(
    ("name", "polarity"),
    [("CD86-positive APC", 0), ("CD8-positive T cell", 1), ("T cells", 1), ("M2 macrophage", -1),
     ("tumour-associated macrophage", -1), ("TREM2-positive macrophage", 0), ("γδ T cell", 1)],
)  # fmt: skip
def test_cell_outcome_reads_names_in_whole_words(name: str, polarity: int) -> None:
    assert cell_outcome(Concept("X:1", name), ()).polarity == polarity


def test_cell_outcome_of_dying_tumour_cells_is_no_harm() -> None:
    cell = Concept("X:1", "apoptotic tumor cell", "tumour cell")

    assert cell_outcome(cell, ("number",)).polarity == 0
