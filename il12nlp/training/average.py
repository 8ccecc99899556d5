"""A moving average of the weights, which generalises better than the last step's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import TrainerCallback

FILE = "average.safetensors"


class AverageCallback(TrainerCallback):
    """Keeps `average = decay · average + (1 - decay) · weights` after every step.

    The decay grows to its value over the first steps, so that the start is soon forgotten; with
    decay 0 the average is the last weights. It is saved with each checkpoint and read back when
    a run goes on. Source: Polyak & Juditsky 1992, with the warm-up that EMA implementations use.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._model = model
        self._decay = decay
        self._steps = 0
        self._average = {n: p.detach().clone() for n, p in model.named_parameters()}

    def resume(self, checkpoint: str | Path, *, steps: int) -> None:
        """Go on from a checkpoint's average."""
        stored = load_file(Path(checkpoint) / FILE)
        self._average = {n: stored[n].to(t.device) for n, t in self._average.items()}
        self._steps = steps

    @torch.no_grad()
    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        names, weights = zip(*self._model.named_parameters(), strict=True)
        kept = [self._average[n].to(w.device) for n, w in zip(names, weights, strict=True)]
        torch._foreach_lerp_(kept, list(weights), 1 - decay)
        self._average = dict(zip(names, kept, strict=True))

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        # Renamed when whole: the file is a checkpoint's last, and its presence says "complete".
        part = folder / f"{FILE}.part"
        save_file({n: t.contiguous() for n, t in self._average.items()}, part)
        part.replace(folder / FILE)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The model has the averaged weights inside the block, and its own again after it."""
        self.swap()
        try:
            yield
        finally:
            self.swap()

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the model's weights and the average; a second call undoes it."""
        for name, weight in self._model.named_parameters():
            held: Tensor = weight.detach().clone()
            weight.copy_(self._average[name])
            self._average[name] = held
