"""An encoder with another vocabulary learns to say of each word what the old one says of it."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from il12nlp.document import Document
from il12nlp.errors import ConfigError
from il12nlp.model.batches import Batch, by_token_budget
from il12nlp.model.joint import JointModel
from il12nlp.model.predict import Predictor

logger = logging.getLogger(__name__)

CHUNK = 48
"""Texts that batches of like length are made of."""

EMBEDDING_RATE, ENCODER_RATE, WARMUP = 2e-3, 1e-4, 50
"""Peak learning rates of the pieces' embeddings and of all else, and the steps up to there."""

BATCH_PIECES = 1024
"""Word pieces of a step, padding included."""


def align(
    student: tuple[JointModel, Any],
    teacher: tuple[JointModel, Any],
    documents: Sequence[Document],
    *,
    steps: int,
    seed: int = 13,
) -> float:
    """Train the student's encoder on the states that the teacher's gives the same words.

    Student and teacher are a model and its tokenizer; both must cut words alike, into other
    pieces. Returns the mean squared error of the last steps as a part of the states' variance (a
    moving mean over fifty steps). Source: distillation of hidden states (Sanh et al. 2019), here
    from one vocabulary to another. Raises ConfigError where there is no text to learn from.
    """
    if not documents:
        raise ConfigError("there is no text from which the new pieces could be learnt")
    learner, known = student[0].encoder, teacher[0].encoder
    rows = learner.transformer.get_input_embeddings().weight
    rest = [p for p in learner.parameters() if p is not rows]
    groups: list[dict[str, Any]] = [
        {"params": [rows], "lr": EMBEDDING_RATE, "weight_decay": 0.0},
        {"params": rest},
    ]
    optimizer = torch.optim.AdamW(
        groups,
        lr=ENCODER_RATE,
        betas=(0.9, 0.98),
        eps=1e-6,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / WARMUP, (steps - step) / steps)
    )
    error = 0.0
    # Predictors are without dropout, which would teach the embeddings to make up for it.
    pairs = _batches(documents, [Predictor(*side) for side in (teacher, student)], seed=seed)
    for step, (theirs, ours) in zip(range(steps), pairs, strict=False):
        with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
            wanted = known(theirs).float()
        with torch.autocast("cpu", torch.bfloat16):
            loss = _error(learner(ours).float(), wanted)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        error += (loss.item() - error) / min(step + 1, 50)
        if step % 50 == 0:
            logger.info("step %d of %d: error %.4f", step, steps, error)
    return error


def _error(states: Tensor, wanted: Tensor) -> Tensor:
    return (states - wanted).square().mean() / wanted.var()


def _batches(
    documents: Sequence[Document], sides: Sequence[Predictor], *, seed: int
) -> Iterator[tuple[Batch, ...]]:
    """The same documents as a batch of each side, in an order of their own, without end."""
    chance = random.Random(seed)
    order: list[Document] = []
    while True:
        if len(order) < CHUNK:
            order += chance.sample(documents, len(documents))
        chunk, order = order[:CHUNK], order[CHUNK:]
        features = [side.featurizer(chunk) for side in sides]
        most = [max(len(f[i].piece_ids) for f in features) for i in range(len(chunk))]
        batches = list(by_token_budget(most, budget=BATCH_PIECES))
        for batch in chance.sample(batches, len(batches)):
            yield tuple(
                side.collate([f[i] for i in batch]) for side, f in zip(sides, features, strict=True)
            )
