from __future__ import annotations

import pytest

from il12nlp.document import Concept
from il12nlp.findings import assemble
from tests.findings.build import make, rows


def test_assemble_makes_one_finding_of_a_combination() -> None:
    document = make(
        ["IL-12 plus anti-PD-1 reduced tumor growth."],
        [(0, "Y", "IL-12"), (0, "T", "anti-PD-1"), (0, "O", "tumor growth")],
        [("DEC", 0, 2), ("DEC", 1, 2), ("COM", 0, 1)],
    )

    assert rows(document) == ["IL-12 + anti-PD-1 tumor growth decrease"]
    assert assemble(document)[0].relations == ("R0", "R1", "R2")


def test_assemble_keeps_agents_apart_that_nobody_combined() -> None:
    document = make(
        ["IL-12 and IL-18 each reduced tumor growth."],
        [(0, "Y", "IL-12"), (0, "Y", "IL-18"), (0, "O", "tumor growth")],
        [("DEC", 0, 2), ("DEC", 1, 2)],
    )

    assert rows(document) == ["IL-12 tumor growth decrease", "IL-18 tumor growth decrease"]


def test_assemble_keeps_the_comparison_arm_apart() -> None:
    document = make(
        ["IL-12 plus anti-PD-1 cured mice of tumor growth, which anti-PD-1 alone did not change."],
        [
            (0, "Y", "IL-12"),
            (0, "T", "anti-PD-1"),
            (0, "O", "tumor growth"),
            (0, "T", "anti-PD-1", 2),
        ],
        [("DEC", 0, 2), ("DEC", 1, 2), ("COM", 0, 1), ("NOE", 3, 2)],
    )

    assert rows(document) == [
        "IL-12 + anti-PD-1 tumor growth decrease",
        "anti-PD-1 tumor growth no_effect",
    ]


def test_assemble_takes_a_second_mention_of_one_agent_as_an_arm_of_its_own() -> None:
    document = make(
        ["IL-12 plus anti-PD-1 lowered tumor growth, and so did IL-12 alone."],
        [
            (0, "Y", "IL-12"),
            (0, "T", "anti-PD-1"),
            (0, "O", "tumor growth"),
            (0, "Y", "IL-12", 2),
        ],
        [("DEC", 0, 2), ("DEC", 1, 2), ("DEC", 3, 2), ("COM", 0, 1)],
    )

    assert rows(document) == [
        "IL-12 + anti-PD-1 tumor growth decrease",
        "IL-12 tumor growth decrease",
    ]


def test_assemble_finds_the_combination_in_an_earlier_sentence() -> None:
    document = make(
        ["We combined IL-12 with cisplatin.", "IL-12 and cisplatin reduced tumor growth."],
        [
            (0, "Y", "IL-12"),
            (0, "T", "cisplatin"),
            (1, "Y", "IL-12"),
            (1, "T", "cisplatin"),
            (1, "O", "tumor growth"),
        ],
        [("COM", 0, 1), ("DEC", 2, 4), ("DEC", 3, 4)],
    )

    assert rows(document) == ["IL-12 + cisplatin tumor growth decrease"]
    assert "R0" in assemble(document)[0].relations


def test_assemble_does_not_combine_what_the_sentence_sets_apart() -> None:
    for words in ("IL-12 or cisplatin", "IL-12 and cisplatin alone", "either IL-12 or cisplatin"):
        document = make(
            ["We combined IL-12 with cisplatin.", f"Then {words} reduced tumor growth."],
            [
                (0, "Y", "IL-12"),
                (0, "T", "cisplatin"),
                (1, "Y", "IL-12"),
                (1, "T", "cisplatin"),
                (1, "O", "tumor growth"),
            ],
            [("COM", 0, 1), ("DEC", 2, 4), ("DEC", 3, 4)],
        )

        assert rows(document) == ["IL-12 tumor growth decrease", "cisplatin tumor growth decrease"]


def test_assemble_adds_the_partner_that_an_addition_was_made_to() -> None:
    document = make(
        ["Adding IL-12 to anti-PD-1 prolonged survival."],
        [(0, "Y", "IL-12"), (0, "T", "anti-PD-1"), (0, "O", "survival")],
        [("INC", 0, 2), ("COM", 0, 1)],
    )

    assert rows(document) == ["IL-12 + anti-PD-1 survival increase"]


