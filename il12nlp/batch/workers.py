"""Worker processes: what the engine of processes sees of one, and what runs in it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, TypeAlias

from il12nlp.batch.gpus import seeing
from il12nlp.batch.inputs import Source
from il12nlp.batch.manifest import Shard
from il12nlp.batch.work import Annotator, Made, Watch, Work, make_shards
from il12nlp.errors import WorkerError


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C waits; processes that are started meanwhile never get it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # which would let it through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(slots=True)
class Task:
    """Every `parts`-th shard of an input, from number `part` on."""

    source: Source
    part: int
    parts: int
    attempts: int = 0

    def has(self, number: int) -> bool:
        """Whether a shard of the input belongs to the task."""
        return number % self.parts == self.part


@dataclass(frozen=True, slots=True)
class Dead:
    """The process of a task is dead."""

    status: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A line for the log."""

    level: int
    message: str


@dataclass(frozen=True, slots=True)
class At:
    """How many bytes of its input were read when a shard was begun or done."""

    place: int


@dataclass(frozen=True, slots=True)
class Raised:
    """An error that ends the run; an exception that is sent by itself loses its cause."""

    error: Exception
    cause: BaseException | None

    @classmethod
    def of(cls, error: Exception) -> Raised:
        """The error, or its traceback as another where it cannot be sent."""
        try:
            pickle.loads(pickle.dumps((error, error.__cause__)))
        except Exception:
            return cls(RuntimeError("".join(traceback.format_exception(error))), None)
        return cls(error, error.__cause__)


Told: TypeAlias = Made | At | Said | Raised | None
"""What a process tells: what it made, how far it is, what to log, an error; None at the end."""


@dataclass(slots=True)
class Worker:
    """A process, seen from the runner."""

    process: Any
    pipe: Any
    gpu: str | None
    task: Task | None = None
    started: bool = False

    @classmethod
    def start(cls, load: Callable[[], Annotator], gpu: str | None) -> Worker:
        """A new process, which sees that GPU alone, or what this one sees."""
        # A fork would share locks and threads of libraries in whatever state they are.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, load), name="il12nlp-worker", daemon=True
        )
        # In its environment from the start, as what it imports may ask for GPUs at once. Ctrl-C
        # goes to all processes of a terminal: the runner alone decides.
        with seeing(gpu), _without_interrupts():
            process.start()
        theirs.close()  # so that its end shows as the end of the pipe
        return cls(process, ours, gpu)

    def give(self, work: Work, task: Task, standing: Collection[str]) -> None:
        """Let it begin a task; one that is dead shows when something is to be received."""
        self.task = task
        names = frozenset(name for name in standing if name.startswith(task.source.prefix))
        with suppress(OSError):
            self.pipe.send((work, task, names))

    def receive(self) -> Told | Dead:
        """What came next of its task; None at the end. Raises WorkerError where it never began."""
        try:
            received: Told = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            if self.started:
                return Dead(self.process.exitcode)
            raise WorkerError(
                f"a process ended with status {self.process.exitcode} before it could begin: its "
                'own message says why (a program needs `if __name__ == "__main__":` around what '
                "it does)"
            ) from None
        self.started = True
        return received

    def end(self) -> str | None:
        """Kill it, whose shard in hand stays unwritten, and give its GPU back."""
        # Before the pipe is closed: it would tell of that.
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return self.gpu


class _Speaker(logging.Handler):
    """What goes to the runner, of which lanes may log at the same time."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__(logging.WARNING)
        self._pipe = pipe

    def send(self, made: Told) -> None:
        """Send one thing."""
        self.acquire()
        try:
            self._pipe.send(made)
        finally:
            self.release()

    def emit(self, record: logging.LogRecord) -> None:
        self.send(Said(record.levelno, record.getMessage()))


def _serve(pipe: Connection, load: Callable[[], Annotator]) -> None:
    """What runs in a process: tasks as they come, until the runner ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_die_with_the_runner, daemon=True).start()
    runner, log = _Speaker(pipe), logging.getLogger("il12nlp")
    log.addHandler(runner)
    log.propagate = False
    load = cache(load)
    runner.send(Said(logging.DEBUG, "a process has begun"))  # one that cannot tells nothing
    while True:
        work, task, standing = pipe.recv()
        for made in _made(work, task, standing, load, _Placed(runner.send)):
            runner.send(made)
        runner.send(None)


def _die_with_the_runner() -> None:
    runner = multiprocessing.parent_process()
    assert runner is not None
    runner.join()
    os._exit(1)


class _Placed(Watch):
    """Knows how far the input of a shard was read, and tells it when one is begun."""

    def __init__(self, send: Callable[[At], None]) -> None:
        self._send = send

    def begin(self, place: Callable[[], int]) -> None:
        self.place = place
        self._send(At(place()))


def _made(
    work: Work,
    task: Task,
    standing: frozenset[str],
    load: Callable[[], Annotator],
    watch: _Placed,
) -> Iterator[Made | At | Raised]:
    try:
        for made in make_shards(
            work, task.source, load=load, standing=standing, watch=watch, wanted=task.has
        ):
            if isinstance(made, Shard):
                yield At(watch.place())
            yield made
    except Exception as error:
        yield Raised.of(error)
