"""What encoders in other precisions are compared by."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from il12nlp.model.predict import Predictor
from tests.model.test_predict import documents


def states(predictor: Predictor, encoder: nn.Module, *which: int) -> Tensor:
    """Words of some documents, one after the other, as an encoder reads them."""
    features = predictor.featurizer(documents())
    with torch.inference_mode():
        found: Tensor = encoder(predictor.collate([features[i] for i in which]))
    return found
