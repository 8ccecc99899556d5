from __future__ import annotations

import pytest

from il12nlp.terminology import Linker


@pytest.mark.parametrize(
    ("mention_type", "text", "name"),
    [
        ("CANCER", "advanced stage III gastric cancer", "stomach cancer"),
        ("CANCER", "stage IIIB/C and IVM1a melanoma", "melanoma"),
        ("CANCER", "completely resected stage IIB–IV melanoma", "melanoma"),
        ("CANCER", "FIGO stage Ic-IIIc ovarian cancer", "ovarian cancer"),
        ("CANCER", "human melanoma xenografts", "melanoma"),
        ("CANCER", "T98G human glioblastoma", "T98G"),
        ("CANCER", "carcinoma of the exocrine pancreas", "pancreatic carcinoma"),
        ("CELL", "peripheral blood T cells", "T cell"),
        ("CELL", "CD8(+) T cells", "CD8-positive, alpha-beta T cell"),
        ("THERAPY", "PD-1 blockade", "anti-PD-1 antibody"),
        ("THERAPY", "antibodies to PD-1", "anti-PD-1 antibody"),
        ("THERAPY", "anti-interleukin (IL)-6 antibody", "anti-IL-6 therapy"),
        ("THERAPY", "low-dose cyclophosphamide", "Cyclophosphamide"),
        ("THERAPY", "thalidomid", "Thalidomide"),
    ],
)
def test_linker_reads_phrases(linker: Linker, mention_type: str, text: str, name: str) -> None:
    concept = linker.concept(mention_type, text)

    assert concept is not None
    assert concept.name == name


@pytest.mark.parametrize(
    ("mention_type", "text", "parent"),
    [
        ("CANCER", "EBV-associated lymphomas", "DOID:0060058"),
        ("CANCER", "M1 melanoma", "DOID:1909"),
        ("CELL", "anergic T cells", "CL:0000084"),
        ("THERAPY", "mRNA-electroporated dendritic cells", "NCIT:C28310"),
        ("THERAPY", "GP2 vaccine", "IL12:T_vaccine"),
    ],
)
def test_linker_takes_a_phrase_as_a_kind_of_its_head(
    linker: Linker, mention_type: str, text: str, parent: str
) -> None:
    concept = linker.concept(mention_type, text)

    assert concept is not None
    assert concept.id.startswith("NAME:")
    assert concept.name == text
    assert concept.parents == (parent,)


@pytest.mark.parametrize(
    ("mention_type", "text"),
    [
        ("THERAPY", "deoxycytidin-like"),
        ("THERAPY", "peptide"),
        ("THERAPY", "new inhibitor"),
        ("THERAPY", "CT"),
        ("CELL", "PHA blasts"),
        ("CANCER", "all"),
        ("CANCER", "NPC"),
    ],
)
def test_linker_prefers_no_concept_to_a_wrong_one(
    linker: Linker, mention_type: str, text: str
) -> None:
    assert linker.concept(mention_type, text) is None
