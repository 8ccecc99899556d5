from __future__ import annotations

from il12nlp.findings.regimen_phrases import route_name


def test_route_name_is_one_for_all_forms() -> None:
    forms = ["i.v.", "IV", "intravenous", "intravenously", "i. v."]
    assert {route_name(form) for form in forms} == {"intravenous"}
    assert route_name("Intratumourally") == route_name("intratumoral")
