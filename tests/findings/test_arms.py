from __future__ import annotations

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
