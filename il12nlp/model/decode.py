"""From logits to mentions, for all documents and types of a batch at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from il12nlp.model.features import Ints
from il12nlp.model.mention_head import BEGIN, INSIDE, OUTSIDE

Floats = npt.NDArray[np.float32]
Tags = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Spans:
    """Mentions of one document, sorted by place. All of Shape (mentions,)."""

    first: Ints
    stop: Ints
    types: Ints
    scores: Floats

    def where(self, kept: npt.NDArray[np.bool_]) -> Spans:
        """The mentions for which `kept` is true. Shape: (mentions,)."""
        return Spans(self.first[kept], self.stop[kept], self.types[kept], self.scores[kept])

    def ending(self, stops: Ints) -> Spans:
        """The mentions with other ends, in their order again. Shape: (mentions,)."""
        order = np.lexsort((self.types, stops, self.first))
        columns = self.first, stops, self.types, self.scores
        return Spans(*(column[order] for column in columns))


def bounds_of_sentences(word_sentences: Sequence[Ints]) -> Ints:
    """Bounds of the sentences of a batch, which no mention crosses.

    Shape: for each document (words,), the sentence of each word → (sentences with words + 1,).
    """
    new = [np.diff(s, prepend=-1) != 0 for s in word_sentences]
    starts = np.flatnonzero(np.concatenate(new))
    return np.append(starts, sum(map(len, new)))


def log_softmax(logits: Floats) -> Floats:
    """Log-probabilities over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)


def best_tags(log_probabilities: Floats, bounds: Ints) -> Tags:
    """Best legal tag sequence of each sentence and type.

    Shape: (words, types, 3), (sentences + 1,) → (words, types). Legal means that INSIDE follows
    BEGIN or INSIDE of the same sentence. Where the likeliest tags are legal they are the best, as
    they mostly are; the rest is found by Viterbi.
    """
    tags: Tags = log_probabilities.argmax(axis=-1).astype(np.int8)
    before = np.full_like(tags, OUTSIDE)
    before[1:] = tags[:-1]
    before[bounds[:-1][np.diff(bounds) > 0]] = OUTSIDE
    words, kinds = np.nonzero((tags == INSIDE) & (before == OUTSIDE))
    sentences = np.searchsorted(bounds, words, side="right") - 1
    for sentence, kind in set(zip(sentences.tolist(), kinds.tolist(), strict=True)):
        own = slice(bounds[sentence], bounds[sentence + 1])
        tags[own, kind] = _viterbi(log_probabilities[own, kind].tolist())
    return tags


def _viterbi(log_probabilities: list[list[float]]) -> list[int]:
    """Best legal tags of one sentence and type. Shape: (words, 3) → (words,).

    In plain Python, which is faster than arrays of three.
    """
    scores = (0.0, -math.inf, -math.inf)  # as if a word outside came first
    back = []
    for outside, begin, inside in log_probabilities:
        likeliest = scores.index(max(scores))
        opened = INSIDE if scores[INSIDE] > scores[BEGIN] else BEGIN
        back.append((likeliest, likeliest, opened))
        best = scores[likeliest]
        scores = (best + outside, best + begin, scores[opened] + inside)
    tag, tags = scores.index(max(scores)), []
    for before in reversed(back):
        tags.append(tag)
        tag = before[tag]
    return tags[::-1]


def spans_of(
    tags: Tags, log_probabilities: Floats, bounds: Ints, sentence_bounds: Ints
) -> list[Spans]:
    """Mentions of each document's legal tags.

    Shape: (words, types), (words, types, 3), (documents + 1,), (sentences + 1,). A score is the
    probability of exactly this span: that it begins here, goes on, and ends.
    """
    words, types = tags.shape
    begins, kinds = np.nonzero(tags == BEGIN)
    padded = np.concatenate([tags, np.full((1, types), OUTSIDE, np.int8)])
    stops = begins + 1
    while (going := padded[stops, kinds] == INSIDE).any():
        stops += going
    # In float64, since small differences of large sums are what counts.
    inside = log_probabilities[..., INSIDE].astype(np.float64)
    running = inside.cumsum(axis=0)
    ends = sentence_bounds[np.searchsorted(sentence_bounds, begins, side="right")]
    goes_on = np.exp(inside[np.minimum(stops, words - 1), kinds])
    logs = (
        log_probabilities[begins, kinds, BEGIN]
        + running[stops - 1, kinds]
        - running[begins, kinds]
        + np.where(stops < ends, np.log1p(-np.minimum(goes_on, 1 - 1e-6)), 0.0)
    )
    order = np.lexsort((kinds, stops, begins))
    begins, stops, kinds = begins[order], stops[order], kinds[order]
    scores = np.exp(logs[order]).astype(np.float32)
    cuts = np.searchsorted(begins, bounds).tolist()
    return [
        Spans(begins[a:b] - bounds[i], stops[a:b] - bounds[i], kinds[a:b], scores[a:b])
        for i, (a, b) in enumerate(pairwise(cuts))
    ]
