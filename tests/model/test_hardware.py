from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import torch

from il12nlp.errors import ModelError
from il12nlp.lanes import lanes_for
from il12nlp.model import hardware
from il12nlp.model.hardware import KERNELS, choose_device, choose_precision, fast_precisions
from il12nlp.model.loading import load_predictor
from il12nlp.training.building import save_model


@pytest.fixture(scope="module")
def folder(tiny_parts: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(*tiny_parts, tmp_path_factory.mktemp("saved") / "model")


def test_choose_device_refuses_what_is_not_there() -> None:
    assert choose_device("cpu") == "cpu"
    for unknown in ("tpu", "cuda:", "cuda:first", "cuda0"):
        with pytest.raises(ModelError, match=f"unknown device '{unknown}'"):
            choose_device(unknown)
    if not torch.cuda.is_available():
        assert choose_device("auto") == "cpu"
        with pytest.raises(ModelError, match="no CUDA device"):
            choose_device("cuda")


def test_choose_device_refuses_a_number_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert choose_device("auto") == "cuda"
    assert choose_device("cuda:1") == "cuda:1"
    with pytest.raises(ModelError, match="'cuda:2': PyTorch finds 2 CUDA devices"):
        choose_device("cuda:2")


def test_fast_precisions_are_those_that_the_processor_has(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("avx512_bf16", "amx_tile", "vnni"):
        monkeypatch.setattr(torch.cpu, f"_is_{name}_supported", lambda: False, raising=False)
    assert fast_precisions() == ("float32",)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: True, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: True, raising=False)
    assert fast_precisions() == ("float32", "bfloat16", "int8")
    monkeypatch.delattr(torch.cpu, "_is_vnni_supported")
    assert fast_precisions() == ("float32", "bfloat16"), "a PyTorch that does not tell"


@pytest.mark.parametrize(
    ("device", "fast", "precision"),
    [
        ("cuda", ("float32",), "bfloat16"),
        ("cpu", ("float32",), "float32"),
        ("cpu", ("float32", "int8"), "float32"),
        ("cpu", ("float32", "bfloat16", "int8"), "bfloat16"),
    ],
)
def test_auto_is_the_fast_precision_that_changes_nothing_that_matters(
    monkeypatch: pytest.MonkeyPatch, device: str, fast: tuple[str, ...], precision: str
) -> None:
    monkeypatch.setattr(hardware, "fast_precisions", lambda: fast)
    assert choose_precision("auto", device) == precision
    assert choose_precision("float32", device) == "float32"


def test_bfloat16_on_a_cpu_keeps_few_kernels(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("LRU_CACHE_CAPACITY", "ONEDNN_PRIMITIVE_CACHE_CAPACITY")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    load_predictor(folder, device="cpu", precision="float32")
    assert not any(name in os.environ for name in names)
    monkeypatch.setenv(names[0], "7")
    load_predictor(folder, device="cpu", precision="bfloat16")
    kept = str(KERNELS * lanes_for(torch.device("cpu")))
    assert [os.environ[name] for name in names] == ["7", kept], "what a user set stands"
    del os.environ[names[1]]
