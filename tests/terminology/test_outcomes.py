from __future__ import annotations

import pytest

from il12nlp.terminology import Linker


@pytest.mark.parametrize(
    ("text", "name", "polarity"),
    [
        ("median overall survival of treated mice", "overall survival", 1),
        ("actuarial 5-year survival", "overall survival", 1),
        ("primary tumor volume", "tumor volume", -1),
        ("growth of prostate cancer", "tumor growth", -1),
        ("lung metastases of B16 melanoma", "lung metastasis", -1),
        ("grade ≥3 neutropenia", "neutropenia", -1),
        ("grade 3 or 4 neutropenia", "neutropenia", -1),
        ("Grades III and IV mucositis", "mucositis", -1),
        ("grade III/IV anemia", "anemia", -1),
        ("diarrhea of grade 2 to 4", "diarrhea", -1),
        ("cisplatin-induced nephrotoxicity", "nephrotoxicity", -1),
        ("objective response rate", "objective response rate", 1),
        ("serum IFN-γ levels", "IFN-gamma production", 0),
        ("production of IL-10", "IL-10 production", -1),
        ("IL-1β", "IL-1beta production", 0),
        ("IFN-γ production by T cells", "IFN-gamma production", 0),
        ("VEGF mRNA", "VEGF expression", 0),
        ("secretion of CCL5", "CCL5 level", 0),
        ("circulating CD8+ T cells", "CD8-positive, alpha-beta T cell, number", 1),
        ("accumulation of MDSCs", "MDSC infiltration", -1),
        ("natural killer cell activity against K562 targets", "NK-cell cytotoxicity", 1),
        ("tumour necrosis", "tumor necrosis", 1),
        ("apoptosis", "apoptosis", 0),
        ("survival at 90 days", "overall survival", 1),
        ("survival at 1 month", "overall survival", 1),
        ("omental metastases", "metastasis", -1),
        ("haematological remission", "remission", 1),
        ("global quality of life", "quality of life", 1),
        ("partial regressions", "tumor regression", 1),
        ("postoperative lymphocytopenia", "lymphopenia", -1),
        ("time to progression", "time to progression", 1),
        ("survival in melanoma", "overall survival", 1),
        ("survival of HeLa cells", "tumor cell viability", -1),
        ("survival of A549", "tumor cell viability", -1),
        ("death of HeLa cells", "tumor cell death", 1),
        ("proliferation of Jurkat cells", "tumor cell proliferation", -1),
        ("differentiation of HL-60 cells", "cell differentiation", 0),
        ("Fas-mediated death", "cell death", 0),
        ("treatment-induced death", "mortality", -1),
        ("TNF-induced death of mice", "mortality", -1),
    ],
)
def test_outcomes_are_read_as_variables(
    linker: Linker, text: str, name: str, polarity: int
) -> None:
    concept = linker.concept("OUTCOME", text)

    assert concept is not None
    assert (concept.name, concept.polarity) == (name, polarity)


@pytest.mark.parametrize(
    ("text", "polarity", "parent"),
    [
        ("protection from GVHD", 1, "MESH:D006086"),
        ("suppression of angiogenesis", 1, "GO:0016525"),
        ("inhibition of lung metastasis", 1, "IL12:O_lung_metastasis"),
        ("inhibition of melanoma growth", 1, "IL12:O_tumor_growth_inhibition"),
        ("doxorubicin resistance", -1, "MESH:D019008"),
        ("sensitivity to erlotinib", 1, "IL12:O_drug_sensitization"),
        ("increase in tumor volume", -1, "MESH:D047368"),
        ("time to platelet recovery", -1, "IL12:O_platelet_count"),
    ],
)
def test_outcomes_turn_with_the_words_around_them(
    linker: Linker, text: str, polarity: int, parent: str
) -> None:
    concept = linker.concept("OUTCOME", text)

    assert concept is not None
    assert concept.polarity == polarity
    assert parent in (concept.id, *concept.parents)


@pytest.mark.parametrize(
    "text",
    ["survival of NK cells", "NF-κB translocation", "caspase activation", "survival signaling",
     "toxicity mechanism", "the", "IFN-? levels"],
)  # fmt: skip
def test_outcomes_stay_unread_where_a_word_is_unknown(linker: Linker, text: str) -> None:
    assert linker.concept("OUTCOME", text) is None
