from __future__ import annotations

import pytest

from il12nlp.document import Concept, Document
from il12nlp.findings import assemble
from tests.findings.build import make, rows


def test_assemble_takes_cancers_of_the_sentence_before_others() -> None:
    document = make(
        ["IL-12 was tried in melanoma.", "In lymphoma, IL-12 reduced tumor growth."],
        [
            (0, "Y", "IL-12"),
            (0, "C", "melanoma"),
            (1, "C", "lymphoma"),
            (1, "Y", "IL-12"),
            (1, "O", "tumor growth"),
        ],
        [("STU", 0, 1), ("STU", 3, 2), ("DEC", 3, 4)],
    )

    assert rows(document) == ["IL-12 tumor growth decrease {lymphoma}"]


def test_assemble_takes_cancers_where_the_same_agent_was_studied() -> None:
    document = make(
        ["IL-12 was tried in melanoma.", "IL-12 reduced tumor growth."],
        [(0, "Y", "IL-12"), (0, "C", "melanoma"), (1, "Y", "IL-12"), (1, "O", "tumor growth")],
        [("STU", 0, 1), ("DEC", 2, 3)],
    )

    assert rows(document) == ["IL-12 tumor growth decrease {melanoma}"]
    assert assemble(document)[0].evidence == (1,)
    assert assemble(document)[0].relations == ("R1", "R0")


def test_assemble_takes_the_cancers_that_all_agents_share() -> None:
    document = make(
        [
            "IL-12 was tried in melanoma and lymphoma, cisplatin in melanoma.",
            "IL-12 plus cisplatin reduced tumor growth.",
        ],
        [
            (0, "Y", "IL-12"),
            (0, "C", "melanoma"),
            (0, "C", "lymphoma"),
            (0, "T", "cisplatin"),
            (0, "C", "melanoma", 2),
            (1, "Y", "IL-12"),
            (1, "T", "cisplatin"),
            (1, "O", "tumor growth"),
        ],
        [
            ("STU", 0, 1),
            ("STU", 0, 2),
            ("STU", 3, 4),
            ("COM", 5, 6),
            ("DEC", 5, 7),
            ("DEC", 6, 7),
        ],
    )

    assert rows(document) == ["IL-12 + cisplatin tumor growth decrease {melanoma}"]


def test_assemble_takes_the_cancer_of_the_outcomes_clause() -> None:
    document = make(
        ["Drug A helps in melanoma; in lymphoma it did not prolong survival."],
        [(0, "T", "Drug A"), (0, "C", "melanoma"), (0, "C", "lymphoma"), (0, "O", "survival")],
        [("STU", 0, 1), ("STU", 0, 2), ("NOE", 0, 3)],
    )

    assert rows(document) == ["Drug A survival no_effect {lymphoma}"]


def test_assemble_takes_the_cancer_that_the_outcome_names() -> None:
    document = make(
        ["IL-12 was tried in lymphoma.", "IL-12 reduced growth of B16 melanoma."],
        [
            (0, "Y", "IL-12"),
            (0, "C", "lymphoma"),
            (1, "Y", "IL-12"),
            (1, "O", "growth of B16 melanoma"),
            (1, "C", "B16 melanoma"),
        ],
        [("STU", 0, 1), ("DEC", 2, 3)],
    )

    assert rows(document) == ["IL-12 growth of B16 melanoma decrease {B16 melanoma}"]


def test_assemble_takes_the_study_introduced_last() -> None:
    document = make(
        ["IL-12 in cancer", "IL-12 was given in melanoma.", "IL-12 cut pain.", "IL-12 in sarcoma."],
        [
            (0, "Y", "IL-12"),
            (0, "C", "cancer"),
            (1, "Y", "IL-12"),
            (1, "C", "melanoma"),
            (2, "Y", "IL-12"),
            (2, "O", "pain"),
            (3, "Y", "IL-12"),
            (3, "C", "sarcoma"),
        ],
        [("STU", 0, 1), ("STU", 2, 3), ("DEC", 4, 5), ("STU", 6, 7)],
    )

    assert rows(document) == ["IL-12 pain decrease {melanoma}"]


def test_assemble_guesses_no_cancer_from_the_title() -> None:
    document = make(
        ["A study in melanoma", "IL-12 reduced tumor growth."],
        [(0, "C", "melanoma"), (1, "Y", "IL-12"), (1, "O", "tumor growth")],
        [("DEC", 1, 2)],
    )

    assert rows(document) == ["IL-12 tumor growth decrease"]


def test_assemble_takes_the_one_cancer_in_which_all_others_were_studied() -> None:
    def document(second: str) -> Document:
        return make(
            [f"IL-12 in melanoma, IL-2 in {second}.", "Cisplatin cut pain."],
            [
                (0, "Y", "IL-12"),
                (0, "C", "melanoma"),
                (0, "Y", "IL-2"),
                (0, "C", second, 2 if second == "melanoma" else 1),
                (1, "T", "Cisplatin"),
                (1, "O", "pain"),
            ],
            [("STU", 0, 1), ("STU", 2, 3), ("DEC", 4, 5)],
        )

    assert rows(document("melanoma")) == ["Cisplatin pain decrease {melanoma}"]
    assert rows(document("lymphoma")) == ["Cisplatin pain decrease"]


