"""The encoder: word pieces in, one state per word out, one pass over every window."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from il12nlp.model.batches import Batch
from il12nlp.model.features import SHAPES


class WordEncoder(nn.Module):
    """A BERT-like encoder whose input also knows each word's shape (case and digits)."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        settings = dict(config)
        hub_config = AutoConfig.for_model(settings.pop("model_type"), **settings)
        extra = {"add_pooling_layer": False} if hub_config.model_type in POOLED else {}
        self.transformer = AutoModel.from_config(hub_config, **extra)  # type: ignore[no-untyped-call]
        self.width: int = hub_config.hidden_size
        # Index 0 is for special tokens and padding. Zeros at first: training starts from the
        # encoder as it was pre-trained.
        self.shapes = nn.Embedding(len(SHAPES) + 1, self.width)
        nn.init.zeros_(self.shapes.weight)

    def forward(self, batch: Batch) -> Tensor:
        """States of the words. Shape: (words, width)."""
        pieces = self.transformer.get_input_embeddings()(batch.window_ids)
        states = self.transformer(
            inputs_embeds=pieces + self.shapes(batch.window_shapes),
            attention_mask=batch.window_mask,
        ).last_hidden_state
        states = states.flatten(0, 1).index_select(0, batch.piece_slots)
        words = batch.word_documents.shape[0]
        sums = states.new_zeros(words, self.width).index_add_(0, batch.piece_words, states)
        counts = torch.bincount(batch.piece_words, minlength=words).clamp(min=1)
        means: Tensor = sums / counts.unsqueeze(1).to(sums.dtype)
        return means


POOLED = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "ernie"})
"""Model types whose constructor would add an unused pooling layer."""
