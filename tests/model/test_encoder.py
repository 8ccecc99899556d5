from __future__ import annotations

from typing import Any

import pytest
import torch

from il12nlp.document import Document
from il12nlp.model import encoder
from il12nlp.model.batches import Batch
from il12nlp.model.predict import Predictor

TEXTS = ["IL-12 rose in mice. " * 12, "TNF fell", "IFN-γ"]


@pytest.fixture
def predictor(tiny_parts: tuple[Any, Any]) -> Predictor:
    return Predictor(*tiny_parts)


def batch_of(predictor: Predictor, *texts: str) -> Batch:
    return predictor.collate(predictor.featurizer([Document("d", t) for t in texts]))


@torch.inference_mode()
def test_encoder_gives_each_word_the_mean_of_its_pieces(predictor: Predictor) -> None:
    batch = batch_of(predictor, "ab c")
    assert batch.piece_words.tolist() == [0, 0, 1]
    inner = predictor.model.encoder
    embedded = inner.transformer.get_input_embeddings()(batch.window_ids)
    states = inner.transformer(
        inputs_embeds=embedded + inner.shapes(batch.window_shapes),
        attention_mask=batch.window_mask,
    ).last_hidden_state[0]
    expected = torch.stack([states[1:3].mean(0), states[3]])
    torch.testing.assert_close(inner(batch), expected)


@torch.inference_mode()
def test_encoder_does_not_depend_on_how_much_it_reads_at_once(
    predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(predictor, *TEXTS)
    assert len(batch.window_ids) > 5
    whole = predictor.model.encoder(batch)
    rows: list[int] = []
    transformer = predictor.model.encoder.transformer
    forward = transformer.forward

    def counted(*args: Any, **kwargs: Any) -> Any:
        rows.append(len(kwargs["inputs_embeds"]))
        return forward(*args, **kwargs)

    monkeypatch.setattr(transformer, "forward", counted)
    monkeypatch.setattr(encoder, "PIECES_AT_ONCE", 2 * batch.window_ids.shape[1])
    torch.testing.assert_close(predictor.model.encoder(batch), whole)
    assert max(rows) == 2
    assert sum(rows) == len(batch.window_ids)
