"""Attention in bfloat16 on a CPU, for encoders of the transformers library.

PyTorch's own kernel spends most of its time on exponentials in float32; here they are in
bfloat16 too, and what a row adds up to comes out of the matrix product that sums the values.
It takes two fifths of the kernel's time (docs/batch.md).
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface

BFLOAT16 = "il12nlp-bfloat16"
"""Name under which the transformers library finds this attention."""


def attend(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float,
    dropout: float = 0.0,
    **_: Any,
) -> tuple[Tensor, None]:
    """Attended values.

    Shape: three of (windows, heads, pieces, size) → (windows, pieces, heads, size).
    `attention_mask`: Shape (windows, pieces), False for padding. Scores are not shifted by their
    greatest, as bfloat16 reaches to e^88; where that does not do, or with dropout, PyTorch's kernel
    takes over.
    """
    result = None if dropout else _attend(query * scaling, key, value, attention_mask)
    if result is None or not result.isfinite().all():
        mask = None if attention_mask is None else attention_mask[:, None, None, :]
        result = F.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, dropout_p=dropout, scale=scaling
        )
    return result.transpose(1, 2), None


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    ones = torch.ones_like(value[:, :, :, :1])
    summed = torch.cat([value, ones], dim=-1)
    if mask is not None:
        # What is zero in every value and in the count of ones does not take part.
        summed = summed * mask[:, None, :, None].to(value.dtype)
    parts = zip(query, key.transpose(2, 3), summed, strict=True)
    # Window by window, so that the scores of one stay in the cache.
    sums = torch.stack([torch.bmm(torch.bmm(q, k).exp_(), v) for q, k, v in parts])
    return sums[..., :-1] / sums[..., -1:]


def _padding(*, attention_mask: Tensor | None = None, **_: Any) -> Tensor | None:
    """The mask as `attend` reads it."""
    return attention_mask


AttentionInterface.register(BFLOAT16, attend)
AttentionMaskInterface.register(BFLOAT16, _padding)
