from __future__ import annotations

import pytest

from il12nlp.document import Document
from il12nlp.findings import assemble
from tests.findings.build import make, rows


def test_assemble_tells_an_agent_from_its_combination_in_one_sentence() -> None:
    document = make(
        ["Metastases were cut by IL-2 and further by IL-2 plus LAK cells."],
        [(0, "O", "Metastases"), (0, "Y", "IL-2"), (0, "Y", "IL-2", 2), (0, "T", "LAK cells")],
        [("DEC", 1, 0), ("COM", 2, 3), ("DEC", 3, 0)],
    )

    assert rows(document) == ["IL-2 Metastases decrease", "IL-2 + LAK cells Metastases decrease"]


def test_assemble_takes_a_partner_named_with_its_agent_behind_a_clause() -> None:
    document = make(
        ["A lowered pain by half; B with C by a third."],
        [(0, "T", "A"), (0, "O", "pain"), (0, "T", "B"), (0, "T", "C")],
        [("DEC", 0, 1), ("COM", 2, 3), ("DEC", 3, 1)],
    )

    assert rows(document) == ["A pain decrease", "B, C pain decrease"]


def none_of(sentence: str) -> list[str]:
    document = make(
        ["We gave IL-2 plus LAK cells.", "Mice got IL-2, LAK cells or both.", sentence],
        [
            (0, "Y", "IL-2"),
            (0, "T", "LAK cells"),
            (1, "Y", "IL-2"),
            (1, "T", "LAK cells"),
            (2, "O", "survival"),
        ],
        [("COM", 0, 1), ("NOE", 2, 4), ("NOE", 3, 4)],
    )
    return sorted(rows(document))


def test_assemble_counts_the_combination_among_three_arms() -> None:
    alone = ["IL-2 survival no_effect", "LAK cells survival no_effect"]
    three = ["IL-2 + LAK cells survival no_effect", *alone]

    assert none_of("None of these treatments prolonged survival.") == sorted(three)
    assert none_of("Each of the three regimens left survival as it was.") == sorted(three)
    assert none_of("Neither of these treatments prolonged survival.") == alone
    assert none_of("None of these drugs prolonged survival.") == alone


def as_one(sentence: str) -> list[str]:
    document = make(
        ["IL-2 slowed growth, IL-7 did not.", sentence],
        [(0, "Y", "IL-2"), (0, "Y", "IL-7"), (1, "O", "survival")],
        [("INC", 0, 2), ("INC", 1, 2)],
    )
    return rows(document)


@pytest.mark.parametrize(
    "sentence",
    [
        "The mixture prolonged survival.",
        "Given together, they prolonged survival.",
        "The dual regimen prolonged survival more than either drug.",
        "In the combination arm survival rose.",
        "Combined treatment prolonged survival.",
    ],
)
def test_assemble_joins_agents_that_the_outcome_tells_of_as_one(sentence: str) -> None:
    assert as_one(sentence) == ["IL-2, IL-7 survival increase"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Both prolonged survival.",
        "They prolonged survival better than the combination.",
        "They prolonged survival and may have to be combined.",
        "Taken together, these data show longer survival.",
        "Each of these treatments prolonged survival.",
    ],
)
def test_assemble_joins_no_agents_that_are_not_told_of_as_one(sentence: str) -> None:
    assert as_one(sentence) == ["IL-2 survival increase", "IL-7 survival increase"]


def test_assemble_joins_as_one_by_what_combined_the_agents() -> None:
    document = make(
        ["We gave IL-2 with IL-7.", "IL-2 or IL-7 slowed growth.", "Both together cut pain."],
        [(0, "Y", "IL-2"), (0, "Y", "IL-7"), (1, "Y", "IL-2"), (1, "Y", "IL-7"), (2, "O", "pain")],
        [("COM", 0, 1), ("DEC", 2, 4), ("DEC", 3, 4)],
    )
    [finding] = assemble(document)

    assert finding.relations == ("R1", "R2", "R0")


def across(second: str) -> list[str]:
    document = make(
        ["IL-12 was given.", second],
        [(0, "Y", "IL-12"), (1, "T", "paclitaxel"), (1, "O", "survival")],
        [("COM", 0, 1), ("INC", 1, 2)],
    )
    return rows(document)


def test_assemble_takes_the_partner_that_a_sentence_refers_to() -> None:
    both = ["IL-12 + paclitaxel survival increase"]

    assert across("Adding paclitaxel to it prolonged survival.") == both
    assert across("Combined with it, paclitaxel prolonged survival.") == both


