import importlib.util
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from il12nlp.errors import ConfigError, MissingDependencyError
from il12nlp.model.loading import load_predictor
from il12nlp.training import single
from il12nlp.training.config import TrainConfig, load_config
from il12nlp.training.output import step_of
from il12nlp.training.single import prepare, train_once
from il12nlp.training.sources import UnlabelledConfig
from tests.conftest import ROOT
from tests.training.samples import SMALL, invented, tiny_config

Weights = dict[str, torch.Tensor]


def _weights(model: Path) -> Weights:
    found: Weights = load_file(model / "model.safetensors")
    return found


def _same(one: Weights, other: Weights) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[n], other[n]) for n in one)


@pytest.fixture(scope="module")
def finished(
    tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[TrainConfig, Weights, list[Any]]:
    """A run that nobody stopped: its config, its weights and its dev figures."""
    config = tiny_config(tmp_path_factory.mktemp("whole"), tiny_encoder)
    result = train_once(config)
    return config, _weights(result.model), list(result.epochs)


def _elsewhere(config: TrainConfig, folder: Path, **changes: Any) -> TrainConfig:
    return config.model_copy(update={"output": str(folder / "again"), **changes})


def test_smoke_config_trains_two_steps(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    sizes = [f"model.{name}={value}" for name, value in SMALL.items()]
    settings = [f"output={tmp_path}", f"encoder={tiny_encoder}", *sizes]
    result = train_once(load_config("configs/train/smoke.yaml", settings=settings))
    predictor = load_predictor(result.model, device="cpu")
    (found,) = predictor.predict([invented(1)])
    assert found.text == invented(1).text
    state = json.loads((tmp_path / "checkpoint-2" / "trainer_state.json").read_text())
    assert state["global_step"] == 2


def test_saved_model_has_no_auxiliary_heads(finished: tuple[TrainConfig, Weights, Any]) -> None:
    config, weights, _ = finished
    folder = Path(config.output) / "model"
    assert not any(name.startswith("auxiliary") for name in weights)
    assert load_predictor(folder, device="cpu").model.config.auxiliary == {}
    checkpoint = max(Path(config.output).glob("checkpoint-*"), key=step_of)
    assert any(name.startswith("auxiliary.drugs") for name in _weights(checkpoint))


def test_texts_without_annotations_change_the_weights_and_leave_no_head(
    finished: tuple[TrainConfig, Weights, Any], tmp_path: Path
) -> None:
    whole, weights, _ = finished
    words = UnlabelledConfig(train=list(whole.train), masked_words=0.3)
    config = _elsewhere(whole, tmp_path, unlabelled=words)
    learnt = _weights(train_once(config).model)
    assert learnt.keys() == weights.keys(), "the head that guesses is dropped"
    assert not _same(learnt, weights)
    checkpoint = max(Path(config.output).glob("checkpoint-*"), key=step_of)
    assert any(name.startswith("auxiliary.masked-words") for name in _weights(checkpoint))


def test_run_measures_dev_after_every_epoch(finished: tuple[TrainConfig, Weights, Any]) -> None:
    config, _, figures = finished
    assert [row["epoch"] for row in figures] == [1, 2, 3]
    expected = {"epoch", "step", "seconds", *single.MENTION_FIGURES, *single.RELATION_FIGURES}
    assert all(row.keys() == expected | set(single.CTO_FIGURES) for row in figures)
    lines = (Path(config.output) / "dev.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == figures


def test_same_seed_gives_the_same_weights_and_prints_nothing(
    finished: tuple[TrainConfig, Weights, Any],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    config, weights, _ = finished
    caplog.set_level(logging.INFO, logger="il12nlp")
    assert _same(_weights(train_once(_elsewhere(config, tmp_path)).model), weights)
    assert tuple(capfd.readouterr()) == ("", "")
    assert "dev: ner.strict" in caplog.text


def test_another_seed_gives_other_weights(
    finished: tuple[TrainConfig, Weights, Any], tmp_path: Path
) -> None:
    config, weights, _ = finished
    assert not _same(_weights(train_once(_elsewhere(config, tmp_path, seed=14)).model), weights)


def test_measuring_on_dev_leaves_the_weights_alone(
    finished: tuple[TrainConfig, Weights, Any], tmp_path: Path
) -> None:
    config, weights, _ = finished
    assert _same(_weights(train_once(_elsewhere(config, tmp_path, dev=[])).model), weights)


def test_run_that_was_stopped_goes_on_to_the_same_weights(
    finished: tuple[TrainConfig, Weights, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, weights, figures = finished
    config = _elsewhere(whole, tmp_path)
    measure, measured = single.measure, []

    def stop(*parts: Any) -> Any:
        measured.append(1)
        if len(measured) == 2:
            raise KeyboardInterrupt
        return measure(*parts)

    monkeypatch.setattr(single, "measure", stop)
    with pytest.raises(KeyboardInterrupt):
        train_once(config)
    monkeypatch.setattr(single, "measure", measure)
    assert not (Path(config.output) / "model").exists()
    stopped, kept = figures[1]["step"], max(map(step_of, Path(config.output).glob("checkpoint-*")))
    assert 0 < kept < stopped, "nothing to skip and nothing to repeat: change checkpoint_steps"
    torch.manual_seed(99)  # Whatever the process did before, the checkpoint's state counts.
    result = train_once(config, resume=True)
    assert _same(_weights(result.model), weights)
    without = [{k: v for k, v in row.items() if k != "seconds"} for row in figures]
    assert [{k: v for k, v in row.items() if k != "seconds"} for row in result.epochs] == without


def test_finished_run_that_goes_on_keeps_its_weights(
    finished: tuple[TrainConfig, Weights, Any], tmp_path: Path
) -> None:
    config = _elsewhere(finished[0], tmp_path, max_steps=4)
    first = _weights(train_once(config).model)
    assert _same(_weights(train_once(config, resume=True).model), first)


def test_second_run_into_a_folder_with_checkpoints_is_refused(
    finished: tuple[TrainConfig, Weights, Any],
) -> None:
    with pytest.raises(ConfigError, match=f"{finished[0].output}: holds .* --resume"):
        train_once(finished[0])


def test_average_of_zero_keeps_the_last_weights(
    finished: tuple[TrainConfig, Weights, Any], tmp_path: Path
) -> None:
    config = finished[0]
    plain = config.optimizer.model_copy(update={"average": 0.0})
    changed = _elsewhere(config, tmp_path, optimizer=plain)
    saved = _weights(train_once(changed).model)
    stepped = _weights(max(Path(changed.output).glob("checkpoint-*"), key=step_of))
    assert all(torch.equal(saved[name], stepped[name]) for name in saved)
    assert not _same(saved, finished[1])


def test_run_learns_an_own_schema(tiny_encoder: Path, tmp_path: Path) -> None:
    config = tiny_config(
        tmp_path,
        tiny_encoder,
        annotations={"mention_types": ["CYTOKINE"], "least_count": 1},
        auxiliary={},
        max_steps=2,
    )
    result = train_once(config)
    assert load_predictor(result.model, device="cpu").schema.mention_types == ("CYTOKINE",)
    assert result.epochs[0].keys() == {"epoch", "step", "seconds", *single.MENTION_FIGURES}


@pytest.mark.parametrize(("precision", "kept"), [("bfloat16", False), ("float32", True)])
def test_attention_of_a_step_in_bfloat16_on_a_cpu_is_plain_products(
    tiny_encoder: Path, tmp_path: Path, precision: str, kept: bool
) -> None:
    config = tiny_config(tmp_path, tiny_encoder, device="cpu", precision=precision)
    found = prepare(config).model.encoder.transformer.config._attn_implementation
    assert (found == "sdpa") == kept


def test_unknown_encoder_is_refused_before_training(tiny_encoder: Path, tmp_path: Path) -> None:
    config = tiny_config(tmp_path, tiny_encoder, encoder="package:no_such_encoder")
    with pytest.raises(ConfigError, match="pip install no-such-encoder"):
        train_once(config)


@pytest.mark.skipif(torch.cuda.is_available(), reason="has a CUDA device")
def test_cuda_that_is_not_there_is_refused_before_data_is_read(tmp_path: Path) -> None:
    config = TrainConfig.model_validate({"output": str(tmp_path), "train": ["x"], "device": "cuda"})
    with pytest.raises(ConfigError, match="no CUDA device"):
        train_once(config)


def test_training_without_its_extra_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single, "find_spec", lambda name: None)
    assert importlib.util.find_spec("accelerate")
    config = TrainConfig.model_validate({"output": str(tmp_path), "train": ["x"]})
    with pytest.raises(MissingDependencyError, match=r"pip install 'il12nlp\[train\]'"):
        train_once(config)
