"""The encoder in 8-bit integers, by OpenVINO: for processors that multiply them fast.

The graph is built from the weights as they are loaded, so no second copy of a model has to be kept.
Its linear layers multiply integers; attention, layer norms and sums stay in floats. How far the
states of each layer reach is found once, on sample texts, so what a text gets does not depend on
what else is in its batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from il12nlp.errors import ModelError
from il12nlp.lanes import lanes_for
from il12nlp.model.batches import Batch
from il12nlp.model.encoder import WordEncoder
from il12nlp.model.openvino import Dense, Floats, Nodes, Runs

HIDDEN = -1e4
"""What is added to the attention score of padding."""

STEP = 32
"""Widths of windows are filled up to multiples of this, as OpenVINO compiles kernels for each shape
and nearly every batch would have its own."""

Reaches = Mapping[nn.Module, tuple[Tensor, Tensor]]
"""Least and greatest value of each column of what a linear layer is given. Shape: (in,)."""


class Int8Encoder(WordEncoder):
    """A trained BERT `WordEncoder` whose layers run in OpenVINO, on the CPU alone.

    `sample` is a batch of usual texts. With `bfloat16` what is no product of integers is computed
    in bfloat16, for processors made for it.
    """

    def __init__(self, encoder: WordEncoder, sample: Batch, *, bfloat16: bool = False) -> None:
        nn.Module.__init__(self)
        config = encoder.transformer.config
        if config.model_type != "bert" or config.is_decoder or config.hidden_act != "gelu":
            raise ModelError(
                f"precision int8 is there for BERT encoders with GELU, not for "
                f"{config.model_type!r} with {config.hidden_act!r}; use float32"
            )
        self.width = encoder.width
        self.shapes = encoder.shapes
        self.embeddings = encoder.transformer.embeddings
        with _measured(encoder) as reaches:
            encoder(sample)
        self._run = _compiled(encoder, reaches, precision="bf16" if bfloat16 else "f32")

    def _windows(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        width = ids.shape[1]
        ids, mask, shapes = (F.pad(given, (0, -width % STEP)) for given in (ids, mask, shapes))
        pieces = self.embeddings.word_embeddings(ids) + self.shapes(shapes)
        states = self.embeddings(inputs_embeds=pieces)
        hidden = states.new_zeros(mask.shape).masked_fill(mask == 0, HIDDEN)
        found = self._run(states.numpy(), hidden[:, None, None].numpy())
        return torch.from_numpy(found)[:, :width]


@contextmanager
def _measured(encoder: WordEncoder) -> Iterator[Reaches]:
    """Reaches of all linear layers over what the encoder reads while this is open."""
    reaches: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    def measure(layer: nn.Module, given: tuple[Tensor]) -> None:
        low, high = given[0].flatten(0, -2).aminmax(dim=0)
        before = reaches.get(layer, (low, high))
        reaches[layer] = torch.minimum(low, before[0]), torch.maximum(high, before[1])

    layers = (m for m in encoder.transformer.modules() if isinstance(m, nn.Linear))
    hooks = [layer.register_forward_pre_hook(measure) for layer in layers]
    try:
        with torch.inference_mode():
            yield reaches
    finally:
        for hook in hooks:
            hook.remove()


def _compiled(encoder: WordEncoder, reaches: Reaches, *, precision: str) -> Runs:
    """The layers of a BERT encoder.

    They are given embedded pieces, Shape (windows, pieces, hidden size), and what is added to
    attention scores, Shape (windows, 1, 1, pieces).
    """
    nodes = Nodes()
    given = nodes.op.parameter([-1, -1, encoder.width], np.float32)
    hidden = nodes.op.parameter([-1, 1, 1, -1], np.float32)
    states = given
    for layer in encoder.transformer.encoder.layer:
        states = _layer(nodes, layer, states, hidden, reaches)
    # Each lane computes itself and shares these threads with the others.
    return Runs(
        states,
        [given, hidden],
        streams=lanes_for(torch.device("cpu")),
        threads=torch.get_num_threads(),
        precision=precision,
    )


def _layer(nodes: Nodes, layer: Any, states: Any, hidden: Any, reaches: Reaches) -> Any:
    """One transformer layer."""
    attention, after, inner, back = (
        layer.attention.self,
        layer.attention.output,
        layer.intermediate.dense,
        layer.output,
    )
    mixed = _attended(nodes, attention, states, hidden, reaches)
    mixed = nodes.dense(mixed, _dense(reaches, after.dense))
    states = _normed(nodes, nodes.op.add(mixed, states), after.LayerNorm)
    wide = nodes.op.gelu(nodes.dense(states, _dense(reaches, inner)), "erf")
    fed = nodes.dense(wide, _dense(reaches, back.dense))
    return _normed(nodes, nodes.op.add(fed, states), back.LayerNorm)


def _attended(nodes: Nodes, attention: Any, states: Any, hidden: Any, reaches: Reaches) -> Any:
    """What each piece reads of the others, before it is projected."""
    op, heads = nodes.op, attention.num_attention_heads
    size = attention.attention_head_size
    projections = _dense(reaches, attention.query, attention.key, attention.value)
    parts = op.reshape(nodes.dense(states, projections), nodes.shape(0, 0, 3, heads, size), True)
    parts = op.transpose(parts, nodes.shape(2, 0, 3, 1, 4))
    three = op.split(parts, nodes.constant(0, np.int64), 3).outputs()
    query, key, value = (op.squeeze(part, nodes.shape(0)) for part in three)
    read = op.scaled_dot_product_attention(query, key, value, hidden)
    read = op.transpose(read, nodes.shape(0, 2, 1, 3))
    return op.reshape(read, nodes.shape(0, 0, heads * size), True)


def _normed(nodes: Nodes, states: Any, norm: nn.LayerNorm) -> Any:
    return nodes.normed(states, _array(norm.weight), _array(norm.bias), norm.eps)


def _dense(reaches: Reaches, *layers: nn.Linear) -> Dense:
    """Linear layers of the same states as one."""
    low, high = reaches[layers[0]]
    weight = np.concatenate([_array(layer.weight) for layer in layers])
    bias = np.concatenate([_array(layer.bias) for layer in layers])
    return Dense(weight, bias, _array(low), _array(high))


def _array(parameter: Tensor) -> Floats:
    values: Floats = parameter.detach().float().cpu().numpy()
    return values


def square(size: int, *, threads: int) -> Callable[[], object]:
    """A call that multiplies two square matrices of integers: what a processor can at most."""
    nodes, generator = Nodes(), np.random.default_rng(13)
    integers = nodes.op.parameter([size, size], np.uint8)
    states = nodes.op.multiply(nodes.op.convert(integers, np.float32), nodes.constant(1 / 255))
    weights = nodes.weights(generator.standard_normal((size, size), dtype=np.float32))
    product = nodes.op.matmul(states, weights, transpose_a=False, transpose_b=True)
    run = Runs(product, [integers], streams=1, threads=threads, precision="f32")
    given = generator.integers(0, 255, (size, size), dtype=np.uint8)
    return lambda: run(given)
