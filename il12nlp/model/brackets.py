"""Brackets that a mention opens and does not close, or the other way round.

A tagger decides word by word and so cuts "granulocyte count (AGC)" within its brackets. No mention
of the guidelines does: names are contiguous phrases. Mending it is worth 0.4 points of strict F1
on dev (docs/model.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from il12nlp.model.decode import Spans

Span = tuple[int, int, int, float]
"""First word, last word + 1, type, score."""


def close_brackets(spans: Spans, words: Sequence[str]) -> Spans:
    """The spans of one document, each with as many brackets opened as closed.

    Two neighbours of one type that are whole together are joined. Else a closing bracket that
    follows at once is taken in, and otherwise the span ends before the bracket that has no
    partner. A span that would be empty is dropped.
    """
    depth = list(accumulate(((w == "(") - (w == ")") for w in words), initial=0))
    columns = spans.first, spans.stop, spans.types, spans.scores
    rows = list(zip(*(c.tolist() for c in columns), strict=True))
    if all(_whole(a, b, depth) for a, b, _, _ in rows):
        return spans
    mended = [_mended(row, words, depth) for row in _joined(rows, depth)]
    kept = sorted((r for r in mended if r[0] < r[1]), key=lambda r: r[:3])
    first, stop, types, scores = zip(*kept, strict=True) if kept else ((), (), (), ())
    return Spans(
        np.asarray(first, dtype=np.int64),
        np.asarray(stop, dtype=np.int64),
        np.asarray(types, dtype=np.int64),
        np.asarray(scores, dtype=np.float32),
    )


def _whole(first: int, stop: int, depth: Sequence[int]) -> bool:
    """Whether brackets match: none closed before it is opened, none left open."""
    inside = depth[first : stop + 1]
    return inside[-1] == min(inside) == depth[first]


def _joined(rows: Sequence[Span], depth: Sequence[int]) -> list[Span]:
    """The spans, neighbours of one type made one where that makes them whole."""
    result: list[Span] = []
    for row in sorted(rows, key=lambda r: (r[2], r[0])):
        if result:
            a, b, kind, score = result[-1]
            together = kind == row[2] and b == row[0] and _whole(a, row[1], depth)
            if together and not _whole(a, b, depth):
                result[-1] = (a, row[1], kind, min(score, row[3]))
                continue
        result.append(row)
    return result


def _mended(row: Span, words: Sequence[str], depth: Sequence[int]) -> Span:
    first, stop, kind, score = row
    if _whole(first, stop, depth):
        return row
    if stop < len(words) and words[stop] == ")" and _whole(first, stop + 1, depth):
        return first, stop + 1, kind, score
    open_words: list[int] = []
    for i in range(first, stop):
        if words[i] == "(":
            open_words.append(i)
        elif words[i] == ")":
            if not open_words:
                return first, i, kind, score
            open_words.pop()
    return first, open_words[0], kind, score
