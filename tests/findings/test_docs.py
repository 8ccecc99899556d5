from tests.doctests import run_page


def test_findings_page_examples_hold() -> None:
    assert run_page("docs/findings.md") > 5