def test_assemble_adds_no_partner_from_another_sentence() -> None:
    document = make(
        ["IL-12 was also combined with cisplatin.", "IL-12 prolonged survival."],
        [(0, "Y", "IL-12"), (0, "T", "cisplatin"), (1, "Y", "IL-12"), (1, "O", "survival")],
        [("COM", 0, 1), ("INC", 2, 3)],
    )

    assert rows(document) == ["IL-12 survival increase"]


def test_assemble_adds_no_partner_that_acts_in_another_way() -> None:
    document = make(
        ["Unlike anti-PD-1, IL-12 given with anti-PD-1 prolonged survival."],
        [
            (0, "T", "anti-PD-1"),
            (0, "Y", "IL-12"),
            (0, "T", "anti-PD-1", 2),
            (0, "O", "survival"),
        ],
        [("NOE", 0, 3), ("INC", 1, 3), ("COM", 1, 2)],
    )

    assert rows(document) == ["anti-PD-1 survival no_effect", "IL-12 survival increase"]


def test_assemble_adds_no_partner_of_another_clause_or_outcome() -> None:
    document = make(
        ["Drug A with drug B raised survival; it had no effect on toxicity when added to drug C."],
        [
            (0, "T", "Drug A"),
            (0, "T", "drug B"),
            (0, "O", "survival"),
            (0, "O", "toxicity"),
            (0, "T", "drug C"),
        ],
        [("INC", 0, 2), ("INC", 1, 2), ("COM", 0, 1), ("NOE", 0, 3), ("COM", 0, 4)],
    )

    assert rows(document) == [
        "Drug A, drug B survival increase",
        "Drug A, drug C toxicity no_effect",
    ]


def test_assemble_takes_nested_names_as_one_agent() -> None:
    document = make(
        ["IL-12 gene therapy reduced tumor growth."],
        [(0, "Y", "IL-12"), (0, "T", "IL-12 gene therapy"), (0, "O", "tumor growth")],
        [("DEC", 0, 2), ("DEC", 1, 2), ("DEL", 0, 1)],
    )

    assert rows(document) == ["IL-12 [IL-12 gene therapy] tumor growth decrease"]


@pytest.mark.parametrize("names", ["CBX-IL-12", "CBX + IL-12", "CBX plus IL-12"])
def test_assemble_takes_a_sum_or_a_joined_name_as_one_agent(names: str) -> None:
    document = make(
        [f"{names} reduced tumor growth."],
        [(0, "T", "CBX"), (0, "Y", "IL-12"), (0, "O", "tumor growth")],
        [("DEC", 0, 2), ("DEC", 1, 2)],
    )

    assert rows(document) == ["IL-12 + CBX tumor growth decrease"]


def test_assemble_knows_agents_by_their_concept() -> None:
    concept = Concept("FPLX:IL12", "IL-12")
    document = make(
        ["Interleukin 12 was combined with cisplatin.", "rIL-12 and cisplatin cut tumor growth."],
        [
            (0, "Y", "Interleukin 12"),
            (0, "T", "cisplatin"),
            (1, "Y", "rIL-12"),
            (1, "T", "cisplatin"),
            (1, "O", "tumor growth"),
        ],
        [("COM", 0, 1), ("DEC", 2, 4), ("DEC", 3, 4)],
        concepts={"Interleukin 12": concept, "rIL-12": concept},
    )

    assert rows(document) == ["rIL-12 + cisplatin tumor growth decrease"]


def test_assemble_knows_agents_by_the_abbreviation_that_the_text_defines() -> None:
    document = make(
        [
            "Polysaccharide krestin (PSK) was combined with cisplatin.",
            "Polysaccharide krestin and cisplatin cut tumor growth.",
        ],
        [
            (0, "T", "PSK"),
            (0, "T", "cisplatin"),
            (1, "T", "Polysaccharide krestin"),
            (1, "T", "cisplatin"),
            (1, "O", "tumor growth"),
        ],
        [("COM", 0, 1), ("DEC", 2, 4), ("DEC", 3, 4)],
    )

    assert rows(document) == ["Polysaccharide krestin, cisplatin tumor growth decrease"]


def test_assemble_keeps_findings_without_a_cytokine() -> None:
    document = make(
        ["Cisplatin reduced tumor growth."],
        [(0, "T", "Cisplatin"), (0, "O", "tumor growth")],
        [("DEC", 0, 1)],
    )

    assert assemble(document)[0].cytokines == ()
    assert rows(document) == ["Cisplatin tumor growth decrease"]


