from __future__ import annotations

import pytest

from il12nlp.document import Document
from il12nlp.findings import assemble
from tests.findings.build import make


def compared(document: Document) -> list[list[str]]:
    return [
        [document.mention_by_id[i].text for i in finding.comparators]
        for finding in assemble(document)
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "IL-12 cut pain more than cisplatin alone.",
        "IL-12 cut pain compared with cisplatin.",
        "IL-12 cut pain (12% vs. 40% with cisplatin; p = 0.01).",
        "IL-12 cut pain (2 versus 5 days (range, 4 to 6) with cisplatin).",
        "Compared with cisplatin, IL-12 cut pain.",
        "IL-12 cut pain further after a week than after cisplatin.",
    ],
)
def test_comparator_is_what_the_sentence_compares_with(sentence: str) -> None:
    document = make(
        [sentence],
        [(0, "Y", "IL-12"), (0, "T", "cisplatin"), (0, "O", "pain")],
        [("DEC", 0, 2)],
    )

    assert compared(document) == [["cisplatin"]]


@pytest.mark.parametrize(
    "sentence",
    [
        "IL-12 and later cisplatin cut pain.",
        "IL-12 cut pain over 8 weeks, then came cisplatin.",
        "Unlike expected, IL-12 cut pain and cisplatin did not.",
        "IL-12 cut pain more than salt; cisplatin is another matter.",
        "IL-12 cut pain, whereas weight fell more than with cisplatin.",
        "IL-12 cut pain (2 v. 5 days), while cisplatin did not.",
        "IL-12 cut pain (2 [1–3] vs 5 [4–6] days) in those on cisplatin.",
        "With IL-12 pain lasted 2 versus 5 days, cisplatin was hardly needed.",
        "IL-12 cut pain and graft-versus-host disease after cisplatin.",
        "IL-12 cut pain, as Annexin V binding to cells under cisplatin foretold.",
        "IL-12 cut pain on i.v. cisplatin.",
        "IL-12 cut pain by more than 20% in all those on cisplatin.",
    ],
)
def test_comparator_is_not_what_merely_stands_there(sentence: str) -> None:
    document = make(
        [sentence],
        [(0, "Y", "IL-12"), (0, "T", "cisplatin"), (0, "O", "pain")],
        [("DEC", 0, 2)],
    )

    assert compared(document) == [[]]


def combination(sentence: str, *extra: tuple[object, ...]) -> Document:
    return make(
        [sentence],
        [(0, "Y", "IL-12"), (0, "T", "cisplatin"), (0, "O", "pain"), *extra],  # type: ignore[arg-type]
        [("COM", 0, 1), ("DEC", 0, 2), ("DEC", 1, 2)],
    )


def test_comparator_of_a_combination_may_be_one_of_its_agents() -> None:
    document = combination(
        "IL-12 plus cisplatin cut pain more than cisplatin alone.", (0, "T", "cisplatin", 2)
    )

    assert compared(document) == [["cisplatin"]]
    assert assemble(document)[0].comparators == ("T3",)


@pytest.mark.parametrize("words", ["either agent alone", "did either drug", "the single agents"])
def test_comparators_of_a_combination_are_its_parts_where_each_is_meant(words: str) -> None:
    assert compared(combination(f"IL-12 plus cisplatin cut pain more than {words}.")) == [
        ["IL-12", "cisplatin"]
    ]


def test_comparator_arm_has_no_comparator_itself() -> None:
    document = make(
        ["Pain fell with IL-12, compared with a smaller fall under cisplatin."],
        [(0, "O", "Pain"), (0, "Y", "IL-12"), (0, "T", "cisplatin")],
        [("DEC", 1, 0), ("DEC", 2, 0)],
    )

    assert compared(document) == [["cisplatin"], []]


def test_comparators_of_a_list_are_all_taken() -> None:
    document = make(
        ["IL-12 cut pain more than cisplatin or 5-FU did, and was safe with GM-CSF."],
        [
            (0, "Y", "IL-12"),
            (0, "O", "pain"),
            (0, "T", "cisplatin"),
            (0, "T", "5-FU"),
            (0, "Y", "GM-CSF"),
        ],
        [("DEC", 0, 1)],
    )

    assert compared(document) == [["cisplatin", "5-FU"]]


def test_comparators_of_two_comparisons_are_both_taken() -> None:
    document = combination(
        "IL-12 plus cisplatin cut pain compared with cisplatin alone and, by half, compared with "
        "IL-12 alone.",
        (0, "T", "cisplatin", 2),
        (0, "Y", "IL-12", 2),
    )

    assert compared(document) == [["cisplatin", "IL-12"]]
