from __future__ import annotations

import pytest

from il12nlp.terminology import Linker
from il12nlp.terminology.cytokines import engineered_from, restore_head


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("IL-12", "FPLX:IL12"),
        ("interleukin 12", "FPLX:IL12"),
        ("Interleukin‑12", "FPLX:IL12"),
        ("IL12p70", "FPLX:IL12"),
        ("IL-12 (p70)", "FPLX:IL12"),
        ("rhIL-12", "FPLX:IL12"),
        ("recombinant canine IL-12", "FPLX:IL12"),
        ("IL-12p40", "HGNC:5970"),
        ("IFN-α2b", "HGNC:5423"),
        ("interferon alfa-2b", "HGNC:5423"),
        ("IFN alfa-2a", "HGNC:5423"),
        ("rIFN alfa 2a", "HGNC:5423"),
        ("IFN-γ", "HGNC:5438"),
        ("IFNγ", "HGNC:5438"),
        ("interferon", "FPLX:Interferon"),
        ("VEGF", "HGNC:12680"),
        ("TNF-β", "HGNC:6709"),
        ("mOSM", "HGNC:8506"),
        ("TRAIL/Apo2L", "HGNC:11925"),
        ("interlukin-6", "HGNC:6018"),
        ("aldesleukin", "HGNC:6001"),
        ("pegilodecakin", "NCIT:C113295"),
        ("AM0010", "NCIT:C113295"),
        ("PEGylated IL-10", "NCIT:C113295"),
        ("peginterferon alfa-2a", "NCIT:C33987"),
        ("NHS-IL12", "NCIT:C97961"),
        ("interferon gamma-1b", "HGNC:5438"),
        ("CYT107", "HGNC:6023"),
        ("CDX-301", "HGNC:3766"),
        ("AS1409", "NCIT:C74041"),
        ("Lonquex", "NAME:lipegfilgrastim"),
        ("NKTR-255", "NCIT:C175746"),
        ("PIXY321", "NAME:PIXY321"),
        ("viral IL-10", "IL12:vIL10"),
    ],
)
def test_linker_knows_the_names_of_a_cytokine(linker: Linker, name: str, id_: str) -> None:
    concept = linker.concept("CYTOKINE", name)

    assert concept is not None
    assert concept.id == id_


@pytest.mark.parametrize(
    "name",
    ["interferon-?", "light", "LIGHT", "p40", "anti-IL-6", "IL-2 receptor", "IL-2/IL-15", "IL-99",
     "IL-6-like", "trail"],
)  # fmt: skip
def test_linker_leaves_unsure_cytokines_unlinked(linker: Linker, name: str) -> None:
    assert linker.concept("CYTOKINE", name) is None


@pytest.mark.parametrize(
    ("name", "parent"),
    [("F8-IL12", "FPLX:IL12"), ("PEG-IL-15", "HGNC:5977"), ("IL-15 sushi", "HGNC:5977"),
     ("palifermin", "HGNC:3685"), ("decoy-resistant IL-18", "HGNC:5986"),
     ("hu14.18-IL2", "HGNC:6001")],
)  # fmt: skip
def test_linker_points_engineered_forms_to_their_parent(
    linker: Linker, name: str, parent: str
) -> None:
    concept = linker.concept("CYTOKINE", name)

    assert concept is not None
    assert concept.id.startswith("NAME:")
    assert concept.parents == (parent,)


@pytest.mark.parametrize(
    ("surface", "previous", "whole"),
    [
        ("-18", "IL-12", "IL-18"),
        ("12", "interleukins 2", "interleukin 12"),
        ("15", "IL-2", "IL-15"),
        ("β", "IFN-α", "IFN-β"),
        ("-D", "VEGF-C", "VEGF-D"),
        ("10", "CXCL9", "CXCL10"),
        ("beta", "IL-1alpha", "IL-1beta"),
    ],
)
def test_restore_head_completes_a_list(surface: str, previous: str, whole: str) -> None:
    assert restore_head(surface, previous) == whole


@pytest.mark.parametrize(("surface", "previous"), [("IL-18", "IL-12"), ("-18", "aldesleukin")])
def test_restore_head_refuses_what_is_no_list(surface: str, previous: str) -> None:
    assert restore_head(surface, previous) is None


def test_engineered_from_needs_every_word_known() -> None:
    assert "IL-12" in list(engineered_from("collagen-binding IL-12"))
    assert list(engineered_from("anti-IL-12")) == []
    assert "IL-12" not in list(engineered_from("mouse lung IL-12"))
