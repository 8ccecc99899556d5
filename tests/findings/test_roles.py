from __future__ import annotations

import pytest

from il12nlp.document import Concept, Document
from il12nlp.findings import assemble
from tests.findings.build import make


def role(sentence: str, cytokine: str = "IL-6", **changes: object) -> str:
    """Role of the one finding of a sentence in which a cytokine raises pain."""
    document = make([sentence], [(0, "Y", cytokine), (0, "O", "pain")], [("INC", 0, 1)])
    [finding] = assemble(document.replace(**changes))
    return str(finding.role)


@pytest.mark.parametrize(
    "sentence",
    [
        "Recombinant human IL-6 raised pain.",
        "Treatment with IL-6 raised pain.",
        "Mice that received IL-6 had pain.",
        "Cells were incubated for 24 h with IL-6 and pain rose.",
        "IL-6 treatment raised pain.",
        "IL-6-treated mice had pain.",
        "IL-6 (10 µg/kg) raised pain.",
        "Intratumoral IL-6 raised pain.",
        "IL-6 was injected and raised pain.",
        "IL-6 coadministration raised pain.",
        "IL-6 was co-administered and raised pain.",
        "Co-injection of IL-6 raised pain.",
        "After IL-6, pain was worse.",
        "IL-6 alone raised pain.",
    ],
)
def test_role_is_given_where_the_words_say_so(sentence: str) -> None:
    assert role(sentence) == "given"


@pytest.mark.parametrize(
    "name",
    ["rhIL-6", "PEG-IL-6", "filgrastim", "aldesleukin", "IL-6-Fc", "IFN-α2b", "IFN-alpha-n1"],
)
def test_role_is_given_by_the_name_of_a_drug(name: str) -> None:
    assert role(f"{name} raised pain.", name) == "given"
    assert role("Interleukin-6 raised pain.", "Interleukin-6") == "unknown"


@pytest.mark.parametrize(
    ("id_", "expected"), [("NCIT:C1", "given"), ("NAME:abxil6", "given"), ("HGNC:6018", "unknown")]
)
def test_role_is_given_by_the_concept_of_a_product(id_: str, expected: str) -> None:
    document = make(
        ["ABX-IL6 raised pain."],
        [(0, "Y", "ABX-IL6"), (0, "O", "pain")],
        [("INC", 0, 1)],
        concepts={"ABX-IL6": Concept(id_, "ABX-IL6")},
    )
    [finding] = assemble(document)

    assert finding.role == expected


@pytest.mark.parametrize(
    "sentence",
    ["Serum IL-6 raised pain.", "IL-6 levels raised pain.", "High IL-6 expression raised pain."],
)
def test_role_is_measured_where_a_level_is_meant(sentence: str) -> None:
    assert role(sentence) == "measured"


@pytest.mark.parametrize(
    "sentence",
    [
        "Anti-IL-6 raised pain.",
        "IL-6 neutralization raised pain.",
        "In IL-6−/− mice pain rose.",
        "In IL-6-deficient mice pain rose.",
        "IL-6 siRNA raised pain.",
        "Blocking IL-6 raised pain.",
        "Antibodies against human IL-6 raised pain.",
        "Knock-down of IL-6 raised pain.",
    ],
)
def test_role_is_blocked_where_the_words_say_so(sentence: str) -> None:
    assert role(sentence) == "blocked"


@pytest.mark.parametrize(
    "sentence",
    [
        "Tumor-derived IL-6 raised pain.",
        "IL-6 secreted by fibroblasts raised pain.",
        "IL-6, produced mainly by tumors, raised pain.",
        "Autocrine IL-6 raised pain.",
        "IL-6 from cancer-associated fibroblasts raised pain.",
    ],
)
def test_role_is_produced_where_the_words_say_so(sentence: str) -> None:
    assert role(sentence) == "produced"


@pytest.mark.parametrize(
    "sentence",
    [
        "IL-6 raised pain.",
        "A drug that blocked IL-6-induced pain was found.",
        "Anti-PD-1 was given when IL-6 raised pain.",
        "Co-secretion of IL-6 raised pain.",
    ],
)
def test_role_is_unknown_without_a_sign(sentence: str) -> None:
    assert role(sentence) == "unknown"


def test_role_is_shared_by_a_list_and_an_abbreviation() -> None:
    document = make(
        ["Tumor-derived VEGF and interleukin-6 (IL-6) raised pain."],
        [(0, "Y", "VEGF"), (0, "Y", "interleukin-6"), (0, "Y", "IL-6"), (0, "O", "pain")],
        [("INC", 0, 3), ("INC", 2, 3)],
    )
    assert [f.role for f in assemble(document)] == ["produced", "produced"]


