"""Linear layers over many rows that can multiply in bfloat16 on a CPU."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

ROWS = 256
"""Rows are filled up to a multiple of this, as PyTorch makes a kernel for each number of them."""


class RowLinear(nn.Linear):
    """A linear layer of rows; with `in_bfloat16` it multiplies in bfloat16, for inference."""

    in_bfloat16 = False

    def forward(self, rows: Tensor) -> Tensor:
        """Shape: (rows, n) → (rows, m)."""
        return self.product(rows, self.weight, self.bias)

    def product(self, rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """Rows times a part of the weights. Shape: (rows, n), (m, n), (m,) → (rows, m)."""
        if not self.in_bfloat16:
            return F.linear(rows, weight, bias)
        filled = F.pad(rows.bfloat16(), (0, 0, 0, -len(rows) % ROWS))
        return F.linear(filled, weight.bfloat16(), bias.bfloat16())[: len(rows)].to(rows.dtype)
