"""The engine of a cluster: Ray actors that each load the pipeline once.

The folder must be on a file system that all machines share, as must the inputs. The runner holds
the lock and the manifest; actors write shards, which are functions of their input, so one that is
written twice, after the death of an actor, is the same shard.

Cluster   what `annotate_files` is told to run the pipeline there
Ray       the engine, for anything that annotates
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any

from il12nlp.batch.cluster import connect, room
from il12nlp.batch.inputs import Source
from il12nlp.batch.work import Annotator, Made, Watch, Work, load_on_threads, make_shards
from il12nlp.errors import ConfigError, OutputError
from il12nlp.formats import Failure

ATTEMPTS = 5
"""How often an input is begun, at the death of its actors, before it is given up."""

LOOK_SECONDS = 0.5
"""How often the runner looks whether the user wants it to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A Ray cluster and its actors, of as many GPUs and processors each.

    `address` is that of a running cluster; None starts Ray here. Without `actors` there are as
    many as the cluster has room for.
    """

    address: str | None = None
    actors: int | None = None
    num_cpus: float = 1.0
    num_gpus: float = 0.0

    def device(self, asked: str) -> str:
        """Device of an actor, whatever this machine has; ConfigError where it has no such."""
        device = "cuda" if self.num_gpus else "cpu"
        if asked not in ("auto", device):
            raise ConfigError(
                f"device {asked!r}: an actor of {self.num_gpus:g} GPUs computes on {device!r}; "
                "--num-gpus gives each actor GPUs, or none"
            )
        return device

    def engine(self, load: Callable[[], Annotator]) -> Ray:
        """The engine that runs a pipeline here; `load` is pickled."""
        if not self.num_gpus:
            load = partial(load_on_threads, load, max(1, int(self.num_cpus)))
        return Ray(load, **asdict(self))


class Ray:
    """Makes the shards of as many inputs at once as there are actors.

    `load` is called once in each actor, where it must be able to run; an actor takes `num_gpus`
    GPUs and `num_cpus` processors. `actors` and `address` are those of a `Cluster`. Raises
    MissingDependencyError, NetworkError where there is no cluster, and ConfigError where it has
    no room for the actors.
    """

    def __init__(
        self,
        load: Callable[[], Annotator],
        *,
        actors: int | None = None,
        address: str | None = None,
        num_cpus: float = 1.0,
        num_gpus: float = 0.0,
    ) -> None:
        self._ray = connect(address)
        most = room(self._ray, {"CPU": num_cpus, "GPU": num_gpus})
        # An actor without a place would wait for ever, and its input with it.
        if most < (actors or 1):
            raise ConfigError(
                f"the cluster has room for {most} actors of {num_cpus:g} processors and "
                f"{num_gpus:g} GPUs, not for {actors or 1}: ask for fewer or smaller ones"
            )
        self._number = actors or most
        self._options = {"num_cpus": num_cpus, "num_gpus": num_gpus}
        self._load = load

    def make(
        self, work: Work, sources: Iterable[Source], *, standing: Collection[str], watch: Watch
    ) -> Iterator[tuple[Source, Made]]:
        """What is made, as it comes."""
        due = deque((source, 1) for source in sources)
        idle = [self._actor() for _ in range(min(self._number, len(due)))]
        running: list[_Task] = []
        watch.begin(lambda: 0)
        try:
            while due or running:
                watch.go_on()
                while due and idle:
                    running.append(self._begun(idle.pop(), work, *due.popleft(), standing))
                for task in self._ready(running):
                    made = self._next(task)
                    if made is None:
                        idle.append(task.actor)
                    elif isinstance(made, _Refused):
                        raise made.error from made.cause
                    elif isinstance(made, _Dead) and task.attempt < ATTEMPTS:
                        idle.append(self._actor())
                        due.appendleft((task.source, task.attempt + 1))
                    elif isinstance(made, _Dead):
                        idle.append(self._actor())
                        yield task.source, Failure(task.source.path, None, None, made.reason)
                    else:
                        running.append(task)
                        yield task.source, made
                        watch.begin(lambda: 0)
        finally:
            for actor in (*idle, *(task.actor for task in running)):
                self._ray.kill(actor)

    def _actor(self) -> Any:
        return self._ray.remote(**self._options)(_Maker).remote(self._load, os.getcwd())

    def _begun(
        self, actor: Any, work: Work, source: Source, attempt: int, standing: Collection[str]
    ) -> _Task:
        names = frozenset(name for name in standing if name.startswith(source.prefix))
        made = actor.shards.options(num_returns="streaming").remote(work, source, names)
        return _Task(made, actor, source, attempt)

    def _next(self, task: _Task) -> Made | _Dead | _Refused | None:
        """What came next of a task; None at its end."""
        try:
            made: Made | _Refused = self._ray.get(next(task.made))
        except StopIteration:
            return None
        except self._ray.exceptions.RayActorError as error:
            return _Dead(f"{ATTEMPTS} actors died over it, the last by: {error}")
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from None
        return made

    def _ready(self, running: list[_Task]) -> list[_Task]:
        """Take out the tasks of which something has come."""
        ready, _ = self._ray.wait([task.made for task in running], timeout=LOOK_SECONDS)
        found = [task for task in running if any(task.made is made for made in ready)]
        for task in found:
            running.remove(task)
        return found


@dataclass(eq=False, slots=True)
class _Task:
    """An input in the hands of an actor; `made` gives references to what it makes."""

    made: Any
    actor: Any
    source: Source
    attempt: int


@dataclass(frozen=True, slots=True)
class _Dead:
    """The actor of a task is dead; `reason` is what to tell when no other shall try."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Refused:
    """An actor could not write; an exception that is sent by itself loses its cause."""

    error: OutputError
    cause: BaseException | None


class _Maker:
    """What runs in an actor; relative paths are meant from `folder`, where the runner is."""

    def __init__(self, load: Callable[[], Annotator], folder: str) -> None:
        # Where all paths are absolute, other machines need not have the folder.
        with suppress(OSError):
            os.chdir(folder)
        self._load = cache(load)

    def shards(
        self, work: Work, source: Source, standing: frozenset[str]
    ) -> Iterator[Made | _Refused]:
        """The shards of an input that do not stand yet, then the whole input or a failure."""
        try:
            yield from make_shards(work, source, load=self._load, standing=standing, watch=Watch())
        except OutputError as error:
            yield _Refused(error, error.__cause__)
