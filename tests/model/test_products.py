from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from il12nlp.model.loading import load_predictor
from il12nlp.model.products import ROWS, RowLinear
from il12nlp.training.building import save_model


@pytest.mark.parametrize("rows", [0, 1, ROWS, ROWS + 1])
def test_a_product_in_bfloat16_is_that_of_rounded_numbers(rows: int) -> None:
    torch.manual_seed(1)
    layer, values = RowLinear(48, 16), torch.randn(rows, 48)
    with torch.inference_mode():
        assert torch.equal(layer(values), F.linear(values, layer.weight, layer.bias))
        layer.in_bfloat16 = True
        found = layer(values)
        assert found.dtype == values.dtype
        rounded = [x.bfloat16().float() for x in (values, layer.weight, layer.bias)]
        assert torch.allclose(found, F.linear(*rounded), rtol=0.01, atol=0.01)


@pytest.mark.parametrize(("precision", "half"), [("float32", False), ("bfloat16", True)])
def test_bfloat16_on_a_cpu_multiplies_so(
    tiny_parts: tuple[Any, Any], tmp_path: Path, precision: Any, half: bool
) -> None:
    folder = save_model(*tiny_parts, tmp_path / "model")
    heads = load_predictor(folder, device="cpu", precision=precision).model.heads
    assert {m.in_bfloat16 for m in heads.modules() if isinstance(m, RowLinear)} == {half}
