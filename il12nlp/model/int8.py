"""The encoder in 8-bit integers, by ONNX Runtime: for processors that multiply them fast.

The graph is built from the weights as they are loaded, so no second copy of a model has to be kept:
each weight matrix is scaled column by column, each batch's states as they come, and attention,
layer norms and sums stay in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from il12nlp.errors import MissingDependencyError, ModelError
from il12nlp.lanes import lanes_for
from il12nlp.model.encoder import WordEncoder

OPSET = 17
MICROSOFT = "com.microsoft"

Floats = npt.NDArray[np.float32]


class Int8Encoder(WordEncoder):
    """A trained `WordEncoder` whose layers run in ONNX Runtime, on the CPU alone."""

    def __init__(self, encoder: WordEncoder) -> None:
        nn.Module.__init__(self)
        config = encoder.transformer.config
        if config.model_type != "bert":
            raise ModelError(
                f"precision int8 is there for BERT encoders, not for {config.model_type!r}; "
                "use float32"
            )
        self.width = encoder.width
        self.shapes = encoder.shapes
        self.embeddings = encoder.transformer.embeddings
        # Each lane computes itself and shares these threads with the others.
        shared = torch.get_num_threads() - lanes_for(torch.device("cpu"))
        self._session = _session(_graph(encoder.transformer), threads=shared + 1)

    def _windows(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        pieces = self.embeddings.word_embeddings(ids) + self.shapes(shapes)
        states = self.embeddings(inputs_embeds=pieces)
        given = {"states": states.numpy(), "mask": mask.int().numpy()}
        return torch.from_numpy(self._session.run(None, given)[0])


def square(size: int, *, threads: int) -> Callable[[], object]:
    """A call that multiplies two square matrices of integers: what a processor can at most."""
    onnx = _onnx()
    helper, integer = onnx.helper, onnx.TensorProto.UINT8
    weight = np.random.default_rng(13).integers(-127, 127, (size, size), dtype=np.int8)
    given = np.random.default_rng(14).integers(0, 255, (size, size), dtype=np.uint8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["c"])],
        "square",
        [helper.make_tensor_value_info("a", integer, (size, size))],
        [helper.make_tensor_value_info("c", onnx.TensorProto.INT32, (size, size))],
        [onnx.numpy_helper.from_array(weight, "b")],
    )
    session = _session(_model(graph), threads=threads)
    return lambda: session.run(None, {"a": given})


def _onnx() -> Any:
    try:
        import onnx
        import onnxruntime  # noqa: F401
    except ImportError:
        raise MissingDependencyError(
            "onnxruntime", extra="int8", purpose="precision int8"
        ) from None
    return onnx


def _model(graph: Any) -> Any:
    helper = _onnx().helper
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def _session(model: Any, *, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def _graph(transformer: Any) -> Any:
    """The layers of a BERT encoder. `states` (windows, width, hidden), `mask` → `encoded`."""
    onnx = _onnx()
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    made = _Nodes(onnx)
    states = "states"
    for i, layer in enumerate(transformer.encoder.layer):
        states = _layer(made, layer, states, f"layer{i}", transformer.config)
    width = transformer.config.hidden_size
    float_states = ("windows", "pieces", width)
    graph = helper.make_graph(
        [*made.nodes, helper.make_node("Identity", [states], ["encoded"])],
        "encoder",
        [
            helper.make_tensor_value_info("states", floats, float_states),
            helper.make_tensor_value_info("mask", onnx.TensorProto.INT32, ("windows", "pieces")),
        ],
        [helper.make_tensor_value_info("encoded", floats, float_states)],
        made.constants,
    )
    return _model(graph)


def _layer(made: _Nodes, layer: Any, states: str, name: str, config: Any) -> str:
    """One transformer layer; gives the name of its output."""
    heads, tiny = config.num_attention_heads, config.layer_norm_eps
    attention, feed = layer.attention, layer.intermediate.dense
    parts = [getattr(attention.self, part) for part in ("query", "key", "value")]
    weight = np.concatenate([_array(part.weight).T for part in parts], axis=1)
    bias = made.constant(f"{name}.bias", np.concatenate([_array(part.bias) for part in parts]))
    columns, scale, zero = made.quantized(f"{name}.qkv", weight)
    whole, whole_scale, whole_zero = made.add(
        "DynamicQuantizeLinear", [states], f"{name}.in", outputs=3
    )
    mixed = made.own(
        "QAttention",
        [whole, columns, bias, whole_scale, scale, "mask", whole_zero, zero],
        f"{name}.mixed",
        num_heads=heads,
    )
    out = made.product(f"{name}.out", mixed, attention.output.dense)
    states = made.normed(f"{name}.attended", out, states, attention.output.LayerNorm, tiny)
    inner = made.product(f"{name}.inner", states, feed, bias=False)
    inner = made.own(
        "BiasGelu",
        [inner, made.constant(f"{name}.inner.bias", _array(feed.bias))],
        f"{name}.active",
    )
    back = made.product(f"{name}.back", inner, layer.output.dense)
    return made.normed(f"{name}.done", back, states, layer.output.LayerNorm, tiny)


class _Nodes:
    """Nodes and constants of a graph that is being made; every method gives names."""

    def __init__(self, onnx: Any) -> None:
        self._onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self.constants.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], name: str, *, outputs: int) -> list[str]:
        names = [f"{name}.{i}" for i in range(outputs)]
        self.nodes.append(self._onnx.helper.make_node(kind, inputs, names))
        return names

    def own(self, kind: str, inputs: list[str], name: str, **settings: Any) -> str:
        """A node of ONNX Runtime's own kind."""
        self.nodes.append(
            self._onnx.helper.make_node(kind, inputs, [name], domain=MICROSOFT, **settings)
        )
        return name

    def quantized(self, name: str, weight: Floats) -> tuple[str, str, str]:
        """Integers, scale and zero of a matrix, each column with a scale of its own."""
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-9).astype(np.float32) / 127
        values = np.rint(weight / scale).astype(np.int8)
        zero = np.zeros(weight.shape[1], dtype=np.int8)
        return (
            self.constant(f"{name}.weight", values),
            self.constant(f"{name}.scale", scale),
            self.constant(f"{name}.zero", zero),
        )

    def product(self, name: str, states: str, dense: Any, *, bias: bool = True) -> str:
        """States times a linear layer's weights, the states scaled as they come."""
        parts = [states, *self.quantized(name, _array(dense.weight).T)]
        if bias:
            parts.append(self.constant(f"{name}.bias", _array(dense.bias)))
        return self.own("DynamicQuantizeMatMul", parts, name)

    def normed(self, name: str, states: str, before: str, norm: Any, tiny: float) -> str:
        """Layer norm of the sum of two states."""
        weights = [
            self.constant(f"{name}.gamma", _array(norm.weight)),
            self.constant(f"{name}.beta", _array(norm.bias)),
        ]
        return self.own("SkipLayerNormalization", [states, before, *weights], name, epsilon=tiny)


def _array(parameter: Tensor) -> Floats:
    values: Floats = parameter.detach().float().cpu().numpy()
    return values
