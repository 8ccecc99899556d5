from __future__ import annotations

import re

import pytest

from il12nlp.schema import MentionType
from il12nlp.terminology import Linker, tables
from il12nlp.terminology.usual_names import symbol_of, usual_name

NEED_THEIR_ABSTRACT = {"LIGHT": "an English word; HVEM or a ligand must stand beside it"}
"""Usual names that mean nothing for sure by themselves, and why."""


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("IL2", "IL-2"),
        ("IL10", "IL-10"),
        ("IL12A", "IL-12p35"),
        ("IL12B", "IL-12p40"),
        ("IL17A", "IL-17A"),
        ("IL18BP", "IL-18BP"),
        ("IL1A", "IL-1α"),
        ("IL1B", "IL-1β"),
        ("IL1RN", "IL-1Ra"),
        ("IL23A", "IL-23p19"),
        ("IL27", "IL-27p28"),
        ("IL36G", "IL-36γ"),
        ("IL6R", "IL-6R"),
        ("CXCL8", "IL-8"),
        ("IFNA2", "IFN-α2"),
        ("IFNA21", "IFN-α21"),
        ("IFNB1", "IFN-β"),
        ("IFNE", "IFN-ε"),
        ("IFNG", "IFN-γ"),
        ("IFNK", "IFN-κ"),
        ("IFNL3", "IFN-λ3"),
        ("IFNW1", "IFN-ω"),
        ("TGFA", "TGF-α"),
        ("TGFB1", "TGF-β1"),
        ("VEGFA", "VEGF-A"),
        ("PDGFD", "PDGF-D"),
        ("IGF1", "IGF-1"),
        ("TNF", "TNF-α"),
        ("TNFSF10", "TRAIL"),
        ("TNFSF13", "APRIL"),
        ("TNFSF13B", "BAFF"),
        ("TNFSF11", "RANKL"),
        ("TNFSF4", "OX40L"),
        ("TNFSF9", "4-1BBL"),
        ("CD40LG", "CD40L"),
        ("FASLG", "FasL"),
        ("CSF1", "M-CSF"),
        ("CSF2", "GM-CSF"),
        ("CSF3", "G-CSF"),
        ("KITLG", "SCF"),
    ],
)
def test_cytokines_have_their_usual_name_and_the_way_back(symbol: str, name: str) -> None:
    assert usual_name(symbol) == name
    assert symbol_of(name) == symbol


@pytest.mark.parametrize(
    "symbol",
    ["CCL5", "CXCL10", "CX3CL1", "EGF", "FGF2", "BMP2", "HGF", "TSLP", "EBI3", "ILK", "TGFBR1"],
)
def test_symbols_that_are_usual_stay(symbol: str) -> None:
    assert usual_name(symbol) == symbol == symbol_of(symbol)


@pytest.mark.parametrize(
    "name",
    ["interferon alpha", "TGF-beta", "PDGF-AA", "L19-IL2", "IL-15/IL-15Rα complex", "TNF-β"],
)
def test_names_of_no_gene_have_no_symbol(name: str) -> None:
    assert symbol_of(name) == name


def test_tables_name_no_gene_by_a_symbol_where_papers_have_a_name() -> None:
    concepts = [c for c in tables.read_concepts(MentionType.CYTOKINE) if c.id.startswith("HGNC:")]

    assert len(concepts) > 250
    assert [c.name for c in concepts if re.match(r"IL\d|IFN[A-Z]|TNF(?!-)|CSF", c.name)] == []
    assert all(usual_name(symbol_of(c.name)) == c.name for c in concepts)


def test_no_two_cytokines_have_one_name() -> None:
    names = [c.name for c in tables.read_concepts(MentionType.CYTOKINE)]

    assert sorted(set(names)) == sorted(names)


def test_usual_names_link_to_their_own_concept(linker: Linker) -> None:
    elsewhere = {}
    for concept in tables.read_concepts(MentionType.CYTOKINE):
        if concept.id.startswith("HGNC:"):
            found = linker.concept("CYTOKINE", concept.name)
            if found is None or found.id != concept.id:
                elsewhere[concept.name] = found and found.id

    assert elsewhere == dict.fromkeys(NEED_THEIR_ABSTRACT)
