"""Which GPUs a process sees."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile

GPUS = "CUDA_VISIBLE_DEVICES"
"""Environment variable that names the GPUs that a process sees."""


def visible_gpus() -> list[str]:
    """The GPUs that this process sees, as `GPUS` names them."""
    named = os.environ.get(GPUS)
    if named is not None:
        found = [name.strip() for name in named.split(",")]
        # What CUDA does: a name of nothing hides all after it.
        return list(takewhile(lambda name: name not in ("", "-1"), found))
    import torch

    return [str(i) for i in range(torch.cuda.device_count())]


@contextmanager
def seeing(gpu: str | None) -> Iterator[None]:
    """Processes that are started meanwhile see that GPU alone; None leaves all as it is."""
    before = os.environ.get(GPUS)
    if gpu is not None:
        os.environ[GPUS] = gpu
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(GPUS, None)
        else:
            os.environ[GPUS] = before
