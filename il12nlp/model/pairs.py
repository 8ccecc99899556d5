"""Candidate pairs: which two mentions a relation could link, and how they lie to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from il12nlp.model.features import Ints
from il12nlp.schema import Schema

Bools = npt.NDArray[np.bool_]

BUCKETS = (13, 19, 6, 6, 7, 2, 2)
"""Number of values of each geometry feature, in the order of `Pairs.geometry`."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of one document as arrays of Shape (mentions,).

    `first` and `stop` are word indices, half-open, `types` indices into the schema's mention
    types, `sentences` the sentence of the first word, `names` equal where two mentions have the
    same folded surface. Sorted by `first`, then `stop`.
    """

    first: Ints
    stop: Ints
    types: Ints
    sentences: Ints
    names: Ints

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs of one document.

    `heads`, `tails`: Shape (pairs,), mention indices. `allowed`: Shape (pairs, 1 + relations),
    column 0 ("no relation") always true. `geometry`: Shape (pairs, len(BUCKETS)).
    """

    heads: Ints
    tails: Ints
    allowed: Bools
    geometry: Ints

    def __len__(self) -> int:
        return len(self.heads)


class PairTable:
    """Enumerates candidate pairs by the rules of a schema.

    An undirected relation is asked only once per pair of mentions: in the direction in which a
    directed relation of the same types is asked too, else from the earlier mention.
    """

    def __init__(self, schema: Schema, *, sentence_distance: int) -> None:
        kinds, labels = schema.mention_types, schema.relations
        self._distance = sentence_distance
        # (head comes first?, head type, tail type, label)
        table = np.zeros((2, len(kinds), len(kinds), 1 + len(labels)), dtype=bool)
        for n, rule in enumerate(labels, start=1):
            for h, t in sorted(rule.pairs):
                i, j = kinds.index(h), kinds.index(t)
                if rule.undirected:
                    for a, b in ((i, j), (j, i)):
                        table[_orders(schema, kinds[a], kinds[b]), a, b, n] = True
                else:
                    table[:, i, j, n] = True
        same_sentence = np.asarray([False, *(r.same_sentence for r in labels)])
        # (in two sentences?, head comes first?, head type, tail type, label)
        self._table = np.stack([table, table & ~same_sentence])
        self._candidate = self._table.any(axis=-1)
        self._table[..., 0] = True
        heads = {h for r in labels for h, _ in r.pairs}
        self._is_head = np.asarray([k in heads for k in kinds])

    def __call__(self, mentions: Mentions) -> Pairs:
        """All candidate pairs of a document, ordered by head, then tail."""
        kinds, sentences = mentions.types, mentions.sentences
        away = np.abs(sentences[:, None] - sentences[None, :])
        apart = (away > 0).astype(np.int64)
        forward = np.triu(np.ones_like(apart))
        wanted = self._candidate[apart, forward, kinds[:, None], kinds[None, :]]
        wanted &= away <= self._distance
        np.fill_diagonal(wanted, False)
        heads, tails = np.nonzero(wanted)
        allowed = self._table[apart[wanted], forward[wanted], kinds[heads], kinds[tails]]
        geometry = self._geometry(mentions, heads, tails)
        return Pairs(heads, tails, allowed, geometry)

    def _geometry(self, m: Mentions, heads: Ints, tails: Ints) -> Ints:
        """How the two ends of each pair lie to each other and to other mentions."""
        acting = self._is_head[m.types]
        earlier, later = np.minimum(heads, tails), np.maximum(heads, tails)
        before = np.concatenate([[0], np.cumsum(acting)])
        count = np.arange(len(m) + 1) - before
        gap = _gap(m, heads, tails)
        distance = np.sign(m.first[tails] - m.first[heads]) * np.log2(1 + gap).astype(np.int64)
        rank, closer_namesake = _closeness(m, heads, tails, gap)
        after = np.minimum(earlier + 1, len(m))
        geometry = np.empty((len(heads), len(BUCKETS)), dtype=np.int64)
        geometry[:, 0] = np.clip(m.sentences[tails] - m.sentences[heads], -6, 6) + 6
        geometry[:, 1] = np.clip(distance, -9, 9) + 9
        geometry[:, 2] = np.minimum(before[later] - before[after], 5)
        geometry[:, 3] = np.minimum(count[later] - count[after], 5)
        geometry[:, 4] = np.minimum(rank, 6)
        geometry[:, 5] = closer_namesake
        geometry[:, 6] = gap == 0
        return geometry


def _orders(schema: Schema, head: str, tail: str) -> list[int]:
    """In which orders (1: head first in the text) an undirected relation of a pair is asked."""
    directed = {p for r in schema.relations if not r.undirected for p in r.pairs}
    if (head, tail) in directed and (tail, head) not in directed:
        return [0, 1]
    if (tail, head) in directed and (head, tail) not in directed:
        return []
    return [1]


def _gap(m: Mentions, heads: Ints, tails: Ints) -> Ints:
    """Words between the two mentions of each pair; 0 where they touch or overlap."""
    start = np.maximum(m.first[heads], m.first[tails])
    stop = np.minimum(m.stop[heads], m.stop[tails])
    gap: Ints = np.maximum(start - stop, 0)
    return gap


def _closeness(m: Mentions, heads: Ints, tails: Ints, gap: Ints) -> tuple[Ints, Bools]:
    """Rank of each head among a tail's candidate heads, and whether a namesake of it is closer.

    The guidelines link the closest mention of an agent, so a model has to know them all.
    """
    far = int(gap.max(initial=0)) + 1
    order = np.argsort(tails * far + gap, kind="stable")
    sorted_tails = tails[order]
    starts = np.flatnonzero(np.diff(sorted_tails, prepend=-1))
    lengths = np.diff(np.append(starts, len(order)))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(starts, lengths)
    key = tails * (int(m.names.max(initial=0)) + 1) + m.names[heads]
    by_name = np.argsort(key * far + gap, kind="stable")
    first = np.diff(key[by_name], prepend=-1) != 0
    namesake = np.empty(len(order), dtype=bool)
    namesake[by_name] = ~first
    return rank, namesake
