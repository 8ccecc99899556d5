"""Mentions that are known without a model, such as a dictionary's, among those that it finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from il12nlp.document import Mention
from il12nlp.model.decode import Spans
from il12nlp.model.features import Features, word_range

_Row: TypeAlias = tuple[int, int, int, float]
"""First word, last + 1, type and score of a mention."""


def with_known(
    spans: Spans, known: Iterable[Mention], features: Features, types: Sequence[str]
) -> Spans:
    """The spans with the known mentions in the place of spans of their type that overlap them.

    A span that both agree on keeps the model's score. A span that only writes on a known name, with
    no space between, stays too: "PEG-IL-10" is meant where "IL-10" is known. A span of another type
    that a known mention crosses is drawn around it, for mentions nest and never cross ("CBD-IL" of
    "CBD-IL-12"). Known mentions of a type that is not among `types`, or that do not start and end
    with a word, are left out.
    """
    kinds = {name: i for i, name in enumerate(types)}
    columns = (spans.first, spans.stop, spans.types, spans.scores)
    rows = list(zip(*(c.tolist() for c in columns), strict=True))
    scores = {row[:3]: row[3] for row in rows}
    stated = []
    for mention in known:
        place = _words(mention, features) if mention.type in kinds else None
        if place is not None:
            span = (*place, kinds[mention.type])
            stated.append((*span, scores.get(span, mention.score)))
    longer = {_written_on(row, stated, features) for row in rows}
    stated = [s for s in stated if s not in longer]
    if not stated:
        return spans
    kept = [r for r in rows if not any(_overlap(r, s) for s in stated)]
    for i, row in enumerate(kept):
        drawn = _around(row, stated)
        if not any(_overlap(drawn, other) for other in kept if other is not row):
            kept[i] = drawn
    first, stop, kind, score = zip(*sorted([*kept, *stated]), strict=True)
    return Spans(
        np.asarray(first, dtype=np.int64),
        np.asarray(stop, dtype=np.int64),
        np.asarray(kind, dtype=np.int64),
        np.asarray(score, dtype=np.float32),
    )


def _written_on(row: _Row, stated: Sequence[_Row], features: Features) -> _Row | None:
    """The known mention that a span holds with more written on it without a space; None if none.

    A span that overlaps several known mentions, as of "IL-10/IL-12", is written on none of them.
    """
    overlapping = [s for s in stated if _overlap(row, s)]
    if len(overlapping) != 1:
        return None
    first, stop, spans = row[0], row[1], features.word_spans
    known = overlapping[0]
    if not first <= known[0] < known[1] <= stop:
        return None
    around = [*range(first + 1, known[0] + 1), *range(known[1], stop)]
    return known if all(spans[i - 1, 1] == spans[i, 0] for i in around) else None


def _words(mention: Mention, features: Features) -> tuple[int, int] | None:
    """First word and last + 1 of a mention that is made of whole words."""
    place = word_range(features, mention.start, mention.end)
    if place is None:
        return None
    first, stop = place
    ends = features.word_spans[first, 0], features.word_spans[stop - 1, 1]
    return place if ends == (mention.start, mention.end) else None


def _around(row: _Row, stated: Iterable[_Row]) -> _Row:
    """The row with the stated ones that cross its border wholly in it."""
    first, stop, kind, score = row
    for a, b, _, _ in stated:
        if a < first < b < stop or first < a < stop < b:
            first, stop = min(first, a), max(stop, b)
    return first, stop, kind, score


def _overlap(one: _Row, other: _Row) -> bool:
    return one[2] == other[2] and one[0] < other[1] and other[0] < one[1]
