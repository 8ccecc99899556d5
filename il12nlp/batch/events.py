"""What a run tells while it goes, and how far it is; timings stand here and nowhere else.

An observer is any callable that takes an `Event`. `JsonLog` writes them for machines.
"""

from __future__ import annotations

import json
import time
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
    """A record is done; `fraction` is that of the inputs' bytes, `left` in seconds if known."""

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
    that were given, `made` the documents of this run, in `seconds` without loading the model.
    `vanished` are inputs of earlier runs that were not given; their shards are not counted.
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


class Pace:
    """How fast a run is and how long it will take, from the bytes of its inputs.

    Bytes, since nobody knows the number of records before they are read. Only what is annotated
    counts for the rate: skipping what stands already goes a thousand times faster.
    """

    def __init__(self, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self._clock = clock
        self._passed = 0  # bytes of inputs that are behind us
        self._worked = 0  # bytes and seconds that annotating took
        self._seconds = 0.0
        self._since: tuple[int, float] | None = None
        self.documents = 0

    def begin(self, place: int) -> None:
        """A shard is begun at a place of the current input, in bytes."""
        self._since = place, self._clock()

    def end(self, place: int) -> float:
        """It is done; the seconds that it took."""
        worked, seconds = self._of_shard(place)
        self._worked, self._seconds = self._worked + worked, self._seconds + seconds
        self._since = None
        return seconds

    def leave(self, size: int) -> None:
        """An input is behind us."""
        self._passed += size

    def at(self, place: int) -> Advanced:
        """How far the run is."""
        worked, seconds = self._of_shard(place)
        worked, seconds = worked + self._worked, seconds + self._seconds
        done = self._passed + place
        left = seconds * (self.total - done) / worked if worked else None
        rate = self.documents / seconds if seconds else 0.0
        return Advanced(self.documents, done / self.total if self.total else 1.0, rate, left)

    @property
    def seconds(self) -> float:
        """What annotating took so far."""
        return self._seconds

    def _of_shard(self, place: int) -> tuple[int, float]:
        if self._since is None:
            return 0, 0.0
        return place - self._since[0], self._clock() - self._since[1]
