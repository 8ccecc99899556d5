from tests.doctests import run_page


def test_evaluation_page_examples_hold() -> None:
    assert run_page("docs/evaluation.md") > 10
