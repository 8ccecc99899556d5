from __future__ import annotations

import pytest

from il12nlp.terminology import Linker


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("honokiol", "MESH:C005499"),
        ("Apigenin", "MESH:D047310"),
        ("QLT0267", "MESH:C552362"),
        ("QLT 0267", "MESH:C552362"),
        ("low-dose prazosin", "MESH:D011224"),
        ("1,3-bis(2-chloroethyl)-1-nitrosourea", "NCIT:C349"),
        ("immune therapies", "NCIT:C15262"),
        ("anticancer agents", "IL12:T_anticancer_therapy"),
        ("FOLFOX chemotherapy", "IL12:T_FOLFOX"),
        ("adjuvant oxaliplatin chemotherapy", "NCIT:C1181"),
        ("gemcitabine/FOLFOX", "NAME:gemcitabinefolfox"),
        ("gemcitabine/FOLFOX chemotherapy", "NAME:gemcitabinefolfox"),
        ("gemcitabine/cisplatin chemotherapy", "IL12:T_gemcitabine_plus_cisplatin"),
        ("adjuvant chemotherapy", "MESH:D017024"),
    ],
)
def test_therapies_of_mesh_and_of_everyday_words_are_known(
    linker: Linker, text: str, id_: str
) -> None:
    concept = linker.concept("THERAPY", text)

    assert concept is not None
    assert concept.id == id_


@pytest.mark.parametrize(
    ("text", "name", "parent"),
    [
        ("caspase-8 inhibitor", "caspase-8 inhibitor", "IL12:T_target_inhibitor"),
        ("inhibition of Akt", "Akt inhibitor", "IL12:T_target_inhibitor"),
        ("specific Akt inhibitor", "Akt inhibitor", "IL12:T_target_inhibitor"),
        ("IRF-3 activators", "IRF-3 agonist", "IL12:T_target_agonist"),
        ("anti-APO-1 antibody", "anti-APO-1 antibody", "IL12:T_antibody_therapy"),
        ("monoclonal antibodies against APO-1", "anti-APO-1 antibody", "IL12:T_antibody_therapy"),
    ],
)
def test_therapies_are_grouped_by_their_target(
    linker: Linker, text: str, name: str, parent: str
) -> None:
    concept = linker.concept("THERAPY", text)

    assert concept is not None
    assert (concept.name, concept.parents) == (name, (parent,))
    assert concept.id.startswith("NAME:")


def test_a_regimen_of_known_drugs_is_a_kind_of_each(linker: Linker) -> None:
    concept = linker.concept("THERAPY", "gemcitabine/FOLFOX chemotherapy")

    assert concept is not None
    assert concept.name == "gemcitabine/FOLFOX"
    assert concept.parents == ("NCIT:C66876", "IL12:T_FOLFOX")


def test_ids_of_therapies_hold_the_symbol_of_what_they_act_on(linker: Linker) -> None:
    concept = linker.concept("THERAPY", "antisera against GM-CSF")

    assert concept is not None
    assert (concept.id, concept.name) == ("NAME:anticsf2antibody", "anti-GM-CSF antibody")


def test_therapies_that_are_cells_are_cell_therapies(linker: Linker) -> None:
    concept = linker.concept("THERAPY", "ex vivo-generated UCB-NK cells")

    assert concept is not None
    assert concept.category == "adoptive cell therapy"
    assert concept.parents == ("MESH:D016219", "CL:0000623")


def test_tumour_cells_that_are_given_are_a_vaccine(linker: Linker) -> None:
    concept = linker.concept("THERAPY", "tumor cells engineered to secrete GM-CSF")

    assert concept is not None
    assert concept.category == "vaccine"


@pytest.mark.parametrize(
    "text",
    ["psPD-1", "EC", "peptide", "anti-Hodgkin's serum", "new inhibitor", "blockade of A and B",
     "dna", "control arm", "gemcitabine/FOO"],
)  # fmt: skip
def test_therapies_that_prove_nothing_stay_unread(linker: Linker, text: str) -> None:
    assert linker.concept("THERAPY", text) is None


def test_sorted_table_finds_all_rows_of_a_cell_and_no_others() -> None:
    from il12nlp.terminology.drugs import SortedTable

    table = SortedTable(b"key\tname\na\t1\na\t2\nab\t3\nb\t4\n")

    assert table.find("a") == [["a", "1"], ["a", "2"]]
    assert table.find("b") == [["b", "4"]]
    assert table.find("aa") == table.find("") == table.find("c") == []