def test_role_is_given_to_what_is_delivered_or_combined() -> None:
    delivered = make(
        ["A plasmid with IL-6 raised pain."],
        [(0, "T", "plasmid"), (0, "Y", "IL-6"), (0, "O", "pain")],
        [("DEL", 1, 0), ("INC", 0, 2)],
    )
    combined = make(
        ["IL-6 plus cisplatin raised pain."],
        [(0, "Y", "IL-6"), (0, "T", "cisplatin"), (0, "O", "pain")],
        [("COM", 0, 1), ("INC", 0, 2), ("INC", 1, 2)],
    )
    assert [f.role for d in (delivered, combined) for f in assemble(d)] == ["given", "given"]


def two(first: str, second: str = "IL-6 raised pain.") -> str:
    document = make(
        [first, second],
        [(0, "Y", "IL-6"), (1, "Y", "IL-6"), (1, "O", "pain")],
        [("INC", 1, 2)],
    )
    return str(assemble(document)[0].role)


def test_role_is_that_of_the_name_elsewhere() -> None:
    assert two("Mice received recombinant IL-6.") == "given"
    assert two("Tumors secreted IL-6.") == "produced"
    assert two("Mice received IL-6.", "Serum IL-6 raised pain.") == "given"


def test_role_that_one_experiment_has_does_not_spread() -> None:
    assert two("Serum IL-6 was high.") == "unknown"
    assert two("In IL-6−/− mice nothing happened.") == "unknown"


def test_role_is_unknown_where_the_document_gives_and_produces_it() -> None:
    document = make(
        ["Tumors secreted IL-6.", "Mice received IL-6.", "IL-6 raised pain."],
        [(0, "Y", "IL-6"), (1, "Y", "IL-6"), (2, "Y", "IL-6"), (2, "O", "pain")],
        [("INC", 2, 3)],
    )
    assert assemble(document)[0].role == "unknown"


def test_role_in_an_outcomes_name_is_measured_unless_it_is_the_cause() -> None:
    def of(outcome: str, surface: str) -> str:
        document = make(
            [f"{outcome} rose."], [(0, "Y", surface), (0, "O", outcome)], [("INC", 0, 1)]
        )
        return str(assemble(document)[0].role)

    assert of("IL-6 output", "IL-6") == "measured"
    assert of("IL-6-induced pain", "IL-6") == "unknown"


def test_role_of_a_cytokine_studied_in_patients_is_given() -> None:
    document = make(
        ["IL-6 in melanoma raised pain."],
        [(0, "Y", "IL-6"), (0, "C", "melanoma"), (0, "O", "pain")],
        [("STU", 0, 1), ("INC", 0, 2)],
    )

    def of(study_type: str) -> str:
        return str(assemble(document.replace(study_type=study_type))[0].role)

    assert (of("clinical"), of("animal")) == ("given", "unknown")


def test_role_of_a_cytokine_only_measured_in_patients_is_not_given() -> None:
    def of(sentence: str) -> str:
        document = make(
            [sentence, "IL-6 in melanoma raised pain."],
            [(0, "Y", "IL-6"), (1, "Y", "IL-6"), (1, "C", "melanoma"), (1, "O", "pain")],
            [("STU", 1, 2), ("INC", 1, 3)],
        )
        return str(assemble(document.replace(study_type="clinical"))[0].role)

    assert of("Serum IL-6 was high.") == "unknown"
    assert of("IL-6 neutralization was planned.") == "unknown"
    assert of("We studied IL-6.") == "given"


@pytest.mark.parametrize(
    ("therapy", "expected"),
    [
        ("anti-IL-6 antibody", "blocked"),
        ("TGF-β receptor kinase inhibitor", "blocked"),
        ("anti-PD-1", "unknown"),
        ("IL-6 plasmid", "unknown"),
    ],
)
def test_role_of_a_therapy_that_names_what_it_blocks(therapy: str, expected: str) -> None:
    document = make(
        [f"{therapy} cut pain."], [(0, "T", therapy), (0, "O", "pain")], [("DEC", 0, 1)]
    )
    assert assemble(document)[0].role == expected


def test_role_of_a_therapy_comes_from_its_concept_too() -> None:
    concept = Concept("X:1", "anti-IL-6 therapy")
    document: Document = make(
        ["ALD518 cut pain."],
        [(0, "T", "ALD518"), (0, "O", "pain")],
        [("DEC", 0, 1)],
        concepts={"ALD518": concept},
    )
    assert assemble(document)[0].role == "blocked"