def test_assemble_names_the_species_of_the_cancer_model() -> None:
    document = make(
        ["IL-12 in B16 cut pain."],
        [(0, "Y", "IL-12"), (0, "C", "B16"), (0, "O", "pain")],
        [("STU", 0, 1), ("DEC", 0, 2)],
        concepts={"B16": Concept("C:1", "B16", species="mouse")},
    )

    assert assemble(document)[0].species == ("mouse",)
    assert assemble(document.replace(relations=document.relations[1:]))[0].species == ()


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        ("melanoma", "uveal melanoma", "uveal melanoma"),
        ("uveal melanoma", "melanoma", "uveal melanoma"),
        ("relapsed melanoma", "bulky melanoma", "relapsed melanoma"),
        ("relapsed melanoma", "bulky sarcoma", None),
        ("uveal melanoma", "acral melanoma", None),
        ("melanoma", "cancer of few", None),
    ],
)
def test_assemble_takes_the_one_cancer_of_all_others_under_two_names(
    first: str, second: str, taken: str | None
) -> None:
    kinds = {"relapsed melanoma": "C:M", "bulky melanoma": "C:M", "bulky sarcoma": "C:S"}
    concepts = {
        "melanoma": Concept("C:M", "melanoma"),
        "uveal melanoma": Concept("C:U", "uveal melanoma", parents=("C:M",)),
        "acral melanoma": Concept("C:A", "acral melanoma", parents=("C:M",)),
        **{n: Concept(f"NAME:{n}", n, parents=(parent,)) for n, parent in kinds.items()},
    }
    document = make(
        [f"IL-12 for {first}; IL-2 for {second}", "Cisplatin cut pain."],
        [
            (0, "C", first),
            (0, "Y", "IL-12"),
            (0, "C", second, 2 if second in first else 1),
            (0, "Y", "IL-2"),
            (1, "T", "Cisplatin"),
            (1, "O", "pain"),
        ],
        [("STU", 1, 0), ("STU", 3, 2), ("DEC", 4, 5)],
        concepts=concepts,
    )

    expected = f"Cisplatin pain decrease {{{taken}}}" if taken else "Cisplatin pain decrease"
    assert rows(document) == [expected]


@pytest.mark.parametrize(
    ("later", "taken"),
    [
        ("In lymphoma the pair cut pain.", "lymphoma"),
        ("The pair cut pain of lymphoma.", "lymphoma"),
        ("The pair cut pain in all.", "melanoma"),
        ("The pair cut pain; in lymphoma it failed.", "melanoma"),
        ("The pair cut pain, with lysis of lymphoma targets.", "melanoma"),
        ("The pair cut pain but not lysis against lymphoma.", "melanoma"),
    ],
)
def test_assemble_takes_the_cancer_beside_an_outcome_of_earlier_agents(
    later: str, taken: str
) -> None:
    outcome = "pain of lymphoma" if "of lymphoma." in later else "pain"
    document = make(
        ["IL-2 was tried in melanoma.", later],
        [(0, "Y", "IL-2"), (0, "C", "melanoma"), (1, "O", outcome)]
        + ([(1, "C", "lymphoma")] if "lymphoma" in later else []),
        [("STU", 0, 1), ("DEC", 0, 2)],
    )

    assert rows(document) == [f"IL-2 {outcome} decrease {{{taken}}}"]


def test_assemble_takes_no_cancer_beside_an_outcome_of_later_agents() -> None:
    document = make(
        ["Pain fell in lymphoma.", "IL-2 did that."],
        [(0, "O", "Pain"), (0, "C", "lymphoma"), (1, "Y", "IL-2")],
        [("DEC", 2, 0)],
    )

    assert rows(document) == ["IL-2 Pain decrease"]


def test_assemble_takes_the_cancer_of_the_running_study() -> None:
    document = make(
        ["IL-2 in glioma", "In melanoma IL-2.", "In sarcoma IL-12.", "Cisplatin cut pain."],
        [
            (0, "Y", "IL-2"),
            (0, "C", "glioma"),
            (1, "C", "melanoma"),
            (1, "Y", "IL-2"),
            (2, "C", "sarcoma"),
            (2, "Y", "IL-12"),
            (3, "T", "Cisplatin"),
            (3, "O", "pain"),
        ],
        [("STU", 0, 1), ("STU", 3, 2), ("STU", 5, 4), ("DEC", 6, 7)],
    )

    assert rows(document) == ["Cisplatin pain decrease {sarcoma}"]
    assert rows(document.replace(study_type="review")) == ["Cisplatin pain decrease"]
