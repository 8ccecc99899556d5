"""The Hugging Face `Trainer` with this model's batches and learning rates."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import torch
from datasets import Dataset
from torch import nn
from torch.utils.data import DataLoader
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from il12nlp.model.joint import JointModel
from il12nlp.training.collator import BatchPlan, Collator, Hiding
from il12nlp.training.config import OptimizerConfig

logger = logging.getLogger(__name__)


class JointTrainer(Trainer):
    """Runs a `BatchPlan`; everything else (checkpoints, resuming, devices) is Trainer's.

    `hide` is called with each batch before the model reads it.
    """

    def __init__(
        self,
        model: JointModel,
        arguments: TrainingArguments,
        dataset: Dataset,
        collator: Collator,
        plan: BatchPlan,
        optimizer: OptimizerConfig,
        callbacks: list[TrainerCallback],
        hide: Hiding | None = None,
    ) -> None:
        super().__init__(
            model=model,
            args=arguments,
            train_dataset=dataset,
            data_collator=collator,
            callbacks=[*callbacks, LogCallback()],
        )
        self.remove_callback(PrinterCallback)
        self._hide = hide
        self._plan = plan
        self._optimizer = optimizer

    def get_train_dataloader(self) -> DataLoader[Any]:
        return DataLoader(
            self.train_dataset,  # type: ignore[arg-type]
            batch_sampler=self._plan,
            collate_fn=self.data_collator,
        )

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        if self.optimizer is None:
            settings = self._optimizer
            groups = parameter_groups(self.model, settings)  # type: ignore[arg-type]
            self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)
        return self.optimizer

    def training_step(self, model: nn.Module, inputs: dict[str, Any], *rest: Any) -> torch.Tensor:
        # Not in the collator: a run that goes on restores the random state only after its first
        # batch is collated.
        if self._hide is not None:
            self._hide(inputs["batch"], inputs["task"])
        return super().training_step(model, inputs, *rest)

    def _prepare_inputs(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _to(value, self.args.device) for name, value in inputs.items()}

    def floating_point_ops(self, inputs: Mapping[str, Any]) -> int:
        return 0


def _to(value: Any, device: torch.device) -> Any:
    """A value, or the tensors of a dataclass, on a device."""
    if isinstance(value, torch.Tensor):
        return value.to(device)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: _to(getattr(value, f.name), device) for f in fields(value)})
    return value


def parameter_groups(model: JointModel, settings: OptimizerConfig) -> list[dict[str, Any]]:
    """Parameters by learning rate and weight decay.

    The encoder's rate falls by `layer_decay` for each layer further down (Howard & Ruder 2018).
    """
    depth = int(model.encoder.transformer.config.num_hidden_layers)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        rate = settings.head_rate
        if name.startswith("encoder.transformer."):
            below = depth - _layer(name)
            rate = settings.encoder_rate * settings.layer_decay**below
        decay = settings.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": p, "lr": r, "weight_decay": d} for (r, d), p in groups.items()]


def _layer(name: str) -> int:
    """1 for the lowest encoder layer; 0 for the embeddings below it."""
    numbers = [int(part) for part in name.split(".") if part.isdigit()]
    return numbers[0] + 1 if numbers and ".layer" in name else 0


class EpochCallback(TrainerCallback):
    """Calls a function at the last step of each epoch of the plan."""

    def __init__(self, plan: BatchPlan, call: Callable[[int, int], None]) -> None:
        self._ends = {end: n for n, end in enumerate(plan.epoch_ends, start=1)}
        self._call = call

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if state.global_step in self._ends:
            self._call(self._ends[state.global_step], state.global_step)


class LogCallback(TrainerCallback):
    """Writes loss and learning rate to the log, where Trainer would print them."""

    def on_log(
        self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any
    ) -> None:
        if logs and "loss" in logs:
            logger.info(
                "step %d of %d: loss %.3f, rate %.2g",
                state.global_step,
                state.max_steps,
                float(logs["loss"]),
                float(logs["learning_rate"]),
            )
