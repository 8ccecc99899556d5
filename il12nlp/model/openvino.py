"""Graphs of OpenVINO whose matrix products are of 8-bit integers, and their runs.

OpenVINO is installed with `il12nlp[int8]` alone, so nothing here is imported before it is needed.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from il12nlp.errors import MissingDependencyError

Floats = npt.NDArray[np.float32]

SMOOTHING = 0.95
"""How much of the difference between a product's columns of states is left to its weights: 1 all,
0 none. OpenVINO's own tools take the same for such models."""

LEAST_REACH = 1e-5
"""Reach of a column that is zero throughout, as a scale cannot be zero."""


@dataclass(frozen=True, slots=True)
class Dense:
    """A linear layer, and how far the states reach that it is given.

    `weight`: Shape (out, in). `bias`: Shape (out,). `low`, `high`: least and greatest value of
    each column of states. Shape (in,).
    """

    weight: Floats
    bias: Floats
    low: Floats
    high: Floats

    def smoothing(self) -> Floats:
        """What each column of states is divided by, and its weights multiplied. Shape: (in,).

        A few columns of a BERT reach far beyond the others, which one scale for all would leave a
        handful of integers (SmoothQuant, Xiao et al. 2023).
        """
        states = np.maximum(np.maximum(-self.low, self.high), LEAST_REACH)
        weights = np.maximum(np.abs(self.weight).max(axis=0), LEAST_REACH)
        logs = SMOOTHING * np.log(states) - (1 - SMOOTHING) * np.log(weights)
        factors: Floats = np.exp(logs - logs.mean()).astype(np.float32)
        return factors


class Nodes:
    """Makes the nodes of a graph; what a method is given and gives are nodes too."""

    def __init__(self) -> None:
        _openvino()
        from openvino import opset13

        self.op: Any = opset13

    def constant(self, values: Any, kind: Any = np.float32) -> Any:
        return self.op.constant(np.asarray(values, dtype=kind, order="C"))

    def shape(self, *sizes: int) -> Any:
        return self.constant(sizes, np.int64)

    def dense(self, states: Any, layer: Dense) -> Any:
        """A linear layer whose states and weights are rounded to 8-bit integers."""
        factors = layer.smoothing()
        scaled = self.op.multiply(states, self.constant(1 / factors))
        low, high = (layer.low / factors).min(), (layer.high / factors).max()
        product = self.op.matmul(
            self.rounded(scaled, float(low), float(high)),
            self.weights(layer.weight * factors),
            transpose_a=False,
            transpose_b=True,
        )
        return self.op.add(product, self.constant(layer.bias))

    def rounded(self, states: Any, low: float, high: float) -> Any:
        """States as 256 steps from about `low` to about `high`, zero among them."""
        low, high = min(low, -LEAST_REACH), max(high, LEAST_REACH)
        step = (high - low) / 255
        below = round(-low / step)
        bounds = (self.constant(-below * step), self.constant((255 - below) * step))
        return self.op.fake_quantize(states, *bounds, *bounds, 256)

    def weights(self, matrix: Floats) -> Any:
        """A weight matrix as integers from -127 to 127, each row with a scale of its own."""
        reach = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), LEAST_REACH)
        bounds = (self.constant(-reach), self.constant(reach))
        return self.op.fake_quantize(self.constant(matrix), *bounds, *bounds, 255)

    def normed(self, states: Any, weight: Floats, bias: Floats, tiny: float) -> Any:
        """Layer norm over the last axis."""
        plain = self.op.mvn(states, self.shape(-1), True, tiny, "inside_sqrt")
        return self.op.add(self.op.multiply(plain, self.constant(weight)), self.constant(bias))


class Runs:
    """A graph that any number of threads may run at the same time."""

    def __init__(
        self, result: Any, parameters: Sequence[Any], *, streams: int, threads: int, precision: str
    ) -> None:
        """`precision`, "f32" or "bf16", is that of all but the products of integers."""
        openvino = _openvino()
        settings = {
            "INFERENCE_PRECISION_HINT": precision,
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": threads,
            # Several processes of one machine would all take the same processors.
            "ENABLE_CPU_PINNING": False,
            # Kernels that are kept; thousands, as by default, are hundreds of megabytes.
            "CPU_RUNTIME_CACHE_CAPACITY": 64,
        }
        graph = openvino.Model([result], list(parameters), "il12nlp")
        self._compiled = openvino.Core().compile_model(graph, "CPU", settings)
        self._own = threading.local()

    def __call__(self, *given: npt.NDArray[Any]) -> Floats:
        """The result for what the parameters are given, in a memory of its own."""
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        result: Floats = self._own.request.infer(list(given), share_inputs=True)[0]
        return result


def _openvino() -> Any:
    """The package, without its telemetry, which would ask the network as soon as it is imported.

    OpenVINO has a stand-in of its own for where that package is missing.
    """
    telemetry = "openvino_telemetry"
    absent = telemetry not in sys.modules
    if absent:
        sys.modules[telemetry] = None  # type: ignore[assignment]
    try:
        import openvino
    except ImportError:
        raise MissingDependencyError("openvino", extra="int8", purpose="precision int8") from None
    finally:
        if absent:
            del sys.modules[telemetry]
    return openvino
