"""What to compute on and how exactly: the user's wish against what this machine has."""

from __future__ import annotations

import os
from typing import Literal, get_args

import torch

from il12nlp.errors import ModelError
from il12nlp.lanes import lanes_for

Precision = Literal["auto", "float32", "bfloat16", "int8"]

KERNELS = 24
"""CPU kernels that PyTorch keeps in bfloat16 for each lane: what the layers of a batch use."""


def keep_few_kernels() -> None:
    """Bound the CPU kernels that PyTorch keeps, where it has made none yet.

    It would keep a thousand, one for each shape, and nearly every batch has a shape of its own, so
    that memory would rise by megabytes an abstract (docs/batch.md).
    """
    for name in ("LRU_CACHE_CAPACITY", "ONEDNN_PRIMITIVE_CACHE_CAPACITY"):
        os.environ.setdefault(name, str(KERNELS * lanes_for(torch.device("cpu"))))


def choose_device(device: str) -> str:
    """ "cpu" or a CUDA device for what the user asked; ModelError where there is no such."""
    found = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device == "auto":
        return "cuda" if found else "cpu"
    if device == "cpu":
        return device
    kind, colon, number = device.partition(":")
    if kind != "cuda" or bool(colon) != number.isdecimal():
        raise ModelError(f"unknown device {device!r}; use auto, cpu or cuda")
    if int(number or 0) >= found:
        known = f"{found or 'no'} CUDA devices"
        raise ModelError(f"device {device!r}: PyTorch finds {known} here; use cpu")
    return device


def choose_precision(precision: Precision, device: str) -> Precision:
    """Precision on a chosen device for what the user asked; ModelError where there is no such."""
    if precision not in get_args(Precision):
        known = ", ".join(get_args(Precision))
        raise ModelError(f"unknown precision {precision!r}; use one of {known}")
    if precision == "auto":
        fast = device != "cpu" or "bfloat16" in fast_precisions()
        return "bfloat16" if fast else "float32"
    if precision == "int8" and device != "cpu":
        raise ModelError(f"precision int8 is for a CPU, not for {device}; use bfloat16")
    return precision


def fast_precisions() -> tuple[Precision, ...]:
    """Precisions for which this machine's processor has instructions of its own."""

    def has(instructions: str) -> bool:
        # PyTorch does not promise these functions, so a version without one knows of nothing.
        check = getattr(torch.cpu, f"_is_{instructions}_supported", None)
        return bool(check and check())

    found: list[Precision] = ["float32"]
    if has("avx512_bf16") or has("amx_tile"):
        found.append("bfloat16")
    if has("vnni"):
        found.append("int8")
    return tuple(found)
