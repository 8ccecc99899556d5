"""Scores made honest after training: a temperature and an offset for mentions and for relations.

A score s becomes sigmoid(logit(s) / temperature + offset), which keeps the order of scores. The
temperature takes back how sure training made the model, the offset how often it is wrong where
it says "one half".

Sources: Guo et al. (2017), "On calibration of modern neural networks", ICML, for the temperature;
Platt (1999), "Probabilistic outputs for support vector machines", for fitting both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from il12nlp.evaluation.calibration import Judgement

Floats = npt.NDArray[np.floating[Any]]

EDGE = 1e-4
"""Scores count as at least this far within 0 and 1: they are rounded to four digits."""

_STEPS = 50
_AS_IT_IS = np.array([1.0, 0.0])
_LEAST_SLOPE = 0.05


@dataclass(frozen=True, slots=True)
class Scaling:
    """How the scores of one kind of item are read; the default leaves them as they are."""

    temperature: float = 1.0
    offset: float = 0.0

    def __call__(self, scores: Floats) -> Floats:
        """The scores as probabilities. Shape: (scores,), as given."""
        if self == UNSCALED:
            return scores
        return _sigmoid(_logit(scores) / self.temperature + self.offset)


UNSCALED = Scaling()


def fit_scaling(judgements: Iterable[Judgement]) -> Scaling:
    """The scaling under which the judgements are most likely.

    Newton's method on the log-likelihood, with a weak prior for leaving scores as they are, so
    that few items teach little.
    """
    items = list(judgements)
    given = _logit(np.array([j.score for j in items], dtype=np.float64))
    right = np.array([j.right for j in items], dtype=np.float64)
    inputs = np.stack([given, np.ones_like(given)], axis=1)
    weights = _AS_IT_IS.copy()
    for _ in range(_STEPS):
        expected = _sigmoid(inputs @ weights)
        gradient = inputs.T @ (expected - right) + (weights - _AS_IT_IS)
        curvature = (inputs * (expected * (1 - expected))[:, None]).T @ inputs + np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        # A whole step may leap over the valley and far up its other side.
        while _loss(weights - step, inputs, right) > _loss(weights, inputs, right) + 1e-9:
            step /= 2
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    # Where surer items are wrong more often, scores say nothing: nearly flat, but never turned.
    slope, offset = max(float(weights[0]), _LEAST_SLOPE), float(weights[1])
    return Scaling(round(1 / slope, 4), round(offset, 4))


def rescaled(judgements: Iterable[Judgement], scaling: Scaling) -> list[Judgement]:
    """The judgements with scaled scores."""
    items = list(judgements)
    scores = scaling(np.array([j.score for j in items]))
    return [Judgement(float(s), j.right) for s, j in zip(scores, items, strict=True)]


def _loss(weights: Floats, inputs: Floats, right: Floats) -> float:
    """Negative log-likelihood of the judgements and the prior."""
    values = inputs @ weights
    away = weights - _AS_IT_IS
    return float((np.logaddexp(0, values) - right * values).sum() + away @ away / 2)


def _logit(scores: Floats) -> Floats:
    inside = np.clip(scores, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def _sigmoid(values: Floats) -> Floats:
    # As tanh, which overflows nowhere.
    return np.asarray((1 + np.tanh(values / 2)) / 2)
