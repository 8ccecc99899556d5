"""What a run tells while it goes; timings stand here and nowhere else.

An observer is any callable that takes an `Event`. `JsonLog` writes them for machines.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TextIO, TypeAlias


@dataclass(frozen=True, slots=True)
class Started:
    """A run begins: its inputs, their size on disk, and the shards that stand already."""

    inputs: int
    bytes: int
    kept: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that the user should know and that stops nothing."""

    message: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The run ended by an error."""

    message: str


@dataclass(frozen=True, slots=True)
class Advanced:
    """More is done; `fraction` is that of the inputs' bytes, `left` in seconds if known."""

    documents: int
    fraction: float
    rate: float
    left: float | None


@dataclass(frozen=True, slots=True)
class ShardDone:
    """A shard stands; seconds are its own, rate and time left the run's."""

    shard: str
    documents: int
    mentions: int
    findings: int
    failed: int
    withdrawn: int
    seconds: float
    rate: float
    left: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended: what the folder holds, and what of it this run made.

    `documents`, `mentions`, `findings`, `failed` and `withdrawn` count the shards of the inputs
    that were given, `made` the documents of this run, in `seconds` without loading the model (but
    on Ray with it). `vanished` are inputs of earlier runs that were not given; their shards are not
    counted.
    """

    documents: int
    mentions: int
    findings: int
    failed: int
    withdrawn: int
    shards: int
    kept: int
    made: int
    seconds: float
    interrupted: bool
    vanished: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Documents a second of this run."""
        return self.made / self.seconds if self.seconds else 0.0


Event: TypeAlias = Started | Noticed | Failed | Advanced | ShardDone | Summary
Observer: TypeAlias = Callable[[Event], None]

_NAMES = {
    Started: "start",
    Noticed: "notice",
    Failed: "error",
    ShardDone: "shard",
    Summary: "end",
}


class JsonLog:
    """Writes events as JSON lines, each with its time; not `Advanced`, which comes too often."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        if isinstance(event, Advanced):
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": now, "event": _NAMES[type(event)], **_rounded(asdict(event))}
        if isinstance(event, Summary):
            line["rate"] = round(event.rate, 2)
        self._stream.write(json.dumps(line) + "\n")
        self._stream.flush()


def _rounded(values: dict[str, object]) -> dict[str, object]:
    return {k: round(v, 2) if isinstance(v, float) else v for k, v in values.items()}


class Notices:
    """Tells the notices alone, through a function that shows a line."""

    def __init__(self, show: Callable[[str], object]) -> None:
        self._show = show

    def __call__(self, event: Event) -> None:
        if isinstance(event, Noticed):
            self._show(event.message)
