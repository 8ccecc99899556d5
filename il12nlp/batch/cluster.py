"""A Ray cluster: joining or starting it, and how many actors it has room for."""

from __future__ import annotations

import logging
import signal
from collections.abc import Mapping
from typing import Any

from il12nlp.errors import MissingDependencyError, NetworkError


def import_ray() -> Any:
    """The package `ray`; MissingDependencyError where it is not installed."""
    try:
        import ray
    except ImportError:
        raise MissingDependencyError("ray", extra="ray", purpose="running on Ray") from None
    return ray


def connect(address: str | None) -> Any:
    """The package `ray` once it is connected to a cluster; without an address one starts here.

    A connection that is there already is kept. Raises MissingDependencyError, and NetworkError
    where there is no cluster.
    """
    ray = import_ray()
    if ray.is_initialized():
        return ray
    before = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:
        # Ray raises anything here, a bare Exception among others.
        place = "Ray cannot be started here" if address is None else f"{address}: no Ray cluster"
        raise NetworkError(f"{place} ({error})") from error
    finally:
        # Ray takes SIGTERM for itself, which ends a run cleanly: see `stop_on_signals`.
        if signal.getsignal(signal.SIGTERM) is not before:
            signal.signal(signal.SIGTERM, before)
    return ray


def room(ray: Any, needed: Mapping[str, float]) -> int:
    """How many actors fit on the machines of a cluster, each of which needs so much of a resource.

    An actor is never split over machines, so each machine counts for itself.
    """
    machines = (node["Resources"] for node in ray.nodes() if node["Alive"])
    amounts = {name: amount for name, amount in needed.items() if amount}
    return sum(
        min((_fitting(name, n, m.get(name, 0)) for name, n in amounts.items()), default=0)
        for m in machines
    )


def _fitting(name: str, amount: float, whole: float) -> int:
    if name == "GPU" and amount < 1:  # a share is of one GPU, never of two
        return int(whole) * int(1 / amount)
    return int(whole / amount)
