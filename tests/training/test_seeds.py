import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from il12nlp.errors import ConfigError
from il12nlp.training import seeds
from il12nlp.training.config import TrainConfig
from il12nlp.training.seeds import SPREAD, train_seeds
from tests.training.samples import SMALL, tiny_config


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    return dict(load_file(folder / "model.safetensors"))


def _summary(config: TrainConfig) -> Any:
    return json.loads((Path(config.output) / SPREAD).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def finished(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainConfig:
    """Two short runs that differ in their seed, and their mean."""
    config = tiny_config(
        tmp_path_factory.mktemp("seeds"), tiny_encoder, auxiliary={}, epochs=1, seeds=[3, 4]
    )
    result = train_seeds(config)
    assert result.model == Path(config.output) / "model"
    return config


def test_model_is_the_mean_of_the_runs(finished: TrainConfig) -> None:
    one, other = (_weights(Path(finished.output) / f"seed-{n}" / "model") for n in (3, 4))
    mean = _weights(Path(finished.output) / "model")
    assert any(not torch.equal(one[name], other[name]) for name in one), "seeds made no difference"
    for name, weight in mean.items():
        assert torch.allclose(weight, (one[name] + other[name]) / 2, atol=1e-6), name


def test_figures_of_runs_have_mean_and_spread(finished: TrainConfig) -> None:
    summary = _summary(finished)
    assert [row["seed"] for row in summary["runs"]] == [3, 4]
    values = [row["ner.strict"] for row in summary["runs"]]
    assert summary["mean"]["ner.strict"] == pytest.approx(sum(values) / 2, abs=1e-4)
    assert summary["deviation"].keys() == summary["mean"].keys()
    assert "ner.strict" in summary["mean_of_weights"]
    assert "seconds" not in summary["mean"]


def test_going_on_repeats_no_run_that_ended(
    finished: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _weights(Path(finished.output) / "model")

    def no_run(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(seeds, "train_once", no_run)
    train_seeds(finished, resume=True)
    after = _weights(Path(finished.output) / "model")
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_going_on_with_other_settings_is_refused_before_any_run(
    finished: TrainConfig, tmp_path: Path
) -> None:
    folder = shutil.copytree(finished.output, tmp_path / "copy")
    for checkpoint in folder.glob("seed-4/checkpoint-*"):
        shutil.rmtree(checkpoint)
    before = (folder / SPREAD).read_bytes()
    # Seed 5 is new: hours would go by before 4, which ended, is looked at.
    changed = finished.model_copy(update={"output": str(folder), "seeds": [5, 4], "epochs": 2.0})
    with pytest.raises(ConfigError, match=r"seed-4/config\.yaml: .* \(epochs: was 1.0, is 2.0\)"):
        train_seeds(changed, resume=True)
    assert (folder / SPREAD).read_bytes() == before
    assert not (folder / "seed-5" / "config.yaml").exists(), "nothing was trained"
    same = changed.model_copy(update={"seeds": [5, 3], "epochs": 1.0})
    with pytest.raises(ConfigError, match=r"seed-3: holds checkpoint-\d+ .* --resume"):
        train_seeds(same)
    assert not (folder / "seed-5" / "config.yaml").exists(), "nothing was trained"


def test_start_counts_with_its_weight(finished: TrainConfig) -> None:
    start = Path(finished.output) / "seed-3" / "model"
    again = finished.model_copy(
        update={
            "encoder": str(start),
            "output": f"{finished.output}-again",
            "seeds": [5],
            "start_weight": 3.0,
            "max_steps": 1,
        }
    )
    train_seeds(again)
    old, new = _weights(start), _weights(Path(again.output) / "seed-5" / "model")
    for name, weight in _weights(Path(again.output) / "model").items():
        assert torch.allclose(weight, (3 * old[name] + new[name]) / 4, atol=1e-6), name


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"model": {**SMALL, "head_size": 16}}, "has other sizes or another schema"),
        ({"annotations": {"least_count": 1}}, "has other sizes or another schema"),
        ({"encoder": ""}, "is no trained model; set it to 0"),
    ],
)
def test_start_that_cannot_count_is_refused_before_any_run(
    finished: TrainConfig,
    tiny_encoder: Path,
    tmp_path: Path,
    changes: dict[str, Any],
    problem: str,
) -> None:
    start = {"encoder": f"{finished.output}/model", "auxiliary": {}} | changes
    start["encoder"] = start["encoder"] or str(tiny_encoder)
    config = tiny_config(tmp_path, tiny_encoder, seeds=[5], start_weight=1.0, **start)
    with pytest.raises(ConfigError, match=f"start_weight: encoder .* {problem}"):
        train_seeds(config)
    assert not (tmp_path / "output" / "seed-5" / "config.yaml").exists(), "nothing was trained"


def test_seed_named_twice_is_refused(tiny_encoder: Path, tmp_path: Path) -> None:
    config = tiny_config(tmp_path, tiny_encoder, seeds=[3, 4, 3])
    with pytest.raises(ConfigError, match=r"seeds: \[3, 4, 3\] names one twice"):
        train_seeds(config)
    assert not (tmp_path / "output").exists(), "nothing was trained"
