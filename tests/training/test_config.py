import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from il12nlp.errors import ConfigError
from il12nlp.training.config import TrainConfig, load_config, to_yaml

LEAST = {"output": "runs/x", "train": ["a.jsonl"]}


def _file(folder: Path, **settings: Any) -> Path:
    path = folder / "train.yaml"
    path.write_text(yaml.safe_dump({**LEAST, **settings}))
    return path


def _refused(path: Path, *settings: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path, settings=settings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"epoch": 3}, "epoch"),
        ({"optimizer": {"averge": 0}}, "optimizer.averge"),
        ({"auxiliary": {"cg": {"train": ["a"], "weight": 2}}}, "auxiliary.cg.weight"),
        ({"unlabelled": {"train": ["a"], "words": 2}}, "unlabelled.words"),
    ],
)
def test_config_refuses_an_unknown_setting_by_name(
    tmp_path: Path, settings: dict[str, Any], name: str
) -> None:
    path = _file(tmp_path, **settings)
    assert _refused(path) == f"{path}: {name}: no such setting; docs/training.md lists them all"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"epochs": "many"}, "epochs: Input should be a valid number"),
        ({"train": "a.jsonl"}, "train: Input should be a valid list"),
        ({"train": []}, "train: List should have at least 1 item"),
        ({"optimizer": {"average": 1}}, "optimizer.average: Input should be less than 1"),
        ({"seed": -1}, "seed: Input should be greater than or equal to 0 (found -1)"),
        ({"seeds": [1, 2**32]}, "seeds.1: Input should be less than 4294967296"),
        ({"annotations": {"undirected": ["X"]}}, "undirected names X, but relations is false"),
        ({"device": "tpu"}, "device: Input should be 'auto', 'cpu' or 'cuda' (found 'tpu')"),
        ({"model": {"window": 64, "overlap": 64}}, "overlap 64 leaves nothing of window 64"),
        ({"model": {"head_size": 30}}, "head_size 30 is no multiple of attention_heads 4"),
        ({"auxiliary": {"a.b": {"train": ["a"]}}}, "auxiliary.a.b"),
    ],
)
def test_config_refuses_an_impossible_value(
    tmp_path: Path, settings: dict[str, Any], problem: str
) -> None:
    path = _file(tmp_path, **settings)
    assert problem in _refused(path)


def test_config_names_a_setting_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "train.yaml"
    path.write_text("train: [a.jsonl]")
    assert _refused(path) == f"{path}: output: missing"


def test_config_names_a_missing_file(tmp_path: Path) -> None:
    assert "nowhere.yaml: cannot be read (No such file" in _refused(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(("text", "problem"), [("a: [", "is not YAML"), ("- a", "no settings")])
def test_config_refuses_a_file_that_is_no_mapping(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "train.yaml"
    path.write_text(text)
    assert problem in _refused(path)


@pytest.mark.parametrize("text", ["seed: 1\nseed: 2\n", "model: {window: 64, window: 65}\n"])
def test_config_refuses_a_setting_that_stands_twice(tmp_path: Path, text: str) -> None:
    path = _file(tmp_path)
    path.write_text(path.read_text() + text)
    assert re.search(r"'(seed|window)' stands twice.*line [45]", _refused(path), re.DOTALL)


def test_config_runs_no_code_from_its_yaml(tmp_path: Path) -> None:
    path = tmp_path / "train.yaml"
    path.write_text("output: !!python/object/apply:os.getcwd []")
    assert "is not YAML" in _refused(path)


def test_config_keeps_relative_paths_as_they_are(tmp_path: Path) -> None:
    config = load_config(_file(tmp_path, train=["../shared/a.jsonl"]))
    assert (config.output, config.train) == ("runs/x", ["../shared/a.jsonl"])


def test_settings_replace_what_the_file_says(tmp_path: Path) -> None:
    path = _file(tmp_path, epochs=2, optimizer={"average": 0.5, "warmup": 0.1})
    settings = [
        "epochs=4",
        "optimizer.average=0",
        "model.window=256",
        "dev=[b.jsonl]",
        "output=a=b",
    ]
    config = load_config(path, settings=settings)
    assert (config.epochs, config.optimizer.average, config.optimizer.warmup) == (4, 0, 0.1)
    assert (config.model.window, config.dev, config.output) == (256, ["b.jsonl"], "a=b")


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("epochs", "key=value is wanted"),
        ("=3", "key=value is wanted"),
        ("epochs.x=3", "epochs holds no settings of its own"),
        ("optimizer.averge=0", "optimizer.averge: no such setting"),
        ("dev=[a", "the value is not YAML"),
    ],
)
def test_settings_that_are_wrong_are_refused(tmp_path: Path, setting: str, problem: str) -> None:
    assert problem in _refused(_file(tmp_path, epochs=2), setting)


def test_config_comes_back_from_its_yaml(tmp_path: Path) -> None:
    config = TrainConfig.model_validate(
        {**LEAST, "annotations": {"mention_types": ["α"]}, "auxiliary": {"x": {"train": ["b"]}}}
    )
    path = tmp_path / "again.yaml"
    path.write_text(to_yaml(config), encoding="utf-8")
    assert load_config(path) == config
