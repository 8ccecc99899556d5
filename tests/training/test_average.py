from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from il12nlp.training.average import FILE, AverageCallback


def _model(value: float) -> nn.Linear:
    model = nn.Linear(2, 1)
    _set(model, value)
    return model


def _set(model: nn.Module, value: float) -> None:
    with torch.no_grad():
        for weight in model.parameters():
            weight.fill_(value)


def _steps(average: AverageCallback, model: nn.Module, values: list[float]) -> None:
    for value in values:
        _set(model, value)
        average.on_step_end(None, None, None)


def _value(average: AverageCallback, model: nn.Linear) -> float:
    with average.applied():
        return float(model.bias.detach())


def _expected(start: float, values: list[float], decay: float, *, done: int = 0) -> float:
    for n, value in enumerate(values, start=done + 1):
        now = min(decay, (1 + n) / (10 + n))
        start = now * start + (1 - now) * value
    return start


def test_average_is_the_moving_average_with_a_growing_decay() -> None:
    model = _model(5.0)
    average = AverageCallback(model, 0.4)
    values = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
    _steps(average, model, values)
    assert _value(average, model) == pytest.approx(_expected(5.0, values, 0.4), rel=1e-6)


def test_average_of_decay_zero_is_the_last_weights() -> None:
    model = _model(5.0)
    average = AverageCallback(model, 0.0)
    _steps(average, model, [1.0, 0.1, 0.7])
    with average.applied():
        assert torch.equal(model.bias.detach(), torch.tensor([0.7]))


def test_average_is_applied_inside_the_block_only() -> None:
    model = _model(0.0)
    average = AverageCallback(model, 0.5)
    _steps(average, model, [1.0])

    def stop() -> None:
        with average.applied():
            assert float(model.bias.detach()) != 1.0
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop()
    assert float(model.bias.detach()) == 1.0


def test_average_goes_on_from_a_checkpoint(tmp_path: Path) -> None:
    values = [1.0, 2.0, 4.0, 8.0, 16.0]
    model = _model(5.0)
    whole = AverageCallback(model, 0.9)
    _steps(whole, model, values)
    model = _model(5.0)
    first = AverageCallback(model, 0.9)
    _steps(first, model, values[:3])
    (tmp_path / "checkpoint-3").mkdir()
    first.on_save(SimpleNamespace(output_dir=str(tmp_path)), SimpleNamespace(global_step=3), None)
    assert [p.name for p in (tmp_path / "checkpoint-3").iterdir()] == [FILE]
    model = _model(99.0)
    second = AverageCallback(model, 0.9)
    second.resume(tmp_path / "checkpoint-3", steps=3)
    _steps(second, model, values[3:])
    assert _value(second, model) == pytest.approx(_expected(5.0, values, 0.9), rel=1e-6)
