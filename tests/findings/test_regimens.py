from __future__ import annotations

import pytest

from il12nlp.document import Document
from il12nlp.findings import assemble
from tests.findings.build import make


def phrases(document: Document) -> list[tuple[list[str], list[str]]]:
    """Routes and doses of each finding."""
    return [
        (
            [document.text[s.start : s.end] for s in finding.routes],
            [document.text[s.start : s.end] for s in finding.doses],
        )
        for finding in assemble(document)
    ]


def of(sentence: str) -> tuple[list[str], list[str]]:
    document = make(
        [sentence], [(0, "Y", "IL-12"), (0, "O", "pain"), (0, "T", "5-FU")], [("DEC", 0, 1)]
    )
    [found] = phrases(document)
    return found


@pytest.mark.parametrize(
    ("sentence", "route"),
    [
        ("Intratumoral IL-12 cut pain, 5-FU did not.", "Intratumoral"),
        ("Subcutaneous injections of IL-12 cut pain, 5-FU did not.", "Subcutaneous"),
        ("IL-12 given i.v. cut pain, 5-FU did not.", "i.v."),
        ("IL-12 was injected intraperitoneally and cut pain, 5-FU did not.", "intraperitoneally"),
        ("IL-12 (daily, s.c.) cut pain, 5-FU did not.", "s.c."),
        ("s.c. recombinant IL-12, i.v. 5-FU: both cut pain.", "s.c."),
    ],
)
def test_route_is_tied_to_the_agent_that_it_qualifies(sentence: str, route: str) -> None:
    assert of(sentence) == ([route], [])


@pytest.mark.parametrize(
    "route",
    [
        "Intravenous",
        "intralesionally",
        "peritumoural",
        "perilesional",
        "perineural",
        "percutaneous",
        "ORAL",
        "topical",
        "systemically",
        "parenteral",
        "inhaled",
        "aerosolised",
        "P.O.",
        "i.n.",
        "IP",
        "Sc",
    ],
)
def test_each_form_of_a_route_is_found(route: str) -> None:
    assert of(f"{route} IL-12 cut pain, 5-FU did not.") == ([route], [])


@pytest.mark.parametrize(
    "sentence",
    [
        "IL-12 cut pain, intravenous 5-FU did not.",
        "IL-12 cut oral pain, 5-FU did not.",
        "IL-12 cut pain in stage IV cancer, 5-FU did not.",
        "IL-12 and 5-FU cut pain in oral cancer.",
    ],
)
def test_route_of_another_thing_is_not_taken(sentence: str) -> None:
    assert of(sentence)[0] == []


@pytest.mark.parametrize(
    ("sentence", "dose"),
    [
        ("IL-12 (10 µg/kg) cut pain, 5-FU did not.", "10 µg/kg"),
        ("IL-12 at 0.5, 1 or 2 mcg/kg/day cut pain, 5-FU did not.", "0.5, 1 or 2 mcg/kg/day"),
        ("3 x 10(6) IU/m2 of IL-12 cut pain, 5-FU did not.", "3 x 10(6) IU/m2"),
        ("IL-12 3 MIU/m2 twice daily cut pain, 5-FU did not.", "3 MIU/m2 twice daily"),
        ("Since low-dose IL-12 cut pain, 5-FU was left out.", "low-dose"),
        ("High-dose IL-12 cut pain, 5-FU did not.", "High-dose"),
        ("5-FU (500 mg/m2) and IL-12 (50,000 U) cut pain.", "50,000 U"),
    ],
)
def test_dose_is_tied_to_the_agent_that_it_qualifies(sentence: str, dose: str) -> None:
    assert of(sentence) == ([], [dose])


@pytest.mark.parametrize(
    "sentence",
    [
        "IL-12 cut pain, 5-FU (500 mg/m2) did not.",
        "IL-12 cut pain and enzymes fell to 40 U/L with 5-FU.",
        "IL-12 cut pain below 50 pg/ml, 5-FU did not.",
    ],
)
def test_dose_of_another_thing_is_not_taken(sentence: str) -> None:
    assert of(sentence)[1] == []


@pytest.mark.parametrize(
    ("sentence", "routes", "doses"),
    [
        ("Subcutaneous versus intravenous IL-12 cut pain, 5-FU did not.",
         ["Subcutaneous", "intravenous"], []),
        ("Less pain with low-dose s.c. vs. high-dose i.v. IL-12, not 5-FU.",
         ["s.c.", "i.v."], ["low-dose", "high-dose"]),
        ("IL-12 given s.c. or i.v. cut pain, 5-FU did not.", ["s.c.", "i.v."], []),
        ("IL-12 (2 µg) or 5 µg 5-FU cut pain.", [], ["2 µg"]),
        ("IL-12 s.c. or i.v. 5-FU cut pain.", ["s.c."], []),
        ("IL-12 s.c. versus 5-FU i.v. cut pain.", ["s.c."], []),
    ],
)  # fmt: skip
def test_routes_and_doses_that_are_compared_are_all_those_of_their_agent(
    sentence: str, routes: list[str], doses: list[str]
) -> None:
    assert of(sentence) == (routes, doses)


