"""Products of many rows in bfloat16 on a CPU."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

ROWS = 256
"""Rows are filled up to a multiple of this, as PyTorch makes a kernel for each number of them."""


def bfloat16_linear(rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """`F.linear` in bfloat16. Shape: (rows, n), (m, n), (m,) → (rows, m)."""
    filled = F.pad(rows.bfloat16(), (0, 0, 0, -len(rows) % ROWS))
    return F.linear(filled, weight.bfloat16(), bias.bfloat16())[: len(rows)]
