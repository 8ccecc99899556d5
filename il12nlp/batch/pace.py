"""How fast a run is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable

from il12nlp.batch.events import Advanced


def _at_its_start() -> int:
    return 0


class Pace:
    """Measures by the bytes of the inputs, since nobody counts records before they are read.

    What is passed over, as it stands already, goes a thousand times faster than what is
    annotated, and counts for no rate. `place` is a function that tells how many bytes of the
    inputs in hand were read.
    """

    def __init__(self, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.documents = 0  # of this run, in shards that stand …
        self.in_hand = 0  # … and in the one that is being made
        self._clock = clock
        self._passed = 0  # bytes of the inputs that are behind us
        self._done = 0  # … and of those in hand, when we last looked
        self._skipped = 0  # … and bytes that cost nothing
        self._seconds = 0.0
        self._since: float | None = None
        self._place: Callable[[], int] = _at_its_start
        self._last = 0  # `place` when the last shard ended

    def begin(self, place: Callable[[], int] = _at_its_start) -> None:
        """A shard is begun."""
        self._place, self._since = place, self._clock()
        self._skipped += place() - self._last

    def end(self) -> float:
        """It stands; the seconds that it took."""
        seconds = self._of_shard()
        self._seconds, self._since, self._last = self._seconds + seconds, None, self._place()
        return seconds

    def leave(self, size: int, *, skipped: bool) -> None:
        """An input of this size is behind us; `skipped` if all of it stood already."""
        self._passed += size
        self._skipped += size if skipped else 0
        self._place, self._last = _at_its_start, max(0, self._last - size)

    def now(self) -> Advanced:
        """How far the run is."""
        # When one of many inputs ends, the places of the others are not known till a shard begins.
        done = self._done = max(self._done, self._passed + self._place())
        seconds = self.seconds
        worked = done - self._skipped
        left = seconds * (self.total - done) / worked if worked > 0 and seconds else None
        documents = self.documents + self.in_hand
        rate = documents / seconds if seconds else 0.0
        return Advanced(documents, done / self.total if self.total else 1.0, rate, left)

    @property
    def seconds(self) -> float:
        """What annotating took so far."""
        return self._seconds + self._of_shard()

    def _of_shard(self) -> float:
        return 0.0 if self._since is None else self._clock() - self._since
