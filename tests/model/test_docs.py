from tests.doctests import run_page


def test_scores_page_examples_hold() -> None:
    assert run_page("docs/scores.md") >= 3
