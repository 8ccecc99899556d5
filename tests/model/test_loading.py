from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
from safetensors.torch import load_file, save_file

from il12nlp.errors import ModelError
from il12nlp.model import loading
from il12nlp.model.loading import (
    find_model,
    load_model,
    load_predictor,
    load_tokenizer,
)
from il12nlp.training.building import save_model


@pytest.fixture(scope="module")
def folder(tiny_parts: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(*tiny_parts, tmp_path_factory.mktemp("saved") / "model")


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(folder, tmp_path / "model")
    return tmp_path / "model"


def test_load_predictor_gives_the_saved_weights(folder: Path, tiny_parts: tuple[Any, Any]) -> None:
    loaded = load_predictor(folder, device="cpu", precision="float32").model.state_dict()
    saved = tiny_parts[0].state_dict()
    assert loaded.keys() == saved.keys()
    assert all(torch.equal(loaded[k], saved[k]) for k in saved)


def test_load_model_reads_half_precision_as_float32(copied: Path) -> None:
    weights = load_file(copied / "model.safetensors")
    half = {k: v.half() for k, v in weights.items()}
    save_file(half, copied / "model.safetensors", metadata={"format": "pt"})
    assert {p.dtype for p in load_model(copied).parameters()} == {torch.float32}


def test_load_predictor_names_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere: no such model folder"):
        load_predictor(tmp_path / "nowhere")


@pytest.mark.parametrize("load", [load_model, load_tokenizer, load_predictor, find_model])
def test_name_that_is_no_folder_asks_no_network(
    load: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(httpx.Client, "send", ask)
    with pytest.raises(ModelError, match=r"runs/anotated: no such model folder; .* hub:OWNER/NAME"):
        load("runs/anotated")


def test_load_predictor_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json"):
        load_predictor(tmp_path)


@pytest.mark.parametrize("content", ["[1]", "{", "{}"])
def test_load_predictor_refuses_a_config_that_is_none(copied: Path, content: str) -> None:
    (copied / "config.json").write_text(content)
    with pytest.raises(ModelError, match=r"holds no .*config\.json"):
        load_predictor(copied)


def test_load_predictor_asks_the_hub_for_no_more_than_the_config_of_another_model(
    tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_encoder.parent)  # transformers looks for a folder of that name first
    with pytest.raises(ModelError, match="'bert' model"):
        load_predictor(f"hub:{tiny_encoder.name}")


def test_load_predictor_refuses_another_kind_of_model(tiny_encoder: Path) -> None:
    with pytest.raises(ModelError, match="'bert' model"):
        load_predictor(tiny_encoder)


def test_load_model_refuses_incomplete_weights(copied: Path) -> None:
    weights = load_file(copied / "model.safetensors")
    del weights["heads.mentions.tags.bias"]
    save_file(weights, copied / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"heads\.mentions\.tags\.bias"):
        load_model(copied)


def test_load_model_refuses_weights_of_another_size(copied: Path) -> None:
    config = json.loads((copied / "config.json").read_text())
    config["head_size"] = 64
    (copied / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=r"of another size \(heads\."):
        load_model(copied)


def test_load_model_refuses_a_broken_file(copied: Path) -> None:
    (copied / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_model(copied)


@pytest.mark.parametrize(
    "wrong", [{"encoder": 5}, {"encoder": {}}, {"schema": {"name": "x"}}, {"head_size": "wide"}]
)
def test_load_model_refuses_a_config_of_anothers_making(
    copied: Path, wrong: dict[str, Any]
) -> None:
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps({**config, **wrong}))
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_model(copied)


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer_config.json"])
def test_load_predictor_names_a_missing_part_of_the_tokenizer(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelError, match=name):
        load_predictor(copied, device="cpu")


def test_load_predictor_refuses_a_broken_tokenizer(copied: Path) -> None:
    (copied / "tokenizer.json").write_text('{"model": 1}')
    with pytest.raises(ModelError, match="tokenizer cannot be loaded"):
        load_predictor(copied, device="cpu")


def test_load_predictor_says_that_the_bundled_model_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BUNDLED", tmp_path / "weights")
    with pytest.raises(ModelError, match="the bundled model is not there"):
        load_predictor()


def test_load_predictor_refuses_an_unknown_precision(folder: Path) -> None:
    with pytest.raises(ModelError, match="'int4'; use one of auto, float32, bfloat16, int8"):
        load_predictor(folder, precision="int4")  # type: ignore[arg-type]


def test_load_predictor_is_silent(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load_predictor(folder, device="cpu")
    assert capfd.readouterr() == ("", "")


def test_load_model_reads_no_pickles(copied: Path) -> None:
    (copied / "model.safetensors").unlink()
    torch.save({}, copied / "pytorch_model.bin")
    with pytest.raises(ModelError):
        load_model(copied)
