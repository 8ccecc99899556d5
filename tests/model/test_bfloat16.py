import math
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.functional import cosine_similarity

from il12nlp.model.bfloat16 import WINDOW_ROWS, Bfloat16Encoder, attend
from il12nlp.model.loading import load_predictor
from il12nlp.model.predict import Predictor
from il12nlp.training.building import save_model
from tests.model.encoders import states
from tests.model.test_predict import documents

LENGTHS, HEADS, SIZE = [6, 1, 4], 3, 8


@pytest.fixture
def predictor(tiny_parts: tuple[Any, Any]) -> Predictor:
    return Predictor(*tiny_parts)


def projected(*, size: float = 1.0) -> Tensor:
    made = torch.Generator().manual_seed(1)
    return torch.randn(sum(LENGTHS), 3 * HEADS * SIZE, generator=made) * size


def expected(given: Tensor) -> Tensor:
    """PyTorch's attention over each window, for scores that are powers of two."""
    parts = []
    for window in given.view(-1, 3, HEADS, SIZE).split(LENGTHS):
        q, k, v = window.permute(1, 2, 0, 3)
        mixed = F.scaled_dot_product_attention(q, k, v, scale=math.log(2))
        parts.append(mixed.transpose(0, 1).flatten(1))
    return torch.cat(parts)


def test_attention_is_that_of_pytorch() -> None:
    given = projected()
    assert torch.allclose(attend(given, LENGTHS, heads=HEADS), expected(given), atol=1e-6)


@pytest.mark.parametrize("length", [WINDOW_ROWS, WINDOW_ROWS + 1, 2 * WINDOW_ROWS - 1])
def test_rows_that_fill_a_window_up_weigh_nothing(length: int) -> None:
    made = torch.Generator().manual_seed(2)
    # Scores far below zero, which is what a row of zeros would score.
    given = torch.randn(length, 3, HEADS, SIZE, generator=made)
    given[:, 0, :, 0], given[:, 1, :, 0] = 8.0, -8.0
    given = given.view(length, -1)
    parts = given.view(length, 3, HEADS, SIZE).permute(1, 2, 0, 3)
    mixed = F.scaled_dot_product_attention(*parts, scale=math.log(2)).transpose(0, 1).flatten(1)
    after = torch.full((3, given.shape[1]), math.nan)  # what fills the batch up
    found = attend(torch.cat([given, after]), [length], heads=HEADS)
    assert torch.allclose(found[:length], mixed, atol=1e-4)
    assert not found[length:].any()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_scores_beyond_what_an_exponential_holds(sign: float) -> None:
    given = projected(size=30.0).view(-1, 3, HEADS, SIZE)
    given[:, :2] = given[:, :2].abs()  # every score is large, and of one sign
    given[:, 1] *= sign
    given = given.view(len(given), -1)
    query, key, _ = given.view(-1, 3, HEADS, SIZE)[:6].permute(1, 2, 0, 3)
    plain = (query @ key.transpose(1, 2)).exp2().sum(dim=2)
    assert not (plain.isfinite() & (plain > 0)).all()
    found = attend(given, LENGTHS, heads=HEADS)
    assert found.isfinite().all()
    assert torch.allclose(found, expected(given), atol=1e-3)


@pytest.mark.parametrize("exponent", [40.0, 99.0, 126.5, 300.0, -126.5, -300.0])
def test_a_head_beyond_is_shifted_and_the_others_stay(exponent: float) -> None:
    # The second head's scores all lie near the exponent, and its values are large.
    given = projected().view(-1, 3, HEADS, SIZE)
    given[:, 0, 1], given[:, 1, 1] = 0.0, 0.0
    given[:, 0, 1, 0], given[:, 1, 1, 0] = exponent, 1.0
    given[:, 1, 1, 1] = torch.linspace(0, 0.5, len(given))
    given[:, 0, 1, 1] = 1.0
    given[:, 2, 1] *= 64.0
    given = given.view(len(given), -1)
    found = attend(given, LENGTHS, heads=HEADS)
    assert torch.allclose(found, expected(given), atol=1e-3)
    others = [slice(0, SIZE), slice(2 * SIZE, 3 * SIZE)]
    plain = attend(projected(), LENGTHS, heads=HEADS)
    assert all(torch.equal(found[:, part], plain[:, part]) for part in others)


def test_states_are_nearly_those_of_float32(predictor: Predictor) -> None:
    whole = predictor.model.encoder
    before, after = states(predictor, whole, 0, 1), states(predictor, Bfloat16Encoder(whole), 0, 1)
    assert before.shape == after.shape
    assert before.dtype == after.dtype == torch.float32
    assert cosine_similarity(before, after).min() > 0.999
    assert not torch.equal(before, after)


def test_a_batch_has_no_say_in_what_a_text_reads(predictor: Predictor) -> None:
    encoder = Bfloat16Encoder(predictor.model.encoder)
    together = states(predictor, encoder, 0, 1)
    apart = torch.cat([states(predictor, encoder, i) for i in (0, 1)])
    assert cosine_similarity(together, apart).min() > 0.9999


def test_it_is_taken_for_bert_in_bfloat16_on_a_cpu(
    tiny_parts: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_model(*tiny_parts, tmp_path / "model")
    kinds = {
        precision: type(load_predictor(folder, device="cpu", precision=precision).model.encoder)
        for precision in ("float32", "bfloat16")
    }
    assert kinds["bfloat16"] is Bfloat16Encoder
    assert kinds["float32"] is not Bfloat16Encoder
    monkeypatch.setattr(Bfloat16Encoder, "reads", lambda encoder: False)
    other = load_predictor(folder, device="cpu", precision="bfloat16")
    assert not isinstance(other.model.encoder, Bfloat16Encoder)
    given = documents()
    assert [d.id for d in other.predict(given)] == [d.id for d in given]


def test_decoders_and_other_families_are_not_read(
    predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = predictor.model.encoder
    assert Bfloat16Encoder.reads(encoder)
    config = encoder.transformer.config
    monkeypatch.setattr(config, "is_decoder", True, raising=False)
    assert not Bfloat16Encoder.reads(encoder)
    monkeypatch.setattr(config, "is_decoder", False)
    monkeypatch.setattr(config, "model_type", "modernbert")
    assert not Bfloat16Encoder.reads(encoder)
