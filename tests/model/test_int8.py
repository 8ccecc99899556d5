from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import cosine_similarity

from il12nlp.errors import MissingDependencyError, ModelError
from il12nlp.model.int8 import Int8Encoder
from il12nlp.model.loading import choose_precision, load_predictor
from il12nlp.model.predict import Predictor
from il12nlp.training.building import save_model
from tests.model.encoders import states

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")


@pytest.fixture
def predictor(tiny_parts: tuple[Any, Any]) -> Predictor:
    return Predictor(*tiny_parts)


def test_int8_states_are_nearly_those_of_float32(predictor: Predictor) -> None:
    whole = predictor.model.encoder
    before, after = states(predictor, whole, 0, 1), states(predictor, Int8Encoder(whole), 0, 1)
    assert before.shape == after.shape
    assert cosine_similarity(before, after).min() > 0.99
    assert not torch.equal(before, after)


def test_int8_padding_is_not_read(predictor: Predictor) -> None:
    encoder = Int8Encoder(predictor.model.encoder)
    together = states(predictor, encoder, 0, 1)
    apart = torch.cat([states(predictor, encoder, i) for i in (0, 1)])
    # Not equal: the states of a batch are scaled by its largest one.
    assert cosine_similarity(together, apart).min() > 0.99


def test_int8_is_for_bert(predictor: Predictor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictor.model.encoder.transformer.config, "model_type", "modernbert")
    with pytest.raises(ModelError, match="not for 'modernbert'; use float32"):
        Int8Encoder(predictor.model.encoder)


def test_int8_is_for_a_cpu() -> None:
    with pytest.raises(ModelError, match="not for cuda; use bfloat16"):
        choose_precision("int8", "cuda")


def test_int8_says_which_extra_it_needs(
    tiny_parts: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_model(*tiny_parts, tmp_path / "model")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'il12nlp\[int8\]'"):
        load_predictor(folder, device="cpu", precision="int8")
