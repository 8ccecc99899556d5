"""Batches: windows of word pieces for the encoder, and where each word's pieces lie in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from il12nlp.model.features import Features, Ints


@dataclass(frozen=True, slots=True)
class Batch:
    """What one forward pass reads.

    `window_ids`, `window_mask`, `window_shapes`: Shape (windows, width). `piece_slots`,
    `piece_words`: Shape (pieces,), place of each piece in the flattened windows and its word.
    `word_documents`, `word_sentences`: Shape (words,). `document_words`: Shape (documents + 1,),
    bounds of each document's words.
    """

    window_ids: Tensor
    window_mask: Tensor
    window_shapes: Tensor
    piece_slots: Tensor
    piece_words: Tensor
    word_documents: Tensor
    word_sentences: Tensor
    document_words: Tensor

    def to(self, device: torch.device | str) -> Batch:
        """The batch on another device."""
        return Batch(*(getattr(self, f.name).to(device, non_blocking=True) for f in fields(self)))

    def as_dict(self) -> dict[str, Any]:
        """The tensors by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def windows(pieces: int, width: int, overlap: int) -> list[tuple[int, int]]:
    """Bounds of the windows that cover a text; more than one only where it is longer.

    Neighbours share at least `overlap` pieces, and all are equally long and no longer than
    needed, so that no window is a short rest without context and none costs more than it gives.
    """
    if pieces <= width:
        return [(0, pieces)]
    count = -(-(pieces - overlap) // (width - overlap))
    size = -(-(pieces + (count - 1) * overlap) // count)
    starts = [round(i * (pieces - size) / (count - 1)) for i in range(count)]
    return [(s, s + size) for s in starts]


def owners(bounds: Sequence[tuple[int, int]], pieces: int) -> Ints:
    """For each piece the window that speaks for it: the one whose edges are farthest away.

    As all windows are of one length, that is the one whose middle is nearest; of two, the first.
    """
    borders = [a + b + c + d - 2 for (a, b), (c, d) in pairwise(bounds)]  # four times the place
    return np.searchsorted(np.asarray(borders), 4 * np.arange(pieces)).astype(np.int64)


def collate(
    features: Sequence[Features],
    *,
    window: int,
    overlap: int,
    cls_id: int,
    sep_id: int,
    pad_id: int,
) -> Batch:
    """Batch of documents; `window` and `overlap` count pieces without the special tokens."""
    cuts = [windows(len(f.piece_ids), window, overlap) for f in features]
    width = max(b - a for c in cuts for a, b in c) + 2
    total = sum(map(len, cuts))
    ids = np.full((total, width), pad_id, dtype=np.int64)
    mask = np.zeros((total, width), dtype=np.int64)
    shapes = np.zeros((total, width), dtype=np.int64)
    slots, row = [], 0
    for f, bounds in zip(features, cuts, strict=True):
        piece_shapes = f.word_shapes[f.piece_words] + 1
        for i, (a, b) in enumerate(bounds):
            ids[row + i, 0], ids[row + i, b - a + 1] = cls_id, sep_id
            ids[row + i, 1 : b - a + 1] = f.piece_ids[a:b]
            mask[row + i, : b - a + 2] = 1
            shapes[row + i, 1 : b - a + 1] = piece_shapes[a:b]
        owner = owners(bounds, len(f.piece_ids))
        starts = np.asarray([a for a, _ in bounds])
        slots.append((row + owner) * width + np.arange(len(owner)) - starts[owner] + 1)
        row += len(bounds)
    counts = np.asarray([f.words for f in features], dtype=np.int64)
    edges = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    shifted = [f.piece_words + e for f, e in zip(features, edges, strict=False)]
    return Batch(
        window_ids=torch.from_numpy(ids),
        window_mask=torch.from_numpy(mask),
        window_shapes=torch.from_numpy(shapes),
        piece_slots=torch.from_numpy(np.concatenate(slots)),
        piece_words=torch.from_numpy(np.concatenate(shifted)),
        word_documents=torch.from_numpy(np.repeat(np.arange(len(features)), counts)),
        word_sentences=torch.from_numpy(np.concatenate([f.word_sentences for f in features])),
        document_words=torch.from_numpy(edges),
    )


def by_token_budget(lengths: Sequence[int], *, budget: int) -> Iterator[list[int]]:
    """Indices in batches of similar length, each of at most `budget` padded pieces.

    Longest first, so that a device that is too small says so at once. A text longer than the
    budget makes a batch of its own.
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
