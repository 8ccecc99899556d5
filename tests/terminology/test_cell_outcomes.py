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
        ("CXCR3+ T cells", "immune infiltration", 1),
        ("anti-HEL T-cell responses", "immune activation", 1),
        ("proliferating TILs", "immune infiltration", 1),
        ("circulating CD4+CD25hi Tregs", "immune suppression", -1),
        ("host Tregs", "immune suppression", -1),
        ("TIGIT+ NK cells", "immune infiltration", 0),
        ("virus-infected T cells", "immune infiltration", 0),
        ("Arginase-positive macrophages", "immune infiltration", 0),
        ("density of αSMA+ fibroblasts", "other", 0),
        ("endothelial cells", "other", 0),
        ("goblet cell number", "other", 0),
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


def test_cell_outcome_of_a_kind_of_cells_names_what_it_is_a_kind_of(linker: Linker) -> None:
    concept = linker.concept("OUTCOME", "CXCR3+ T cells")

    assert concept is not None
    assert (concept.name, concept.parents) == ("CXCR3+ T cells, number", ("CL:0000084",))


@pytest.mark.parametrize(
    "text",
    [
        "glutathione S-transferase M1",
        "changes within epithelial cells",
        "differentiation to endothelial cells",
        "cytotoxic/suppressor T cells",
        "CD3+ and FoxP3+ T cells",
        "survival of NK cells",
        "PD-1 expression on T cells",
        "T-cell repertoire",
    ],
)
def test_cell_outcome_is_not_read_from_other_phrases(linker: Linker, text: str) -> None:
    assert linker.concept("OUTCOME", text) is None


def test_cell_outcome_of_dying_tumour_cells_is_no_harm() -> None:
    cell = Concept("X:1", "apoptotic tumor cell", "tumour cell")

    assert cell_outcome(cell, ("number",)).polarity == 0
