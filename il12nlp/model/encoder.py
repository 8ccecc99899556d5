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
        states = self.pieces(batch)
        words = batch.word_documents.shape[0]
        sums = states.new_zeros(words, self.width).index_add_(0, batch.piece_words, states)
        counts = torch.bincount(batch.piece_words, minlength=words).clamp(min=1)
        means: Tensor = sums / counts.unsqueeze(1).to(sums.dtype)
        return means

    def pieces(self, batch: Batch) -> Tensor:
        """States of the word pieces. Shape: (pieces, width)."""
        at_once = max(1, PIECES_AT_ONCE // batch.window_ids.shape[1])
        read = (batch.window_ids, batch.window_mask, batch.window_shapes)
        some = zip(*(torch.split(t, at_once) for t in read), strict=True)
        states = torch.cat([self._windows(*parts) for parts in some])
        return states.flatten(0, 1).index_select(0, batch.piece_slots)

    def _windows(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        """States of the pieces of some windows. Shape: (windows, width) → (…, hidden size)."""
        pieces = self.transformer.get_input_embeddings()(ids)
        states: Tensor = self.transformer(
            inputs_embeds=pieces + self.shapes(shapes), attention_mask=mask
        ).last_hidden_state
        return states


PIECES_AT_ONCE = 32_768
"""Word pieces, padding included, that pass the encoder together: bounds what a long text takes."""

POOLED = frozenset({"bert", "roberta", "xlm-roberta", "camembert", "ernie"})
"""Model types whose constructor would add an unused pooling layer."""
