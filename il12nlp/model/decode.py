"""From logits to mentions and relations, vectorised over documents and types."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from il12nlp.model.features import Ints
from il12nlp.model.mention_head import BEGIN, INSIDE, OUTSIDE

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spans:
    """Mentions of one document, sorted by place. All of Shape (mentions,)."""

    first: Ints
    stop: Ints
    types: Ints
    scores: Floats


def log_softmax(logits: Floats) -> Floats:
    """Log-probabilities over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)


def best_tags(log_probabilities: Floats, bounds: Ints) -> npt.NDArray[np.int8]:
    """Best legal tag sequence of each document and type (Viterbi).

    Shape: (words, types, 3), (documents + 1,) → (words, types). Legal means that INSIDE follows
    BEGIN or INSIDE of the same document.
    """
    lengths = np.diff(bounds)
    longest, types = int(lengths.max(initial=0)), log_probabilities.shape[1]
    inside = np.arange(longest)[None, :] < lengths[:, None]
    padded = np.zeros((len(lengths), longest, types, 3), np.float32)
    padded[inside] = log_probabilities
    steps = padded.transpose(1, 0, 2, 3)
    back = np.zeros((longest, len(lengths), types, 3), np.int8)
    score = np.full((len(lengths), types, 3), -np.inf, np.float32)
    for n in range(longest):
        if n == 0:
            score[..., OUTSIDE], score[..., BEGIN] = steps[0, ..., OUTSIDE], steps[0, ..., BEGIN]
            continue
        before = score.argmax(axis=-1)
        best = np.take_along_axis(score, before[..., None], axis=-1)[..., 0]
        extend = np.where(score[..., INSIDE] > score[..., BEGIN], INSIDE, BEGIN)
        extended = np.maximum(score[..., INSIDE], score[..., BEGIN])
        back[n, ..., OUTSIDE] = back[n, ..., BEGIN] = before
        back[n, ..., INSIDE] = extend
        score = np.stack([best, best, extended], axis=-1) + steps[n]
        # A shorter document has ended: its padding scores 0 for every tag and must not rule.
        score = np.where((n < lengths)[:, None, None], score, _hold(best))
    tags = np.zeros((longest, len(lengths), types), np.int8)
    tag = score.argmax(axis=-1)
    for n in range(longest - 1, -1, -1):
        tags[n] = tag
        tag = np.take_along_axis(back[n], tag[..., None].astype(np.int64), axis=-1)[..., 0]
    return tags.transpose(1, 0, 2)[inside]


def _hold(best: Floats) -> Floats:
    """Score of a document that has ended: only OUTSIDE goes on, at no cost."""
    held = np.full((*best.shape, 3), -np.inf, np.float32)
    held[..., OUTSIDE] = best
    return held


def spans_of(tags: npt.NDArray[np.int8], log_probabilities: Floats) -> Spans:
    """Mentions of one document's tags. Shape: (words, types), (words, types, 3).

    A score is the probability of exactly this span: that it begins here, goes on, and ends.
    """
    words, types = tags.shape
    begins, kinds = np.nonzero(tags == BEGIN)
    going_on = np.concatenate([tags == INSIDE, np.zeros((1, types), bool)])
    ends = (
        words
        - np.maximum.accumulate(np.where(going_on[::-1], 0, np.arange(words + 1)[:, None]), axis=0)[
            ::-1
        ]
    )
    stops = ends[begins + 1, kinds]
    inside = np.concatenate([np.zeros((1, types)), log_probabilities[..., INSIDE].cumsum(axis=0)])
    goes_on = np.exp(np.concatenate([log_probabilities[..., INSIDE], np.full((1, types), -np.inf)]))
    logs = (
        log_probabilities[begins, kinds, BEGIN]
        + inside[stops, kinds]
        - inside[begins + 1, kinds]
        + np.log1p(-np.minimum(goes_on[stops, kinds], 1 - 1e-6))
    )
    order = np.lexsort((kinds, stops, begins))
    return Spans(
        begins[order].astype(np.int64),
        stops[order].astype(np.int64),
        kinds[order].astype(np.int64),
        np.exp(logs[order]).astype(np.float32),
    )
