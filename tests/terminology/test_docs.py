from tests.doctests import run_page


def test_terminology_page_examples_hold() -> None:
    assert run_page("docs/terminology.md") > 5
