"""The engine of one machine with many processors or GPUs: processes that each load the pipeline.

Shards are functions of their input, so one that is written twice, after the death of a process, is
the same shard. An input is split over processes, each of which reads it whole and annotates its
own shards, where there are fewer inputs than processes.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from typing import Any

from il12nlp.batch.inputs import Source
from il12nlp.batch.manifest import Shard, Whole
from il12nlp.batch.work import Annotator, Made, Watch, Work
from il12nlp.batch.workers import At, Dead, Raised, Said, Task, Worker
from il12nlp.errors import ConfigError, WorkerError
from il12nlp.formats import Failure

logger = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a task is begun, at the death of processes that made nothing of it, before it is given
up."""

LOOK_SECONDS = 0.5
"""How often the runner looks whether the user wants it to end."""


class Processes:
    """Makes the shards of inputs in `number` processes of this machine.

    `load` is pickled and called once in each process. Process i sees only GPU i of `gpus`, counted
    round; without any, what this process sees. A program that uses this needs the usual
    `if __name__ == "__main__":`, since new processes import it. Raises ConfigError for a number
    below one, and WorkerError where a process cannot start.
    """

    def __init__(
        self, load: Callable[[], Annotator], *, number: int, gpus: Sequence[str] = ()
    ) -> None:
        if number < 1:
            raise ConfigError(f"processes: {number} can annotate nothing; ask for one at least")
        self._load = load
        self._number = number
        self._gpus = [gpus[i % len(gpus)] for i in range(number)] if gpus else [None] * number

    def make(
        self, work: Work, sources: Iterable[Source], *, standing: Collection[str], watch: Watch
    ) -> Iterator[tuple[Source, Made]]:
        """What is made, as it comes."""
        asked = list(sources)
        due = deque(_tasks(asked, self._number))
        ends, said = _Ends(due), set[str]()
        free = deque(self._gpus)
        idle: list[Worker] = []
        busy: dict[Any, Worker] = {}
        read = {source.key: 0 for source in asked}  # how far, of inputs that are not behind us

        def place() -> int:
            return sum(read.values())

        began = False  # the time that loading takes is no annotating
        try:
            while due or busy:
                watch.go_on()
                while due and len(busy) < self._number:
                    worker = idle.pop() if idle else Worker.start(self._load, free.popleft())
                    worker.give(work, due.popleft(), standing)
                    busy[worker.pipe] = worker
                for pipe in wait(list(busy), timeout=LOOK_SECONDS):
                    worker = busy[pipe]
                    try:
                        task, made = worker.task, worker.receive()
                    except WorkerError:
                        watch.go_on()  # the signal that asked for the end may have ended it too
                        raise
                    assert task is not None
                    if made is None:
                        idle.append(busy.pop(pipe))
                    elif isinstance(made, At):
                        key = task.source.key
                        if key in read:
                            read[key] = max(read[key], made.place)
                        if not began:
                            watch.begin(place)
                            began = True
                    elif isinstance(made, Said):
                        # Every process that reads an input finds the same fault with it.
                        if made.message not in said:
                            logger.log(made.level, "%s", made.message)
                        said.add(made.message)
                    elif isinstance(made, Raised):
                        raise made.error from made.cause
                    elif isinstance(made, Dead) and task.attempts + 1 < ATTEMPTS:
                        free.append(busy.pop(pipe).end())
                        task.attempts += 1
                        due.appendleft(task)
                    else:
                        if isinstance(made, Dead):
                            free.append(busy.pop(pipe).end())
                            made = _given_up(task.source, made)
                        task.attempts = 0
                        if told := ends.told(task, made):
                            if not isinstance(told, Shard):
                                read.pop(task.source.key, None)
                            yield task.source, told
                            if began:
                                watch.begin(place)
        finally:
            for worker in (*idle, *busy.values()):
                worker.end()


def _tasks(sources: Sequence[Source], processes: int) -> Iterator[Task]:
    parts = -(-processes // max(1, len(sources)))
    for source in sources:
        yield from (Task(source, part, parts) for part in range(parts))


def _given_up(source: Source, dead: Dead) -> Failure:
    reason = f"{ATTEMPTS} processes died over it, the last with status {dead.status}"
    return Failure(source.path, None, None, reason)


class _Ends:
    """Of the tasks of an input one tells its end: the last that ends well, or the first that does
    not."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._open: dict[str, set[int]] = {}
        for task in tasks:
            self._open.setdefault(task.source.key, set()).add(task.part)
        self._told: set[str] = set()

    def told(self, task: Task, made: Made) -> Made | None:
        """What is to be told of what a task made; None where nothing is."""
        key = task.source.key
        if isinstance(made, Whole):
            # A task that is begun again, as its process died at its very end, ends twice.
            self._open[key].discard(task.part)
            if self._open[key]:
                return None
        if isinstance(made, Whole | Failure):
            if key in self._told:
                return None
            self._told.add(key)
        return made