@pytest.mark.parametrize(
    ("sentence", "route", "dose"),
    [
        ("IL-12 twice weekly (50-300 ng/kg) s.c. cut pain, 5-FU did not.", "s.c.", "50-300 ng/kg"),
        ("IL-12 was given initially by continuous i.v. infusion; 5-FU cut pain.", "i.v.", ""),
        ("Human cytokine (IL-12; 5 µg, i.t.) cut pain, 5-FU did not.", "i.t.", "5 µg"),
        ("IL-12 [5 µg DNA] cut pain, 5-FU did not.", "", "5 µg"),
        ("IL-12 cut pain (n = 9; 2 mg), after 5-FU; 5 mg are too much.", "", ""),
    ],
)
def test_phrases_behind_an_agent_are_found(sentence: str, route: str, dose: str) -> None:
    document = make(
        [sentence, "IL-12 cut pain."],
        [(0, "Y", "IL-12"), (0, "T", "5-FU"), (1, "Y", "IL-12"), (1, "O", "pain")],
        [("DEC", 2, 3)],
    )

    assert phrases(document) == [([route] if route else [], [dose] if dose else [])]


def test_phrases_come_from_where_the_agent_was_given_last() -> None:
    document = make(
        ["We gave IL-12 (1 µg, i.v.).", "Then IL-12 (2 µg, s.c.).", "IL-12 cut pain.",
         "Later came IL-12 (3 µg, i.p.)."],
        [(0, "Y", "IL-12"), (1, "Y", "IL-12"), (2, "Y", "IL-12"), (2, "O", "pain"),
         (3, "Y", "IL-12")],
        [("DEC", 2, 3)],
    )  # fmt: skip

    assert phrases(document) == [(["s.c."], ["2 µg"])]


def test_systemic_is_no_route_of_later_sentences() -> None:
    document = make(
        ["We gave IL-12 i.t. daily.", "Systemic IL-12 is toxic.", "IL-12 cut pain."],
        [(0, "Y", "IL-12"), (1, "Y", "IL-12"), (1, "O", "toxic"), (2, "Y", "IL-12"),
         (2, "O", "pain")],
        [("INC", 1, 2), ("DEC", 3, 4)],
    )  # fmt: skip

    assert phrases(document) == [(["Systemic"], []), (["i.t."], [])]


def test_regimen_of_another_sentence_is_another_studys_in_a_review() -> None:
    document = make(
        ["IL-12 given s.c. at 5 µg/kg cut fever.", "IL-12 cut pain."],
        [(0, "Y", "IL-12"), (0, "O", "fever"), (1, "Y", "IL-12"), (1, "O", "pain")],
        [("DEC", 0, 1), ("DEC", 2, 3)],
    )
    given = (["s.c."], ["5 µg/kg"])

    assert phrases(document) == [given, given]
    assert phrases(document.replace(study_type="review")) == [given, ([], [])]


def test_dose_without_an_agent_is_that_of_the_only_one() -> None:
    document = make(
        ["IL-12 (1 or 3 mg/kg) was given.", "At 3 mg/kg pain developed."],
        [(0, "Y", "IL-12"), (1, "O", "pain")],
        [("INC", 0, 1)],
    )

    assert phrases(document) == [([], ["3 mg/kg"])]


def test_dose_by_weight_may_be_written_with_a_power() -> None:
    document = make(
        ["IL-12 cut pain, and at 3 mg kg-1 it did so twice."],
        [(0, "Y", "IL-12"), (0, "O", "pain")],
        [("DEC", 0, 1)],
    )

    assert phrases(document) == [([], ["3 mg kg-1"])]


def test_two_routes_are_two_findings() -> None:
    document = make(
        ["Intravenous IL-12 cut pain.", "So did subcutaneous IL-12: less pain.", "IL-12 cut pain."],
        [(0, "Y", "IL-12"), (0, "O", "pain"), (1, "Y", "IL-12"), (1, "O", "pain"),
         (2, "Y", "IL-12"), (2, "O", "pain")],
        [("DEC", 0, 1), ("DEC", 2, 3), ("DEC", 4, 5)],
    )  # fmt: skip
    same = make(
        ["Intravenous IL-12 cut pain.", "IL-12 given i.v. cut pain.", "IL-12 cut pain."],
        [(0, "Y", "IL-12"), (0, "O", "pain"), (1, "Y", "IL-12"), (1, "O", "pain"),
         (2, "Y", "IL-12"), (2, "O", "pain")],
        [("DEC", 0, 1), ("DEC", 2, 3), ("DEC", 4, 5)],
    )  # fmt: skip

    assert [f.evidence for f in assemble(document)] == [(0,), (1,), (2,)]
    assert [f.evidence for f in assemble(same)] == [(0, 1, 2)]


def test_two_roles_are_two_findings() -> None:
    document = make(
        ["Recombinant IL-6 raised pain.", "Tumor-derived IL-6 raised pain."],
        [(0, "Y", "IL-6"), (0, "O", "pain"), (1, "Y", "IL-6"), (1, "O", "pain")],
        [("INC", 0, 1), ("INC", 2, 3)],
    )

    assert [f.role for f in assemble(document)] == ["given", "produced"]


def test_long_gaps_are_read_in_no_time() -> None:
    numbers = " ".join(str(n) for n in range(2000))
    assert of(f"IL-12 {numbers} i.v. cut pain and 5-FU.") == ([], [])
