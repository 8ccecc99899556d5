"""Ending a run on Ctrl-C or SIGTERM: the first ends it cleanly, the second at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether a run is to end; it looks after each batch."""

    def __init__(self) -> None:
        self.requested = False


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """A `Stop` that SIGINT and SIGTERM request; the next signal does what it always does.

    Only for the main thread, which alone receives signals.
    """
    stop = Stop()
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}

    def request(number: int, frame: FrameType | None) -> None:
        stop.requested = True
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, request)
    try:
        yield stop
    finally:
        restore()
