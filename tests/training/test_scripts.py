import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from il12nlp.cli import app
from il12nlp.model.loading import load_model
from il12nlp.training.building import save_model
from il12nlp.training.single import TrainResult
from tests.conftest import ROOT
from tests.scripts import load_script


@pytest.fixture
def script() -> ModuleType:
    return load_script("train")


def _run(script: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["train.py", *arguments])
    monkeypatch.chdir(ROOT)
    status: int = script.main()
    return status


def test_script_trains_what_the_config_and_the_settings_say(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = []

    def train(config: object, *, resume: bool) -> TrainResult:
        calls.append((config, resume))
        return TrainResult(Path("runs/smoke/model"), [])

    monkeypatch.setattr(script, "train", train)
    arguments = ["--config", "configs/train/smoke.yaml", "--resume", "--set", "seed=5"]
    assert _run(script, monkeypatch, *arguments) == 0
    ((config, resume),) = calls
    assert (config.seed, config.output, resume) == (5, "runs/smoke", True)
    assert capsys.readouterr().out == "model written to runs/smoke/model\n"


def test_command_is_the_same_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def train(config: object, *, resume: bool) -> TrainResult:
        calls.append((config, resume))
        return TrainResult(Path("runs/smoke/model"), [])

    monkeypatch.setattr("il12nlp.training.run.train", train)
    monkeypatch.chdir(ROOT)
    arguments = ["train", "-c", "configs/train/smoke.yaml", "--resume", "--set", "seed=5"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    ((config, resume),) = calls
    assert (config.seed, config.output, resume) == (5, "runs/smoke", True)


@pytest.mark.parametrize("name", sorted(p.stem for p in (ROOT / "scripts").glob("*.py")))
def test_every_script_has_help_and_does_nothing_else_then(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [f"{name}.py", "--help"])
    monkeypatch.setattr(Path, "write_text", None)
    with pytest.raises(SystemExit) as ended:
        load_script(name).main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {name}.py")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("bench", "nowhere: no such file"),
        ("release_weights", "nowhere: no such model folder"),
        ("compare_abbreviations", "nowhere/train.jsonl.gz: no such file"),
    ],
)
def test_scripts_tell_what_is_not_there(
    name: str, problem: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(load_script(name), monkeypatch, "nowhere") == 1
    assert capsys.readouterr().err.startswith(f"error: {problem}")


def test_bench_runs_at_least_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="2"):
        _run(load_script("bench"), monkeypatch, "--runs", "0")


def test_a_mean_of_one_model_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        _run(load_script("mix_models"), monkeypatch, "first", "second")
    assert "after OUTPUT" in capsys.readouterr().err


def test_release_has_the_weights_and_the_least_scores_that_were_asked_for(
    tiny_parts: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, output = str(save_model(*tiny_parts, tmp_path / "model")), tmp_path / "released"
    script = load_script("release_weights")
    arguments = [folder, "--output", str(output), "--mentions"]
    assert _run(script, monkeypatch, *arguments, "CELL=0.4") == 0
    assert load_model(output).config.thresholds == {"CELL": 0.4}
    for wrong in ("CELL", "CELL=much", "CELL=4", "CYTOKIN=0.4"):
        with pytest.raises(SystemExit, match="2"):
            _run(script, monkeypatch, *arguments, wrong)


def test_script_tells_an_error_in_one_line(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(script, monkeypatch, "--config", "nowhere.yaml") == 1
    assert capsys.readouterr().err.startswith("error: nowhere.yaml: cannot be read")