def test_assemble_makes_a_finding_of_each_alternative_partner() -> None:
    document = make(
        ["GM-CSF or IL-3 with ara-C raised cell kill."],
        [(0, "Y", "GM-CSF"), (0, "Y", "IL-3"), (0, "T", "ara-C"), (0, "O", "cell kill")],
        [("INC", 0, 3), ("INC", 1, 3), ("INC", 2, 3), ("COM", 0, 2), ("COM", 1, 2)],
    )

    assert rows(document) == [
        "GM-CSF + ara-C cell kill increase",
        "IL-3 + ara-C cell kill increase",
    ]
    assert [f.relations for f in assemble(document)] == [("R0", "R2", "R3"), ("R1", "R2", "R4")]


def test_assemble_makes_one_finding_of_three_agents_all_combined() -> None:
    document = make(
        ["A plus B plus C cut pain."],
        [(0, "T", "A"), (0, "T", "B"), (0, "T", "C"), (0, "O", "pain")],
        [*[("DEC", n, 3) for n in range(3)], ("COM", 0, 1), ("COM", 1, 2), ("COM", 0, 2)],
    )

    assert rows(document) == ["A, B, C pain decrease"]


def test_assemble_keeps_a_vehicle_with_its_cytokine_in_a_combination() -> None:
    document = make(
        ["TNF by limb perfusion with melphalan shrank tumors."],
        [(0, "Y", "TNF"), (0, "T", "limb perfusion"), (0, "T", "melphalan"), (0, "O", "tumors")],
        [*[("DEC", n, 3) for n in range(3)], ("DEL", 0, 1), ("COM", 0, 2)],
    )

    assert rows(document) == ["TNF + melphalan [limb perfusion] tumors decrease"]


def test_assemble_speaks_of_arms_one_by_one_where_the_text_does() -> None:
    document = make(
        ["IL-2 was combined with LAK cells.", "None of these treatments prolonged survival."],
        [(0, "Y", "IL-2"), (0, "T", "LAK cells"), (1, "O", "survival")],
        [("NOE", 0, 2), ("NOE", 1, 2), ("COM", 0, 1)],
    )
    far = make(
        ["We combined IL-2 with LAK cells.", "Mice got IL-2 and LAK cells.", "Neither of the two "
         "treatments prolonged survival."],
        [(0, "Y", "IL-2"), (0, "T", "LAK cells"), (1, "Y", "IL-2"), (1, "T", "LAK cells"),
         (2, "O", "survival")],
        [("NOE", 2, 4), ("NOE", 3, 4), ("COM", 0, 1)],
    )  # fmt: skip

    assert rows(document) == ["IL-2 + LAK cells survival no_effect"]
    assert rows(far) == ["IL-2 survival no_effect", "LAK cells survival no_effect"]


def test_assemble_adds_the_partner_behind_the_outcome_of_the_same_statement() -> None:
    document = make(
        ["Drug A prolonged survival when added to drug B, and sensitised cells to drug C."],
        [(0, "T", "Drug A"), (0, "O", "survival"), (0, "T", "drug B"), (0, "T", "drug C")],
        [("INC", 0, 1), ("COM", 0, 2), ("COM", 0, 3)],
    )

    assert rows(document) == ["Drug A, drug B survival increase"]


def test_assemble_leaves_a_partner_with_the_outcome_it_belongs_to() -> None:
    document = make(
        ["Drug A raised remission rates when given with drug B, and raised pain."],
        [(0, "T", "Drug A"), (0, "O", "remission rates"), (0, "T", "drug B"), (0, "O", "pain")],
        [("INC", 0, 1), ("INC", 0, 3), ("COM", 0, 2)],
    )

    assert rows(document) == ["Drug A, drug B remission rates increase", "Drug A pain increase"]


def test_assemble_adds_the_partner_that_the_outcome_names() -> None:
    document = make(
        ["Drug A cut pain and raised the response to drug B."],
        [(0, "T", "Drug A"), (0, "O", "pain"), (0, "O", "response to drug B"), (0, "T", "drug B")],
        [("DEC", 0, 1), ("INC", 0, 2), ("COM", 0, 3)],
    )

    assert rows(document) == ["Drug A pain decrease", "Drug A, drug B response to drug B increase"]
