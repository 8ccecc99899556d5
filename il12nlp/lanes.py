"""Lanes: portions of documents that are worked on at the same time, in threads of this process.

Most of the time goes into matrix products, which let other threads run: while one lane computes,
another reads, decodes or links. A lane with one processor to itself never waits for a second one to
finish its half of a product, which is what costs a small model most.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Lock
from typing import TypeAlias, TypeVar

import torch

MOST_LANES = 4
"""More are not worth it: what is no matrix product is Python, which runs in one at a time."""

TURN_SECONDS = 0.001
"""How long a lane may keep Python to itself while another waits for it.

An encoder pass asks for it between any two products, few of which take the usual 5 ms
(docs/batch.md).
"""

Item = TypeVar("Item")
Result = TypeVar("Result")

_Begun: TypeAlias = list[tuple[list[int], "Future[list[Result]]"]]


class _Turns:
    """Turns of `TURN_SECONDS` at most as long as any run goes on."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._runs = 0
        self._before = sys.getswitchinterval()

    @contextmanager
    def short(self) -> Iterator[None]:
        """While this is open; what the program had comes back when the last is closed."""
        with self._lock:
            if not self._runs:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(min(self._before, TURN_SECONDS))
            self._runs += 1
        try:
            yield
        finally:
            with self._lock:
                self._runs -= 1
                if not self._runs:
                    sys.setswitchinterval(self._before)


_turns = _Turns()


def lanes_for(device: torch.device) -> int:
    """How many lanes keep a device busy, of the processors that PyTorch may use."""
    processors = torch.get_num_threads()
    # A GPU does one batch at a time; a second lane prepares the next meanwhile.
    return min(processors, MOST_LANES if device.type == "cpu" else 2)


class Lanes:
    """A number of lanes, between which PyTorch's processors are shared out."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._begin()

    def _begin(self) -> None:
        """Start the threads."""
        number = self.number
        self._process = os.getpid()
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="il12nlp-lane")
        every = torch.get_num_threads()
        met = Barrier(number + 1)

        def begin() -> None:
            torch.get_num_threads()  # a thread takes the common number at first use: now
            torch.set_num_threads(max(1, every // number))
            met.wait()

        for _ in range(number):
            self._pool.submit(begin)
        met.wait()
        # The lanes' number stays theirs; threads that others start get what they would have had.
        torch.set_num_threads(every)

    def run(
        self,
        work: Callable[[list[Item]], list[Result]],
        windows: Iterable[Sequence[Item]],
        *,
        size: Callable[[Item], int],
        most: int,
    ) -> Iterator[Result]:
        """What `work` makes of the items, in their order.

        The items of a window are worked on in portions of like size, each of `most` at most; the
        next window is begun before what is made of the last is given out, so two are held at a
        time. Raises what `work` raises.
        """
        if self._process != os.getpid():  # a forked process has none of its parent's threads
            self._begin()
        begun: deque[_Begun[Result]] = deque()
        with _turns.short():
            try:
                for window in windows:
                    parts = portions([size(item) for item in window], most=most, least=self.number)
                    found = [(p, self._pool.submit(work, [window[i] for i in p])) for p in parts]
                    begun.append(found)
                    if len(begun) == 2:
                        yield from _in_order(begun.popleft())
                while begun:
                    yield from _in_order(begun.popleft())
            finally:
                for window_begun in begun:
                    for _, future in window_begun:
                        future.cancel()


def portions(sizes: Sequence[int], *, most: int, least: int) -> list[list[int]]:
    """Indices in portions of like size, the largest first.

    The sizes of a portion, padded to its largest, come to `most` at most, but for one item that is
    larger; there are at least `least` portions where the sizes allow.
    """
    order = sorted(range(len(sizes)), key=lambda i: -sizes[i])
    most = min(most, -(-sum(sizes) // least))
    found: list[list[int]] = []
    for i in order:
        if not found or sizes[found[-1][0]] * (len(found[-1]) + 1) > most:
            found.append([])
        found[-1].append(i)
    return found


def _in_order(begun: _Begun[Result]) -> Iterator[Result]:
    made: dict[int, Result] = {}
    for part, future in begun:
        made.update(zip(part, future.result(), strict=True))
    return (made[i] for i in sorted(made))