def test_assemble_takes_no_partner_that_did_not_matter() -> None:
    single = ["paclitaxel survival increase"]

    assert across("With or without it, paclitaxel prolonged survival.") == single
    assert across("Afterwards paclitaxel prolonged survival irrespective of it.") == single


def test_assemble_takes_no_partner_of_another_sentence_that_joins_nothing() -> None:
    document = make(
        ["IL-12 was given with paclitaxel.", "Then paclitaxel prolonged survival."],
        [(0, "Y", "IL-12"), (0, "T", "paclitaxel"), (1, "T", "paclitaxel"), (1, "O", "survival")],
        [("COM", 0, 1), ("INC", 2, 3)],
    )

    assert rows(document) == ["paclitaxel survival increase"]


def test_assemble_knows_a_loaded_vehicle_by_its_kind() -> None:
    def document(vehicle: str) -> Document:
        return make(
            ["Nanobubbles carried IL-12.", f"Pain was cut by {vehicle}."],
            [(0, "T", "Nanobubbles"), (0, "Y", "IL-12"), (1, "O", "Pain"), (1, "T", vehicle)],
            [("DEL", 1, 0), ("DEC", 3, 2)],
        )

    armed = document("armed bubbles")
    assert rows(armed) == ["IL-12 [armed bubbles] Pain decrease"]
    assert assemble(armed)[0].relations == ("R1", "R0")
    assert rows(document("unarmed bubbles")) == ["unarmed bubbles Pain decrease"]
    assert rows(document("armed viruses")) == ["armed viruses Pain decrease"]


def test_assemble_knows_a_vehicle_named_with_its_load() -> None:
    document = make(
        ["We transduced TIL with IL12.", "Pain was cut by TIL-ddIL12.", "Fever came with TIL."],
        [
            (0, "T", "TIL"),
            (0, "Y", "IL12"),
            (1, "O", "Pain"),
            (1, "T", "TIL-ddIL12"),
            (2, "O", "Fever"),
        ],
        [("DEL", 1, 0), ("DEC", 3, 2)],
    )

    assert rows(document) == ["IL12 [TIL-ddIL12] Pain decrease"]


def test_assemble_knows_a_vehicle_by_its_definition() -> None:
    document = make(
        ["T-VEC (Imlygic) is a virus encoding GM-CSF.", "T-VEC cut pain."],
        [
            (0, "T", "T-VEC"),
            (0, "T", "virus encoding GM-CSF"),
            (0, "Y", "GM-CSF"),
            (1, "T", "T-VEC"),
            (1, "O", "pain"),
        ],
        [("DEL", 2, 1), ("DEC", 3, 4)],
    )

    assert rows(document) == ["GM-CSF [T-VEC] pain decrease"]


def proposed(hedge: str, *effect: str) -> list[str]:
    document = make(
        ["BCG and interferon cut pain.", "Both together may be tried: BCG and interferon."],
        [
            (0, "T", "BCG"),
            (0, "Y", "interferon"),
            (0, "O", "pain"),
            (1, "T", "BCG"),
            (1, "Y", "interferon"),
        ],
        [("DEC", 0, 2, *effect), ("DEC", 1, 2, *effect), ("COM", 3, 4, hedge)],
    )
    return rows(document)


def test_assemble_joins_no_agents_by_a_combination_only_proposed() -> None:
    assert proposed("spec") == ["BCG pain decrease", "interferon pain decrease"]
    assert proposed("plain") == ["interferon + BCG pain decrease"]
    assert proposed("spec", "spec") == ["interferon + BCG pain decrease"]


def apart(sentence: str) -> list[str]:
    document = make(
        ["We gave BCG with IL-2.", sentence],
        [(0, "T", "BCG"), (0, "Y", "IL-2"), (1, "T", "BCG"), (1, "Y", "IL-2"), (1, "O", "pain")],
        [("COM", 0, 1), ("DEC", 2, 4), ("DEC", 3, 4)],
    )
    return rows(document)


def test_assemble_keeps_arms_apart_by_their_words() -> None:
    two = ["BCG pain decrease", "IL-2 pain decrease"]

    assert apart("In the BCG arm and in the IL-2 arm pain was less.") == two
    assert apart("BCG cured; so did IL-2 with pain.") == two
    assert apart("BCG and IL-2 by themselves cut pain.") == two
    assert apart("BCG and IL-2 cut pain.") == ["IL-2 + BCG pain decrease"]
