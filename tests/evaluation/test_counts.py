import pytest

from il12nlp.evaluation.counts import Counts, add_tallies


def test_counts_give_precision_recall_and_f1() -> None:
    counts = Counts.of(2, gold=8, predicted=4)
    assert (counts.tp, counts.fp, counts.fn) == (2, 2, 6)
    assert (counts.precision, counts.recall) == (0.5, 0.25)
    assert counts.f1 == pytest.approx(1 / 3)
    assert (counts.gold, counts.predicted) == (8, 4)


def test_counts_of_nothing_are_zero() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (0.0, 0.0, 0.0)


def test_add_tallies_sums_figure_by_figure() -> None:
    total = add_tallies([{"a": Counts(1, 2, 3)}, {"b": Counts(1)}, {"a": Counts(1, 0, 1)}])
    assert total == {"a": Counts(2, 2, 4), "b": Counts(1)}
