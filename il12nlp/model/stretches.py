"""The stretches of text that a pair of mentions reads: between its ends, after and before them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

STRETCHES = 3
"""What a pair reads: the words between its ends, after them, and before them."""


def stretches(
    first: Tensor, stop: Tensor, mention_sentences: Tensor, sentences: Tensor, h: Tensor, t: Tensor
) -> list[Tensor]:
    """First word and last + 1 of what each pair reads, `STRETCHES` times. Shape: (pairs, 2).

    Between the ends; from the later end to where its sentence ends; from where the earlier end's
    sentence starts up to it. `sentences`: Shape (words,), in reading order.
    """
    start_1, start_2 = torch.minimum(first[h], first[t]), torch.maximum(first[h], first[t])
    stop_1, stop_2 = torch.minimum(stop[h], stop[t]), torch.maximum(stop[h], stop[t])
    lowest = torch.minimum(mention_sentences[h], mention_sentences[t])
    highest = torch.maximum(mention_sentences[h], mention_sentences[t])
    begin = torch.searchsorted(sentences, lowest)
    end = torch.searchsorted(sentences, highest, right=True)
    between = stop_1, torch.maximum(stop_1, start_2)
    after = stop_2, torch.maximum(stop_2, end)
    before = torch.minimum(begin, start_1), start_1
    return [torch.stack(bounds, dim=1) for bounds in (between, after, before)]


def distinct(bounds: Tensor, words: int) -> tuple[Tensor, Tensor]:
    """Distinct rows, and which of them each row is. Shape: (n, 2) → (distinct, 2), (n,)."""
    keys, places = torch.unique(bounds[:, 0] * (words + 1) + bounds[:, 1], return_inverse=True)
    return torch.stack([keys // (words + 1), keys % (words + 1)], dim=1), places


def weighted_means(values: Tensor, weights: Tensor, bounds: Tensor) -> Tensor:
    """Means over stretches of words.

    Shape: (words, heads, n), (words, heads), (stretches, 2) → (stretches, heads, n).

    Sums over a stretch are differences of running sums, so the cost does not grow with its length.
    These run over what lies between the places where stretches start or end, and in float64, since
    small differences of large sums are what counts.
    """
    terms = torch.cat([(values * weights[..., None]).flatten(1), weights], dim=1)
    ends, places = torch.unique(bounds, return_inverse=True)
    covered = torch.arange(int(ends[0]), int(ends[-1]), device=values.device)
    steps = F.embedding_bag(covered, terms, ends[:-1] - ends[0], mode="sum")
    sums = F.pad(steps, (0, 0, 1, 0)).double().cumsum(0)  # so that gradients are summed so too
    start, stop = places.unbind(dim=1)
    totals = (sums.index_select(0, stop) - sums.index_select(0, start)).float()
    mixed, mass = torch.split(totals, [values[0].numel(), weights.shape[1]], dim=1)
    # The small constant makes an empty stretch read as zeros.
    means: Tensor = mixed.reshape(-1, *values.shape[1:]) / (mass + 1e-3)[..., None]
    return means
