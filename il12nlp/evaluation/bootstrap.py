"""How far a score may be trusted: bootstrap intervals over documents.

Documents are drawn with replacement, since mentions of one abstract are not independent. Source:
Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapters 13 and 16; for two systems
Koehn (2004), "Statistical significance tests for machine translation evaluation", EMNLP.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from il12nlp.evaluation.counts import Counts, Tally

_CHUNK = 100
"""Samples drawn at once, which bounds the memory by 100 × documents."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its percentile interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the second system's figure exceeds the first's, with its percentile interval.

    `p_value` is two-sided: how often chance alone would draw documents that turn the sign.
    """

    value: float
    low: float
    high: float
    p_value: float


def bootstrap(
    tallies: Sequence[Tally],
    *,
    figures: Collection[str] | None = None,
    samples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> dict[str, Interval]:
    """Interval of each figure's F1 (or accuracy), from the tallies of the single documents.

    Without `figures` all that occur are taken. Raises ValueError without documents, and for a
    figure that none of them has.
    """
    names = _figures(figures, tallies)
    counts = _count_array(tallies, names)
    drawn = np.concatenate(
        [_f1(_draw(w, counts)) for w in _weights(len(tallies), samples=samples, seed=seed)]
    )
    low, high = _percentiles(drawn, confidence)
    value = _f1(counts.sum(axis=0))
    return {n: Interval(float(value[i]), low[i], high[i]) for i, n in enumerate(names)}


def paired_bootstrap(
    first: Sequence[Tally],
    second: Sequence[Tally],
    *,
    figures: Collection[str] | None = None,
    samples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> dict[str, Difference]:
    """Difference of two systems on the same documents, `second` minus `first`, figure by figure.

    Raises ValueError where the two were not tallied on as many documents; errors else as in
    `bootstrap`.
    """
    if len(first) != len(second):
        raise ValueError(
            f"{len(first)} and {len(second)} documents; tally both systems on the same ones"
        )
    names = _figures(figures, (*first, *second))
    one, two = _count_array(first, names), _count_array(second, names)
    drawn = np.concatenate(
        [
            _f1(_draw(w, two)) - _f1(_draw(w, one))
            for w in _weights(len(first), samples=samples, seed=seed)
        ]
    )
    low, high = _percentiles(drawn, confidence)
    value = _f1(two.sum(axis=0)) - _f1(one.sum(axis=0))
    turned = np.minimum((drawn <= 0).sum(axis=0), (drawn >= 0).sum(axis=0))
    p_values = np.minimum(1.0, 2 * (turned + 1) / (samples + 1))
    return {
        n: Difference(float(value[i]), low[i], high[i], float(p_values[i]))
        for i, n in enumerate(names)
    }


def _figures(figures: Collection[str] | None, tallies: Sequence[Tally]) -> list[str]:
    if not tallies:
        raise ValueError("no documents to draw from")
    known = dict.fromkeys(key for tally in tallies for key in tally)
    unknown = [f for f in figures or () if f not in known]
    if unknown:
        raise ValueError(f"no document has {', '.join(unknown)}; there are {', '.join(known)}")
    return list(known if figures is None else figures)


def _count_array(tallies: Sequence[Tally], names: Sequence[str]) -> Floats:
    """Counts as an array. Shape: (documents, figures, 3), the last being tp, fp, fn."""
    none = Counts()
    rows = [[t.get(name, none) for name in names] for t in tallies]
    return np.array([[(c.tp, c.fp, c.fn) for c in row] for row in rows], dtype=np.float64)


def _weights(documents: int, *, samples: int, seed: int) -> Iterator[Floats]:
    """How often each document is drawn. Shape of each: (up to 100 samples, documents)."""
    rng = np.random.default_rng(seed)
    share = np.full(documents, 1 / documents)
    for done in range(0, samples, _CHUNK):
        size = min(_CHUNK, samples - done)
        yield rng.multinomial(documents, share, size=size).astype(np.float64)


def _draw(weights: Floats, counts: Floats) -> Floats:
    """Summed counts of the drawn corpora. Shape: (samples, figures, 3)."""
    return np.tensordot(weights, counts, axes=1)


def _f1(counts: Floats) -> Floats:
    """F1 over the last axis, 0 where there is nothing; equals the accuracy for single labels."""
    tp, fp, fn = counts[..., 0], counts[..., 1], counts[..., 2]
    items = 2 * tp + fp + fn
    return np.divide(2 * tp, items, out=np.zeros_like(items), where=items > 0)


def _percentiles(drawn: Floats, confidence: float) -> tuple[list[float], list[float]]:
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail), axis=0)
    return low.tolist(), high.tolist()
