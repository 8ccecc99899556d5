from tests.doctests import run_page


def test_summarise_page_examples_hold() -> None:
    assert run_page("docs/summarise.md") > 5
