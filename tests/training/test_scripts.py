import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from il12nlp.cli import app
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


def test_script_tells_an_error_in_one_line(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(script, monkeypatch, "--config", "nowhere.yaml") == 1
    assert capsys.readouterr().err.startswith("error: nowhere.yaml: cannot be read")
