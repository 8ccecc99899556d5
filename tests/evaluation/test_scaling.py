from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.evaluation.calibration import (
    Judgement,
    expected_calibration_error,
    reliability_curve,
)
from il12nlp.evaluation.scaling import UNSCALED, Scaling, fit_scaling, rescaled


def drawn(count: int, *, temperature: float, offset: float) -> list[Judgement]:
    """Items of a model whose scores are read rightly under this scaling."""
    random = np.random.default_rng(3)
    scores = random.uniform(0.5, 0.999, count)
    honest = 1 / (1 + np.exp(-(np.log(scores / (1 - scores)) / temperature + offset)))
    right = random.uniform(size=count) < honest
    return [Judgement(float(s), bool(r)) for s, r in zip(scores, right, strict=True)]


def error(judgements: list[Judgement]) -> float:
    return expected_calibration_error(reliability_curve(judgements))


@pytest.mark.parametrize(("temperature", "offset"), [(2.0, 0.0), (1.0, -1.0), (1.5, -0.5)])
def test_fit_scaling_finds_how_scores_are_to_be_read(temperature: float, offset: float) -> None:
    items = drawn(20_000, temperature=temperature, offset=offset)
    fitted = fit_scaling(items)
    assert fitted.temperature == pytest.approx(temperature, rel=0.1)
    assert fitted.offset == pytest.approx(offset, abs=0.1)
    assert error(items) > 0.08
    assert error(rescaled(items, fitted)) < 0.02


def test_fit_scaling_leaves_honest_scores_nearly_alone() -> None:
    fitted = fit_scaling(drawn(20_000, temperature=1.0, offset=0.0))
    assert (fitted.temperature, fitted.offset) == pytest.approx((1.0, 0.0), abs=0.1)


def test_fit_scaling_learns_little_from_few_items() -> None:
    assert fit_scaling([]) == UNSCALED
    fitted = fit_scaling([Judgement(0.6, False)] * 2)
    assert -1 < fitted.offset < 0
    assert 1 < fitted.temperature < 2


def test_fit_scaling_never_turns_the_order() -> None:
    turned = [Judgement(0.99, False)] * 200 + [Judgement(0.51, True)] * 200
    assert fit_scaling(turned).temperature == 20.0


@pytest.mark.parametrize("sure", [0.0, 1.0])
def test_scaling_takes_a_score_at_the_edge(sure: float) -> None:
    [score] = Scaling(2.0, 0.0)(np.array([sure]))
    assert abs(score - sure) == pytest.approx(0.01, abs=0.001)


def test_scaling_that_does_nothing_keeps_every_digit() -> None:
    scores = np.array([0.0, 0.12345, 1.0])
    assert UNSCALED(scores) is scores


@given(
    st.lists(st.floats(0, 1), min_size=2, max_size=20),
    st.floats(0.1, 10),
    st.floats(-3, 3),
)
def test_scaling_keeps_the_order_and_the_bounds(
    scores: list[float], temperature: float, offset: float
) -> None:
    scaled = Scaling(temperature, offset)(np.array(sorted(scores)))
    assert (np.diff(scaled) >= 0).all()
    assert ((scaled >= 0) & (scaled <= 1)).all()


def test_rescaled_keeps_what_is_right() -> None:
    items = [Judgement(0.5, True), Judgement(0.5, False)]
    lower = pytest.approx(1 / (1 + np.e))
    assert rescaled(items, Scaling(1.0, -1.0)) == [Judgement(lower, True), Judgement(lower, False)]
    assert rescaled([], Scaling(2.0, 1.0)) == []
