"""Configuration of the joint model, saved as `config.json` beside its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transformers import PreTrainedConfig

from il12nlp.evaluation.scaling import Scaling
from il12nlp.schema import CTO, Schema


class JointConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """Encoder, schema and head sizes of a `JointModel`.

    `encoder` is the Hub configuration of any BERT-like encoder as plain data. `window` and
    `overlap` count word pieces: a text longer than one window is read in several that overlap.
    `sentence_distance` bounds the sentences between the two ends of a relation. `thresholds` are
    the least scores of mention and relation types, where set. `temperatures` and `offsets` of
    "mentions" and "relations" turn scores into probabilities (`scaling`), after the thresholds:
    what is found does not depend on how scores are read. `auxiliary` holds the schemas of further
    corpora that teach the same encoder while training; an exported model has none.
    """

    model_type = "il12nlp-joint"

    def __init__(
        self,
        *,
        encoder: Mapping[str, Any] | None = None,
        schema: Mapping[str, Any] | None = None,
        auxiliary: Mapping[str, Mapping[str, Any]] | None = None,
        window: int = 510,
        overlap: int = 128,
        head_size: int = 256,
        head_dropout: float = 0.2,
        mention_layers: int = 2,
        attention_heads: int = 4,
        sentence_distance: int = 10,
        temperatures: Mapping[str, float] | None = None,
        offsets: Mapping[str, float] | None = None,
        thresholds: Mapping[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        self.encoder = dict(encoder or {})
        self.schema = dict(schema or CTO.to_dict())
        self.auxiliary = {name: dict(s) for name, s in (auxiliary or {}).items()}
        self.window = window
        self.overlap = overlap
        self.head_size = head_size
        self.head_dropout = head_dropout
        self.mention_layers = mention_layers
        self.attention_heads = attention_heads
        self.sentence_distance = sentence_distance
        self.temperatures = dict(temperatures or {})
        self.offsets = dict(offsets or {})
        self.thresholds = dict(thresholds or {})
        super().__init__(**kwargs)

    def scaling(self, kind: str) -> Scaling:
        """How the scores of "mentions" or "relations" are read; as they are where not set."""
        return Scaling(self.temperatures.get(kind, 1.0), self.offsets.get(kind, 0.0))

    def task_schema(self, task: str | None = None) -> Schema:
        """Schema of the model itself (None) or of one auxiliary task."""
        return Schema.from_dict(self.schema if task is None else self.auxiliary[task])
