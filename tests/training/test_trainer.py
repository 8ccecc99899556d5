from typing import Any

import pytest
from torch import nn

from il12nlp.training.config import OptimizerConfig
from il12nlp.training.trainer import parameter_groups


@pytest.fixture(scope="module")
def rates(tiny_parts: tuple[Any, Any]) -> dict[str, tuple[float, float]]:
    """Learning rate and weight decay of each parameter of the tiny model, which has two layers."""
    model = tiny_parts[0]
    settings = OptimizerConfig(encoder_rate=0.1, head_rate=0.5, layer_decay=0.5, weight_decay=0.01)
    names = {id(p): n for n, p in model.named_parameters()}
    found: dict[str, tuple[float, float]] = {}
    for group in parameter_groups(model, settings):
        for parameter in group["params"]:
            name = names[id(parameter)]
            assert name not in found
            found[name] = (group["lr"], group["weight_decay"])
    assert found.keys() == set(names.values())
    return found


def test_parameter_rate_falls_with_depth(rates: dict[str, tuple[float, float]]) -> None:
    encoder = "encoder.transformer."
    weight = "attention.self.query.weight"
    assert rates[f"{encoder}encoder.layer.1.{weight}"][0] == pytest.approx(0.1)
    assert rates[f"{encoder}encoder.layer.0.{weight}"][0] == pytest.approx(0.05)
    assert rates[f"{encoder}embeddings.word_embeddings.weight"][0] == pytest.approx(0.025)


def test_parameter_rate_of_heads_and_shapes_is_the_heads(
    rates: dict[str, tuple[float, float]],
) -> None:
    own = {n: r for n, r in rates.items() if not n.startswith("encoder.transformer.")}
    assert {"encoder.shapes.weight", "heads.mentions.tags.weight"} <= own.keys()
    assert {rate for rate, _ in own.values()} == {0.5}


def test_biases_and_norms_do_not_decay(
    rates: dict[str, tuple[float, float]], tiny_parts: tuple[Any, Any]
) -> None:
    norms = {n for n, m in tiny_parts[0].named_modules() if isinstance(m, nn.LayerNorm)}
    assert norms
    for name, (_, decay) in rates.items():
        plain = name.endswith("bias") or name.rpartition(".")[0] in norms
        assert decay == (0.0 if plain else 0.01), name
