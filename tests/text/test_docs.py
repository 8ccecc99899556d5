from tests.doctests import run_page


def test_text_page_examples_hold() -> None:
    assert run_page("docs/text.md") > 10
