"""What calibrating a model gains, measured on documents that it was not fitted on.

The documents are dealt into two halves; what is fitted on one is measured on the other, and both
measurements are taken together. What is kept in the end is fitted on all of them.

One scaling serves all mentions and one all relations: with a scaling for each type, items of other
documents became less likely (docs/scores.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from il12nlp.document import Document
from il12nlp.evaluation.calibration import (
    Judgement,
    expected_calibration_error,
    judge_mentions,
    judge_relations,
    reliability_curve,
)
from il12nlp.evaluation.scaling import Scaling, fit_scaling, rescaled
from il12nlp.evaluation.tables import Cell, Table
from il12nlp.schema import CTO, Schema

ByType = Mapping[str, Sequence[Judgement]]
"""Judgements by type of mention or relation."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often items are right, and the expected calibration error of their scores.

    `before` is that of the model's scores, `after` that of scores scaled as other documents teach.
    """

    count: int
    accuracy: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least score, before scaling, for a wanted precision, and what it gave elsewhere.

    `precision` is of the items that it kept in documents it was not fitted on, None where it kept
    none, and `kept` their share of all.
    """

    score: float
    precision: float | None
    kept: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """All mentions or all relations: their scaling, and what it gains, in all and by type.

    `thresholds` has the types that reach the precision that was asked for.
    """

    kind: str
    scaling: Scaling
    whole: Reliability
    types: Mapping[str, Reliability]
    thresholds: Mapping[str, Threshold]


def cross_fit(
    gold: Sequence[Document],
    predicted: Sequence[Document],
    *,
    schema: Schema = CTO,
    precision: float | None = None,
) -> tuple[Calibration, Calibration]:
    """Calibrations of mentions and of relations; scores must be as the model gives them.

    Documents are matched by id. `precision` also asks for thresholds of relations.
    """
    wanted = {d.id for d in gold}
    ordered = sorted((d for d in predicted if d.id in wanted), key=lambda d: d.id)
    halves = ordered[::2], ordered[1::2]
    mentions = [mentions_by_type(gold, half) for half in halves]
    relations = [relations_by_type(gold, half, schema=schema) for half in halves]
    return (
        _calibration("mentions", *mentions, precision=None),
        _calibration("relations", *relations, precision=precision),
    )


def mentions_by_type(gold: Sequence[Document], predicted: Sequence[Document]) -> ByType:
    """What `judge_mentions` says; every predicted document must have its gold one."""
    types = (m.type for d in predicted for m in d.mentions)
    return _sorted_out(types, judge_mentions(gold, predicted))


def relations_by_type(
    gold: Sequence[Document], predicted: Sequence[Document], *, schema: Schema = CTO
) -> ByType:
    """What `judge_relations` says; every predicted document must have its gold one."""
    types = (r.type for d in predicted for r in d.relations)
    return _sorted_out(types, judge_relations(gold, predicted, schema=schema))


def calibration_table(calibrations: Sequence[Calibration]) -> Table:
    """Rows of mentions and relations, each with their types; thresholds where there are any."""
    asked = any(c.thresholds for c in calibrations)
    columns: tuple[str, ...] = ("", "items", "right", "ECE before", "ECE after")
    rows: list[tuple[Cell, ...]] = []
    for c in calibrations:
        rows.append(_row(c.kind, c.whole, None, asked=asked))
        rows += [_row(f"  {t}", r, c.thresholds.get(t), asked=asked) for t, r in c.types.items()]
    more = ("threshold", "precision there", "kept there") if asked else ()
    return Table((*columns, *more), tuple(rows))


def _row(
    name: str, reliability: Reliability, threshold: Threshold | None, *, asked: bool
) -> tuple[Cell, ...]:
    r, t = reliability, threshold
    cells = (name, r.count, r.accuracy, r.before, r.after)
    more = (None, None, None) if t is None else (t.score, t.precision, t.kept)
    return (*cells, *more) if asked else cells


def _sorted_out(types: Iterable[str], judgements: Sequence[Judgement]) -> ByType:
    found: dict[str, list[Judgement]] = defaultdict(list)
    for kind, judgement in zip(types, judgements, strict=True):
        found[kind].append(judgement)
    return found


def _calibration(
    kind: str, first: ByType, second: ByType, *, precision: float | None
) -> Calibration:
    here, there = (fit_scaling(chain(*half.values())) for half in (first, second))
    before, after = {}, {}
    for name in sorted(first.keys() | second.keys()):
        one, other = first.get(name, ()), second.get(name, ())
        before[name] = [*one, *other]
        after[name] = [*rescaled(one, there), *rescaled(other, here)]
    everything = [*chain(*before.values())]
    return Calibration(
        kind,
        scaling=fit_scaling(everything),
        whole=_reliability(everything, [*chain(*after.values())]),
        types={name: _reliability(before[name], after[name]) for name in before},
        thresholds={} if precision is None else _thresholds(first, second, here, there, precision),
    )


def _thresholds(
    first: ByType, second: ByType, here: Scaling, there: Scaling, precision: float
) -> dict[str, Threshold]:
    """Thresholds by the scaling of everything; what they give, by that of the other half."""
    whole = fit_scaling(chain(*first.values(), *second.values()))
    found = {}
    for name in sorted(first.keys() | second.keys()):
        one, other = first.get(name, ()), second.get(name, ())
        score = least_score([*one, *other], whole, precision)
        if score is None:
            continue
        kept = [
            *_from(other, least_score(one, here, precision)),
            *_from(one, least_score(other, there, precision)),
        ]
        share = len(kept) / (len(one) + len(other))
        found[name] = Threshold(score, _accuracy(kept) if kept else None, share)
    return found


def least_score(
    judgements: Sequence[Judgement], scaling: Scaling, precision: float
) -> float | None:
    """The lowest score from which on the scaled scores promise that precision, or None.

    What is promised is their mean. It holds better elsewhere than the share that is right here,
    which a few lucky items at the top can lift.
    """
    ranked = sorted((j.score for j in judgements), reverse=True)
    promised = np.cumsum(scaling(np.array(ranked))) / np.arange(1, len(ranked) + 1)
    enough = np.flatnonzero(promised >= precision)
    return ranked[enough[-1]] if enough.size else None


def _from(judgements: Sequence[Judgement], score: float | None) -> list[Judgement]:
    return [] if score is None else [j for j in judgements if j.score >= score]


def _reliability(before: Sequence[Judgement], after: Sequence[Judgement]) -> Reliability:
    return Reliability(
        count=len(before),
        accuracy=_accuracy(before) if before else 0.0,
        before=_error(before),
        after=_error(after),
    )


def _accuracy(judgements: Sequence[Judgement]) -> float:
    return sum(j.right for j in judgements) / len(judgements)


def _error(judgements: Sequence[Judgement]) -> float:
    return expected_calibration_error(reliability_curve(judgements))
