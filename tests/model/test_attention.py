import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from il12nlp.model.attention import BFLOAT16, attend
from il12nlp.model.predict import Predictor

SCALE = 1 / math.sqrt(8)


def _heads(seed: int = 1, *, size: float = 1.0) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values of two windows of six pieces, three heads of eight."""
    made = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(2, 3, 6, 8, generator=made) * size for _ in range(3))
    return q, k, v


def _expected(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    whole = None if mask is None else mask[:, None, None, :]
    result = F.scaled_dot_product_attention(q, k, v, attn_mask=whole, scale=SCALE)
    return result.transpose(1, 2)


@pytest.mark.parametrize("padded", [False, True])
def test_attention_is_that_of_pytorch(padded: bool) -> None:
    q, k, v = _heads()
    mask = torch.tensor([[True] * 6, [True] * 4 + [False] * 2]) if padded else None
    found, weights = attend(nn.Identity(), q, k, v, mask, scaling=SCALE)
    assert weights is None
    assert torch.allclose(found, _expected(q, k, v, mask), atol=1e-6)


def test_padding_has_no_say() -> None:
    q, k, v = _heads()
    mask = torch.tensor([[True] * 6, [True] * 4 + [False] * 2])
    before = attend(nn.Identity(), q, k, v, mask, scaling=SCALE)[0]
    k[1, :, 4:], v[1, :, 4:] = 3.0, -7.0
    assert torch.equal(attend(nn.Identity(), q, k, v, mask, scaling=SCALE)[0], before)


def test_scores_beyond_what_an_exponential_holds_are_left_to_pytorch() -> None:
    q, k, v = _heads(size=60.0)
    assert not torch.einsum("whqs,whks->whqk", q, k).mul(SCALE).exp().isfinite().all()
    found, _ = attend(nn.Identity(), q, k, v, None, scaling=SCALE)
    assert found.isfinite().all()
    assert torch.allclose(found, _expected(q, k, v, None))


def test_gradients_are_those_of_pytorch() -> None:
    gradients = []
    for function in (lambda *x: attend(nn.Identity(), *x, None, scaling=SCALE)[0], _plain):
        parts = [x.requires_grad_() for x in _heads()]
        function(*parts).square().sum().backward()
        gradients.append([x.grad for x in parts])
    for mine, theirs in zip(*gradients, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-5)


def _plain(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return _expected(q, k, v, None)


def test_predictor_attends_so_in_bfloat16_on_a_cpu_alone(tiny_parts: tuple[Any, Any]) -> None:
    model, tokenizer = tiny_parts
    transformer = model.encoder.transformer
    usual = transformer.config._attn_implementation
    Predictor(model, tokenizer, device="cpu")
    assert transformer.config._attn_implementation == usual != BFLOAT16
    Predictor(model, tokenizer, device="cpu", dtype=torch.bfloat16)
    assert transformer.config._attn_implementation == BFLOAT16
    transformer.set_attn_implementation(usual)
