"""Rows of a dataset to a batch with its targets, and the plan of batches of a whole run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from il12nlp.model.batches import Batch, collate
from il12nlp.model.features import Ints
from il12nlp.model.joint import JointModel, Targets
from il12nlp.model.masked_head import MASKED_WORDS
from il12nlp.model.mention_head import tags_of
from il12nlp.model.pairs import Pairs
from il12nlp.training.examples import features_of, mentions_of


class Collator:
    """Batch and targets of rows that all belong to one task."""

    def __init__(self, model: JointModel, tokenizer: Any) -> None:
        self._model = model
        self._special = {
            "cls_id": tokenizer.cls_token_id,
            "sep_id": tokenizer.sep_token_id,
            "pad_id": tokenizer.pad_token_id,
        }

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Arguments of `JointModel.forward`."""
        config, task = self._model.config, rows[0]["task"] or None
        features = [features_of(r) for r in rows]
        batch = collate(features, window=config.window, overlap=config.overlap, **self._special)
        if task == MASKED_WORDS:
            return {"batch": batch, "targets": batch.window_ids.clone(), "task": task}
        heads, schema = self._model.task(task), config.task_schema(task)
        mentions = [mentions_of(r) for r in rows]
        pairs = [heads.pair_table(m) for m in mentions]
        gold = [np.asarray(r["relations"], dtype=np.int64).reshape(-1, 4) for r in rows]
        labels = [pair_labels(p, g) for p, g in zip(pairs, gold, strict=True)]
        types = len(schema.mention_types)
        targets = Targets(
            tags=torch.cat(
                [
                    tags_of(torch.tensor(np.asarray(r["mentions"])), words=f.words, types=types)
                    for r, f in zip(rows, features, strict=True)
                ]
            ),
            mentions=mentions,
            pairs=pairs,
            labels=torch.from_numpy(np.concatenate([a for a, _ in labels])),
            speculative=torch.from_numpy(np.concatenate([b for _, b in labels])),
            study=torch.tensor([r["study"] for r in rows]),
        )
        return {"batch": batch, "targets": targets, "task": task}


@dataclass(frozen=True, slots=True)
class Hiding:
    """What a step hides behind the mask token before the model reads its batch.

    `pieces`: share of the pieces of annotated texts, so that a name is learnt from its
    surroundings too. `words`: share of the words of texts without annotations, to be guessed.
    """

    mask_id: int
    pieces: float
    words: float = 0.0

    def __call__(self, batch: Batch, task: str | None) -> None:
        if task == MASKED_WORDS:
            hide_words(batch, share=self.words, mask_id=self.mask_id)
        elif self.pieces:
            hide_pieces(batch, share=self.pieces, mask_id=self.mask_id)


def hide_words(batch: Batch, *, share: float, mask_id: int) -> None:
    """Put the mask token over all pieces of a share of the words, in place."""
    hidden = (torch.rand(batch.word_documents.shape) < share)[batch.piece_words]
    batch.window_ids.view(-1)[batch.piece_slots[hidden]] = mask_id


def hide_pieces(batch: Batch, *, share: float, mask_id: int) -> None:
    """Put the mask token over a share of the word pieces, in place.

    Special tokens and padding, which have no shape, stay.
    """
    hidden = torch.rand(batch.window_ids.shape) < share
    batch.window_ids[hidden & (batch.window_shapes > 0)] = mask_id


def pair_labels(pairs: Pairs, gold: Ints) -> tuple[Ints, Ints]:
    """Label and speculative flag of each candidate pair. Shape: (pairs,), (pairs,).

    `gold`: Shape (relations, 4) of head, tail, label, speculative. A relation that no candidate
    stands for (too far apart) is left out.
    """
    place = {
        ends: i
        for i, ends in enumerate(zip(pairs.heads.tolist(), pairs.tails.tolist(), strict=True))
    }
    labels = np.zeros(len(pairs), dtype=np.int64)
    speculative = np.zeros(len(pairs), dtype=np.int64)
    for head, tail, label, hedged in gold.tolist():
        for ends in ((head, tail), (tail, head)):
            i = place.get(ends)
            if i is not None and pairs.allowed[i, label]:
                labels[i], speculative[i] = label, hedged
                break
    return labels, speculative


@dataclass(frozen=True, slots=True)
class TaskRows:
    """Which rows of the dataset belong to a task, how long they are, how much an epoch reads."""

    rows: Sequence[int]
    lengths: Sequence[int]
    share: float = 1.0


class BatchPlan:
    """All batches of a run, laid out beforehand.

    One pass over the plan is the whole run, so a run that was stopped finds its place by skipping.
    Each epoch reads every task's rows in a new order; batches of all tasks are mixed. With
    `max_steps` the plan is cut there, and the cut counts as the end of its epoch.
    """

    def __init__(
        self,
        tasks: Sequence[TaskRows],
        *,
        epochs: float,
        budget: int,
        seed: int,
        max_steps: int | None = None,
    ) -> None:
        generator = np.random.default_rng(seed)
        self.epoch_ends: list[int] = []
        self._batches: list[list[int]] = []
        left = epochs
        while left > 0:
            part = min(1.0, left)
            made = [b for t in tasks for b in _task_batches(t, part, budget, generator)]
            self._batches += [made[i] for i in generator.permutation(len(made))]
            self.epoch_ends.append(len(self._batches))
            left = round(left - part, 6)
        if max_steps is not None and max_steps < len(self._batches):
            del self._batches[max_steps:]
            self.epoch_ends = [*(end for end in self.epoch_ends if end < max_steps), max_steps]

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[list[int]]:
        return iter(self._batches)


def _task_batches(
    task: TaskRows, part: float, budget: int, generator: np.random.Generator
) -> Iterator[list[int]]:
    wanted = task.share * part * len(task.rows)
    order: list[int] = []
    while len(order) < round(wanted):
        order += generator.permutation(len(task.rows)).tolist()
    order = order[: round(wanted)]
    chunk = 24
    for start in range(0, len(order), chunk):
        # Similar lengths side by side save padding; in small chunks, so that chance still mixes.
        near = sorted(order[start : start + chunk], key=lambda i: task.lengths[i])
        batch: list[int] = []
        for i in near:
            if batch and task.lengths[i] * (len(batch) + 1) > budget:
                yield [task.rows[j] for j in batch]
                batch = []
            batch.append(i)
        if batch:
            yield [task.rows[j] for j in batch]
