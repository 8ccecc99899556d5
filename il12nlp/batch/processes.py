"""The engine of one machine with many processors or GPUs: processes that each load the pipeline.

Shards are functions of their input, so one that is written twice, after the death of a process, is
the same shard. An input is split over processes, each of which reads it whole and annotates its
own shards, where there are fewer inputs than processes.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import traceback
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any

from il12nlp.batch.inputs import Source
from il12nlp.batch.manifest import Whole
from il12nlp.batch.work import Annotator, Made, Watch, Work, make_shards
from il12nlp.errors import InputError
from il12nlp.formats import Failure

ATTEMPTS = 5
"""How often a task is begun, at the death of its processes, before it is given up."""

LOOK_SECONDS = 0.5
"""How often the runner looks whether the user wants it to end."""

GPUS = "CUDA_VISIBLE_DEVICES"
"""Environment variable that names the GPUs that a process sees."""


def visible_gpus() -> list[str]:
    """The GPUs that this process sees, as `GPUS` names them."""
    named = [name for name in os.environ.get(GPUS, "").split(",") if name]
    if named:
        return named
    import torch

    return [str(i) for i in range(torch.cuda.device_count())]


class Processes:
    """Makes the shards of inputs in `number` processes of this machine.

    `load` is pickled and called once in each process. Process i sees only GPU i of `gpus`, counted
    round; without any, what this process sees. A program that uses this needs the usual
    `if __name__ == "__main__":`, since new processes import it.
    """

    def __init__(
        self, load: Callable[[], Annotator], *, number: int, gpus: Sequence[str] = ()
    ) -> None:
        self._load = load
        self._number = number
        self._gpus = gpus
        # A fork would share locks and threads of libraries in whatever state they are.
        self._context = multiprocessing.get_context("spawn")
        self._begun = 0

    def make(
        self, work: Work, sources: Iterable[Source], *, standing: Collection[str], watch: Watch
    ) -> Iterator[tuple[Source, Made]]:
        """What is made, as it comes."""
        due = deque(_tasks(list(sources), self._number))
        ends = _Ends(due)
        idle: list[_Worker] = []
        busy: dict[Any, _Worker] = {}
        watch.begin(lambda: 0)
        try:
            while due or busy:
                watch.go_on()
                while due and len(busy) < self._number:
                    worker = idle.pop() if idle else self._worker()
                    worker.give(work, due.popleft(), standing)
                    busy[worker.pipe] = worker
                for pipe in wait(list(busy), timeout=LOOK_SECONDS):
                    worker = busy[pipe]
                    task, made = worker.task, worker.receive()
                    assert task is not None
                    if made is None:
                        idle.append(busy.pop(pipe))
                    elif isinstance(made, _Raised):
                        raise made.error from made.cause
                    elif isinstance(made, _Dead):
                        busy.pop(pipe).end()
                        task.attempts += 1
                        if task.attempts < ATTEMPTS:
                            due.appendleft(task)
                        elif told := ends.told(task.source, made.failure(task.source)):
                            yield task.source, told
                    elif told := ends.told(task.source, made):
                        yield task.source, told
                        watch.begin(lambda: 0)
        finally:
            for worker in (*idle, *busy.values()):
                worker.end()

    def _worker(self) -> _Worker:
        gpu = self._gpus[self._begun % len(self._gpus)] if self._gpus else None
        self._begun += 1
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._load, gpu), name="il12nlp-worker", daemon=True
        )
        process.start()
        theirs.close()  # so that its end shows as the end of the pipe
        return _Worker(process, ours)


@dataclass(slots=True)
class _Task:
    """Every `parts`-th shard of an input, from number `part` on."""

    source: Source
    part: int
    parts: int
    attempts: int = 0

    def has(self, number: int) -> bool:
        """Whether a shard of the input belongs to the task."""
        return number % self.parts == self.part


def _tasks(sources: Sequence[Source], processes: int) -> Iterator[_Task]:
    parts = -(-processes // max(1, len(sources)))
    for source in sources:
        yield from (_Task(source, part, parts) for part in range(parts))


class _Ends:
    """Of the tasks of an input one tells its end: the last that ends well, or the first that does
    not."""

    def __init__(self, tasks: Iterable[_Task]) -> None:
        self._open = Counter(task.source.key for task in tasks)
        self._failed: set[str] = set()

    def told(self, source: Source, made: Made) -> Made | None:
        """What is to be told of what a task made; None where nothing is."""
        if isinstance(made, Failure):
            known = source.key in self._failed
            self._failed.add(source.key)
            return None if known else made
        if isinstance(made, Whole):
            self._open[source.key] -= 1
            # After a failure it stays above zero: what is not whole is never told to be.
            return None if self._open[source.key] else made
        return made


@dataclass(frozen=True, slots=True)
class _Dead:
    """The process of a task is dead."""

    status: int | None

    def failure(self, source: Source) -> Failure:
        """What is told when no other process shall try."""
        reason = f"{ATTEMPTS} processes died over it, the last with status {self.status}"
        return Failure(source.path, None, None, reason)


@dataclass(frozen=True, slots=True)
class _Raised:
    """An error that ends the run; an exception that is sent by itself loses its cause."""

    error: Exception
    cause: BaseException | None

    @classmethod
    def of(cls, error: Exception) -> _Raised:
        """The error, or its traceback as another where it cannot be sent."""
        try:
            pickle.loads(pickle.dumps((error, error.__cause__)))
        except Exception:
            return cls(RuntimeError("".join(traceback.format_exception(error))), None)
        return cls(error, error.__cause__)


@dataclass(slots=True)
class _Worker:
    """A process, seen from the runner."""

    process: Any
    pipe: Any
    task: _Task | None = field(default=None)

    def give(self, work: Work, task: _Task, standing: Collection[str]) -> None:
        """Let it begin a task; one that is dead shows when something is to be received."""
        self.task = task
        names = frozenset(name for name in standing if name.startswith(task.source.prefix))
        with suppress(OSError):
            self.pipe.send((work, task, names))

    def receive(self) -> Made | _Raised | _Dead | None:
        """What came next of its task; None at the end."""
        try:
            received: Made | _Raised | None = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            return _Dead(self.process.exitcode)
        return received

    def end(self) -> None:
        """Kill it; a shard that it was writing stays unwritten."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _serve(pipe: Connection, load: Callable[[], Annotator], gpu: str | None) -> None:
    """What runs in a process: tasks as they come, until the runner ends."""
    # Ctrl-C goes to all processes of a terminal: the runner alone decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_die_with_the_runner, daemon=True).start()
    if gpu is not None:
        os.environ[GPUS] = gpu
    load = cache(load)
    while True:
        work, task, standing = pipe.recv()
        for made in _made(work, task, standing, load):
            pipe.send(made)
        pipe.send(None)


def _die_with_the_runner() -> None:
    runner = multiprocessing.parent_process()
    assert runner is not None
    runner.join()
    os._exit(1)


def _made(
    work: Work, task: _Task, standing: frozenset[str], load: Callable[[], Annotator]
) -> Iterator[Made | _Raised]:
    source = task.source
    try:
        yield from make_shards(
            work, source, load=load, standing=standing, watch=Watch(), wanted=task.has
        )
    except InputError as error:
        yield Failure(source.path, error.line, None, error.reason)
    except Exception as error:
        yield _Raised.of(error)
