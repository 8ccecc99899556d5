"""Whether scores mean what they say: of mentions scored 0.9, nine in ten should be right.

Source: Guo et al. (2017), "On calibration of modern neural networks", ICML, for the expected
calibration error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from il12nlp.document import Document
from il12nlp.evaluation.matching import links, match_links, relation_links, span_of, spans
from il12nlp.schema import CTO, Schema


@dataclass(frozen=True, slots=True)
class Judgement:
    """A predicted item's score and whether it is right."""

    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The items whose scores lie in one stretch: how sure they are, and how often right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def judge_mentions(gold: Iterable[Document], predicted: Iterable[Document]) -> list[Judgement]:
    """Each predicted mention's score, right where gold has the same span and type.

    Documents are matched by id; those that gold lacks are left out.
    """
    judgements = []
    for wanted, found in _pairs(gold, predicted):
        right = spans(wanted)
        judgements += [Judgement(m.score, span_of(m) in right) for m in found.mentions]
    return judgements


def judge_relations(
    gold: Iterable[Document], predicted: Iterable[Document], *, schema: Schema = CTO
) -> list[Judgement]:
    """Each predicted relation's score, right where `rel.overlap` matches it to a gold one.

    The schema tells which relations are undirected.
    """
    judgements = []
    for wanted, found in _pairs(gold, predicted):
        matches = match_links(links(wanted, schema), links(found, schema), schema)
        right = {link for _, link in matches}
        pairs = zip(found.relations, relation_links(found, schema), strict=True)
        judgements += [Judgement(r.score, link in right) for r, link in pairs]
    return judgements


def reliability_curve(judgements: Iterable[Judgement], *, bins: int = 10) -> tuple[Bin, ...]:
    """Bins of equal width over the scores 0 to 1, empty ones left out.

    Raises ValueError for a score outside 0 to 1.
    """
    items = list(judgements)
    scores = np.array([j.score for j in items])
    right = np.array([j.right for j in items], dtype=bool)
    outside = scores[~((scores >= 0) & (scores <= 1))]
    if outside.size:
        raise ValueError(f"score {outside[0]} lies outside 0 to 1")
    places = np.minimum((scores * bins).astype(int), bins - 1)
    curve = []
    for place in np.unique(places):
        inside = places == place
        confidence, accuracy = float(scores[inside].mean()), float(right[inside].mean())
        low, high = place / bins, (place + 1) / bins
        curve.append(Bin(float(low), float(high), int(inside.sum()), confidence, accuracy))
    return tuple(curve)


def expected_calibration_error(curve: Sequence[Bin]) -> float:
    """Mean distance of confidence and accuracy over the items; 0 is perfect, as without items."""
    total = sum(b.count for b in curve)
    error = sum(b.count * abs(b.confidence - b.accuracy) for b in curve)
    return error / total if total else 0.0


def threshold_for_precision(judgements: Iterable[Judgement], precision: float) -> float | None:
    """The lowest score from which on the items are right at least that often, or None.

    Items of equal score are kept or dropped together.
    """
    ranked = sorted(judgements, key=lambda j: j.score, reverse=True)
    best, right = None, 0
    for kept, item in enumerate(ranked, start=1):
        right += item.right
        last_of_score = kept == len(ranked) or ranked[kept].score < item.score
        if last_of_score and right >= precision * kept:
            best = item.score
    return best


def _pairs(
    gold: Iterable[Document], predicted: Iterable[Document]
) -> Iterable[tuple[Document, Document]]:
    wanted = {d.id: d for d in gold}
    return ((wanted[d.id], d) for d in predicted if d.id in wanted)
