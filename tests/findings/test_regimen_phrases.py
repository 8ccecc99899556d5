from __future__ import annotations

import pytest

from il12nlp.findings.regimen_phrases import doses_in, route_name, routes_in


def test_route_name_is_one_for_all_forms() -> None:
    forms = ["i.v.", "IV", "intravenous", "intravenously", "i. v."]
    assert {route_name(form) for form in forms} == {"intravenous"}
    assert route_name("Intratumourally") == route_name("intratumoral")


@pytest.mark.parametrize(
    "dose",
    [
        "10 µg/kg",
        "2.5-µg",
        "3 X 10(6) IU/m2",
        "10(5) U",
        "10^6 CFU",
        "2 x 10^8 PFU",
        "10⁸ pfu/mL",
        "3 × 10⁸ PFU",
        "3 × 8 Gy",
        "10 mg/l",
        "4–6 mg/L",
        "600 000 IU/kg",
        "2 000 000 IU",
        "3 x 10 6 IU/m2",
        "100/150 mg",
        "10 µg kg-1 day-1",
        "50 mg m−2",
        "50 mg m(-2)",
        "250 µg·m–2",
        "0.2 µg/kg/min",
        "1 mg per kg per hour",
        "High-dose",
        "low doses",
    ],
)
def test_dose_is_found_whole(dose: str) -> None:
    text = f"Mice got {dose} once."
    assert [text[s.start : s.end] for s in doses_in(text)] == [dose]


@pytest.mark.parametrize(
    "measured",
    [
        "Tumors held 4.1 ± 0.8 ng of IL-12.",
        "Sera held IL-12 (median 3 ng/ml).",
        "Sera had a mean of 3 ng/ml.",
        "Cells secreted between 3 and 5 ng of IL-12.",
        "Clones releasing, respectively, 2 and 3 ng were picked.",
        "We found 3 ng of IL-12 per mg tissue.",
        "IL-12 fell from 28 to 22 ng/ml.",
        "Ascites contained human IL-12 at 3-5 ng/ml.",
        "IL-12 levels were 12, 15 and 20 ng/ml.",
        "Mice had levels of <3 ng/ml.",
        "IL-12 peaked at 3.1 ng/ml.",
        "Sera held 12 and 15 ng/ml of IL-12.",
        "Up to 12, 15 and 20 ng/ml of IL-12 were found.",
        "The IC50 of IL-12 was 3 nM.",
        "IL-12 had a peak concentration in plasma of 3 ng/ml.",
    ],
)
def test_amount_that_is_measured_is_no_dose(measured: str) -> None:
    assert doses_in(measured) == []


def test_dose_ends_before_its_bracket() -> None:
    text = "IL-2 (50 mg m−2) cut pain."
    assert [text[s.start : s.end] for s in doses_in(text)] == ["50 mg m−2"]


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        ("IP-10 rose after i.p. IL-12, given IV-style.", ["i.p.", "IV"]),
        ("IL-12 was given at 9 p.m., and p.o.", ["p.o."]),
        ("The mean (s.d.) was 3 with s.c. IL-12, 2 p.p. less i.v.", ["s.c.", "i.v."]),
    ],
)
def test_route_is_not_another_short_form(text: str, routes: list[str]) -> None:
    assert [text[s.start : s.end] for s in routes_in(text)] == routes


def test_amount_that_is_given_is_a_dose() -> None:
    text = (
        "The dose was increased from 2 mg to 3 mg, or to a concentration of 5 ng/ml. "
        "Dose levels of 3 and 6 mg, 9 ng/ml of IL-12 in plasma or 12 mg. No signs were found."
    )
    doses = ["2 mg", "3 mg", "5 ng/ml", "3 and 6 mg", "9 ng/ml", "12 mg"]
    assert [text[s.start : s.end] for s in doses_in(text)] == doses


@pytest.mark.parametrize("text", ["Enzymes rose to 40 U/L.", "IL-12 g", "10(6) cells", "B16-5 g"])
def test_dose_is_not_another_figure(text: str) -> None:
    assert doses_in(text) == []
