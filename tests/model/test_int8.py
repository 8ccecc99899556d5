from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import cosine_similarity

from il12nlp.errors import MissingDependencyError, ModelError
from il12nlp.model.batches import Batch
from il12nlp.model.hardware import choose_precision
from il12nlp.model.int8 import STEP, Int8Encoder
from il12nlp.model.loading import load_predictor
from il12nlp.model.openvino import Dense, Nodes, Runs
from il12nlp.model.predict import Predictor
from il12nlp.model.sample import sample_documents
from il12nlp.training.building import save_model
from tests.model.encoders import states
from tests.optional import needs_openvino

pytestmark = needs_openvino


@pytest.fixture
def predictor(tiny_parts: tuple[Any, Any]) -> Predictor:
    return Predictor(*tiny_parts)


@pytest.fixture
def sample(predictor: Predictor) -> Batch:
    return predictor.collate(predictor.featurizer(sample_documents()))


@pytest.mark.parametrize("half", [False, True])
def test_int8_states_are_nearly_those_of_float32(
    predictor: Predictor, sample: Batch, half: bool
) -> None:
    whole = predictor.model.encoder
    encoder = Int8Encoder(whole, sample, bfloat16=half)
    before, after = states(predictor, whole, 0, 1), states(predictor, encoder, 0, 1)
    assert before.shape == after.shape
    assert cosine_similarity(before, after).min() > 0.99
    assert not torch.equal(before, after)


def test_int8_states_do_not_depend_on_the_rest_of_a_batch(
    predictor: Predictor, sample: Batch
) -> None:
    encoder = Int8Encoder(predictor.model.encoder, sample)
    together = states(predictor, encoder, 0, 1)
    apart = torch.cat([states(predictor, encoder, i) for i in (0, 1)])
    # Sums in another order may round to the next integer.
    assert torch.allclose(together, apart, atol=0.02)


def test_int8_gives_openvino_few_shapes(
    predictor: Predictor, sample: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, widths = Int8Encoder(predictor.model.encoder, sample), set()
    run = encoder._run

    def noted(given: Any, hidden: Any) -> Any:
        widths.add((given.shape[1], hidden.shape[3]))
        return run(given, hidden)

    monkeypatch.setattr(encoder, "_run", noted)
    lengths = [len(states(predictor, encoder, i)) for i in (0, 1)]
    assert len(set(lengths)) == 2
    assert all(a == b and a % STEP == 0 for a, b in widths)


def test_int8_runs_in_several_threads(predictor: Predictor, sample: Batch) -> None:
    encoder = Int8Encoder(predictor.model.encoder, sample)
    alone = [states(predictor, encoder, i) for i in (0, 1)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda i: states(predictor, encoder, i % 2), range(40)))
    assert all(torch.allclose(s, alone[i % 2], atol=0.02) for i, s in enumerate(found))


def test_columns_that_reach_far_do_not_blur_the_others() -> None:
    generator = np.random.default_rng(13)
    weight = generator.standard_normal((16, 32), dtype=np.float32)
    given = generator.standard_normal((8, 32), dtype=np.float32)
    given[:, 0] *= 50
    weight[:, 0] /= 10  # as in a trained model, where such columns count for little
    exact = given @ weight.T
    nodes = Nodes()
    states = nodes.op.parameter([-1, 32], np.float32)
    layer = Dense(weight, np.zeros(16, np.float32), given.min(axis=0), given.max(axis=0))
    run = Runs(nodes.dense(states, layer), [states], streams=1, threads=1, precision="f32")
    bounds = float(given.min()), float(given.max())
    product = nodes.op.matmul(nodes.rounded(states, *bounds), nodes.weights(weight), False, True)
    plain = Runs(product, [states], streams=1, threads=1, precision="f32")
    assert np.abs(run(given) - exact).mean() < 0.4 * np.abs(plain(given) - exact).mean()


def test_zero_stays_zero() -> None:
    nodes = Nodes()
    states = nodes.op.parameter([-1], np.float32)
    run = Runs(nodes.rounded(states, -0.3, 1.7), [states], streams=1, threads=1, precision="f32")
    assert np.abs(run(np.zeros(4, np.float32))).max() < 1e-6


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("model_type", "modernbert", "not for 'modernbert' with 'gelu'; use float32"),
        ("hidden_act", "relu", "not for 'bert' with 'relu'; use float32"),
    ],
)
def test_int8_is_for_bert_with_gelu(
    predictor: Predictor,
    sample: Batch,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    value: str,
    message: str,
) -> None:
    monkeypatch.setattr(predictor.model.encoder.transformer.config, setting, value)
    with pytest.raises(ModelError, match=message):
        Int8Encoder(predictor.model.encoder, sample)


def test_openvino_leaves_network_and_home_alone(tmp_path: Path) -> None:
    """Once imported its telemetry would ask the network and note an id in the home folder."""
    code = (
        "import socket, sys, time\n"
        "asked = []\n"
        "def refuse(*given, **named):\n"
        "    asked.append(given)\n"
        "    raise OSError\n"
        "socket.getaddrinfo = socket.socket.connect = refuse\n"
        "from il12nlp.model.int8 import square\n"
        "square(64, threads=1)()\n"
        "time.sleep(1)\n"
        "print(asked, 'openvino_telemetry' in sys.modules)\n"
    )
    home = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=home, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[] False\n", "")
    assert list(tmp_path.iterdir()) == []


def test_int8_is_for_a_cpu() -> None:
    with pytest.raises(ModelError, match="not for cuda; use bfloat16"):
        choose_precision("int8", "cuda")


def test_int8_says_which_extra_it_needs(
    tiny_parts: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_model(*tiny_parts, tmp_path / "model")
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'il12nlp\[int8\]'"):
        load_predictor(folder, device="cpu", precision="int8")
