"""A stand-in for Ray: its actors live in this process; what goes to and from them is pickled."""

from __future__ import annotations

import pickle
import signal
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any


class _ActorError(Exception):
    """Never raised here, as no actor dies."""


class FakeRay:
    """Ray on machines that have such resources; `error` is what starting it raises."""

    exceptions = SimpleNamespace(RayActorError=_ActorError, RayTaskError=_ActorError)

    def __init__(self, *machines: dict[str, float], error: Exception | None = None) -> None:
        self._machines = machines
        self._error = error

    def is_initialized(self) -> bool:
        return False

    def init(self, **_: object) -> None:
        signal.signal(signal.SIGTERM, lambda *_: None)  # as Ray does
        if self._error is not None:
            raise self._error

    def nodes(self) -> list[dict[str, Any]]:
        gone = {"Alive": False, "Resources": {"CPU": 64.0}}
        return [gone, *({"Alive": True, "Resources": m} for m in self._machines)]

    def remote(self, **_: object) -> Any:
        return lambda kind: SimpleNamespace(remote=lambda *given: _Actor(kind(*_sent(given))))

    def get(self, made: Any) -> Any:
        return _sent(made)

    def wait(self, tasks: list[Any], **_: object) -> tuple[list[Any], list[Any]]:
        return tasks[-1:], tasks[:-1]

    def kill(self, actor: object) -> None:
        pass


class _Actor:
    def __init__(self, made: Any) -> None:
        self._made = made

    @property
    def shards(self) -> Any:
        def begin(*given: Any) -> Iterator[Any]:
            return iter(self._made.shards(*_sent(given)))

        return SimpleNamespace(options=lambda **_: SimpleNamespace(remote=begin))


def _sent(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))
