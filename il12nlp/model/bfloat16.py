"""The encoder in bfloat16 on a CPU: BERT's layers over word pieces with hardly any padding.

Against autocast over the transformers library's layers: weights are cast once, layer norms and sums
stay in bfloat16, the three projections of attention are one product, and PyTorch's attention,
which spends most of its time on exponentials in float32, gives way to exponentials in bfloat16.
Together that takes three fifths of the time (docs/batch.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from il12nlp.model.batches import Batch
from il12nlp.model.encoder import WordEncoder

LEAST, MOST = 2.0**-100, 2.0**100
"""Between these a sum of weights, and their product with values, is exact enough."""

ROWS, WINDOW_ROWS = 64, 16
"""Batches and windows are filled up with zeros to multiples of so many pieces.

PyTorch makes a kernel for each size of a product, which takes longer than a window's products do.
"""


class Bfloat16Encoder(WordEncoder):
    """A trained BERT `WordEncoder` whose layers run in bfloat16 on the CPU; for inference."""

    def __init__(self, encoder: WordEncoder) -> None:
        nn.Module.__init__(self)
        self.width = encoder.width
        self.shapes = encoder.shapes
        self.embeddings = encoder.transformer.embeddings
        self._layers = [_Layer.of(layer) for layer in encoder.transformer.encoder.layer]

    @staticmethod
    def reads(encoder: WordEncoder) -> bool:
        """Whether an encoder is one whose layers are known here."""
        config = encoder.transformer.config
        return config.model_type == "bert" and not config.is_decoder

    def forward(self, batch: Batch) -> Tensor:
        """States of the words. Shape: (words, width)."""
        # What is in bfloat16 here is so by choice; autocast would look at every product.
        with torch.autocast("cpu", enabled=False):
            return super().forward(batch)

    def _windows(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        words = self.embeddings.word_embeddings(ids) + self.shapes(shapes)
        embedded = self.embeddings(inputs_embeds=words)
        filled = mask.bool()
        lengths = filled.sum(dim=1).tolist()
        chosen = embedded[filled].bfloat16()
        pieces = len(chosen)
        states = F.pad(chosen, (0, 0, 0, -pieces % ROWS))
        for layer in self._layers:
            states = layer(states, lengths)
        padded = torch.zeros_like(embedded)
        padded[filled] = states[:pieces].float()
        return padded


@dataclass(frozen=True, slots=True)
class _Layer:
    """Weights of one layer in bfloat16, as `F.linear` and `F.layer_norm` take them."""

    heads: int
    projections: tuple[Tensor, Tensor]
    mixed: tuple[Tensor, Tensor]
    widen: tuple[Tensor, Tensor]
    narrow: tuple[Tensor, Tensor]
    norms: tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]
    activation: Callable[[Tensor], Tensor]

    @classmethod
    def of(cls, layer: Any) -> _Layer:
        """The weights of a BERT layer of the transformers library."""
        attention = layer.attention.self
        # Scores come out as powers of two, whose exponentials are cheaper than those of e.
        scale = math.log2(math.e) / math.sqrt(attention.attention_head_size)
        query, key, value = attention.query, attention.key, attention.value
        parts = [(query.weight * scale, query.bias * scale)]
        parts += [(part.weight, part.bias) for part in (key, value)]
        weights, biases = zip(*parts, strict=True)
        return cls(
            attention.num_attention_heads,
            _cast(torch.cat(weights), torch.cat(biases)),
            _cast(layer.attention.output.dense.weight, layer.attention.output.dense.bias),
            _cast(layer.intermediate.dense.weight, layer.intermediate.dense.bias),
            _cast(layer.output.dense.weight, layer.output.dense.bias),
            (_norm(layer.attention.output.LayerNorm), _norm(layer.output.LayerNorm)),
            layer.intermediate.intermediate_act_fn,
        )

    def __call__(self, states: Tensor, lengths: Sequence[int]) -> Tensor:
        """Shape: (pieces, hidden size) → the same; `lengths` of the windows one after another."""
        after_attention, after_feed = self.norms
        attended = attend(F.linear(states, *self.projections), lengths, heads=self.heads)
        states = after_attention(F.linear(attended, *self.mixed).add_(states))
        fed = F.linear(self.activation(F.linear(states, *self.widen)), *self.narrow)
        return after_feed(fed.add_(states))


def attend(projected: Tensor, lengths: Sequence[int], *, heads: int) -> Tensor:
    """Attended values of windows that lie one after another.

    Shape: (pieces, 3 · hidden size) → (pieces, hidden size). `projected` holds queries, keys and
    values; the product of a query and a key is the binary logarithm of the key's weight. Pieces
    after the last window are given zeros.
    """
    pieces = len(projected)
    split = projected.view(pieces, 3, heads, -1)
    result = projected.new_empty(pieces, heads, split.shape[3])
    result[sum(lengths) :] = 0.0
    # Window by window, so that the scores of one stay in the cache.
    for start, stop in pairwise(accumulate(lengths, initial=0)):
        attended = _attended(split[start:stop].permute(1, 2, 0, 3))
        result[start:stop] = attended.transpose(0, 1)
    return result.view(pieces, -1)


def _attended(parts: Tensor) -> Tensor:
    """Shape: (3, heads, pieces, head size) → (heads, pieces, head size)."""
    pieces = parts.shape[2]
    rows = pieces + -pieces % WINDOW_ROWS
    filled = parts.new_empty(*parts.shape[:2], rows, parts.shape[3])
    filled[:, :, :pieces] = parts
    filled[:, :, pieces:] = 0.0
    query, key, value = filled
    weights = torch.bmm(query, key.transpose(1, 2)).exp2_()
    weights[:, :, pieces:] = 0.0
    sums = weights.sum(dim=2, keepdim=True)
    # bfloat16 reaches from 2^-126 to 2^127, with room for values: only scores beyond that need
    # to be shifted. Comparisons are false for what is no number.
    least, most = (float(bound) for bound in sums.aminmax())
    if not (least > LEAST and most < MOST):
        within = ((sums > LEAST) & (sums < MOST)).flatten(1).all(dim=1)
        # A head or two of a model at most: the others keep what they have.
        for head in (~within).nonzero()[:, 0].tolist():
            weights[head, :, :pieces] = _shifted(query[head], key[head, :pieces])
        sums = weights.sum(dim=2, keepdim=True)
    return torch.bmm(weights, value).div_(sums)[:, :pieces]


def _shifted(query: Tensor, key: Tensor) -> Tensor:
    """Weights of one head whose greatest in each row is one."""
    # In float32, whose products need no kernel of their own for each size.
    scores = torch.mm(query.float(), key.float().T)
    return scores.sub_(scores.amax(dim=1, keepdim=True)).exp2_()


def _cast(weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    return weight.detach().bfloat16(), bias.detach().bfloat16()


def _norm(norm: nn.LayerNorm) -> Callable[[Tensor], Tensor]:
    weight, bias = _cast(norm.weight, norm.bias)
    return lambda states: F.layer_norm(states, weight.shape, weight, bias, norm.eps)
