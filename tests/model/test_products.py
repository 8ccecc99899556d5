from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from il12nlp.model.loading import load_predictor
from il12nlp.model.products import ROWS, bfloat16_linear
from il12nlp.training.building import save_model


@pytest.mark.parametrize("rows", [0, 1, ROWS, ROWS + 1])
def test_a_product_is_that_of_rounded_numbers(rows: int) -> None:
    made = torch.Generator().manual_seed(1)
    values, weight = (torch.randn(n, 48, generator=made) for n in (rows, 16))
    bias = torch.randn(16, generator=made)
    found = bfloat16_linear(values, weight, bias)
    assert found.dtype == torch.bfloat16
    rounded = [x.bfloat16().float() for x in (values, weight, bias)]
    assert torch.allclose(found.float(), F.linear(*rounded), rtol=0.01, atol=0.01)


def test_bfloat16_multiplies_so_on_a_cpu(tiny_parts: tuple[Any, Any], tmp_path: Path) -> None:
    folder = save_model(*tiny_parts, tmp_path / "model")
    head = load_predictor(folder, device="cpu", precision="bfloat16").model.heads.relations
    assert head is not None
    assert head.product is bfloat16_linear
