"""The engine of a cluster: Ray actors that each load the pipeline once.

The folder must be on a file system that all machines share, as must the inputs. The runner holds
the lock and the manifest; actors write shards, which are functions of their input, so one that is
written twice, after the death of an actor, is the same shard.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from il12nlp.batch.inputs import Source
from il12nlp.batch.work import Annotator, Made, Watch, Work, make_shards
from il12nlp.errors import InputError, MissingDependencyError
from il12nlp.formats import Failure

ATTEMPTS = 5
"""How often an input is begun, at the death of its actors, before it is given up."""

LOOK_SECONDS = 0.5
"""How often the runner looks whether the user wants it to end."""


class Ray:
    """Makes the shards of as many inputs at once as there are actors.

    `load` is called once in each actor, where it must be able to run; an actor takes `num_gpus`
    GPUs and `num_cpus` processors. `address` is that of a running cluster; None starts Ray here.
    """

    def __init__(
        self,
        load: Callable[[], Annotator],
        *,
        actors: int,
        address: str | None = None,
        num_cpus: float = 1.0,
        num_gpus: float = 0.0,
    ) -> None:
        try:
            import ray
        except ImportError:
            raise MissingDependencyError("ray", extra="ray", purpose="running on Ray") from None
        self._ray: Any = ray
        if not ray.is_initialized():
            ray.init(address=address, log_to_driver=False)
        self._options = {"num_cpus": num_cpus, "num_gpus": num_gpus}
        self._load = load
        self._number = actors

    def make(
        self, work: Work, sources: Iterable[Source], *, standing: Collection[str], watch: Watch
    ) -> Iterator[tuple[Source, Made]]:
        """What is made, as it comes."""
        idle = [self._actor() for _ in range(self._number)]
        running: list[_Task] = []
        due = deque((source, 1) for source in sources)
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
        return self._ray.remote(**self._options)(_Maker).remote(self._load)

    def _begun(
        self, actor: Any, work: Work, source: Source, attempt: int, standing: Collection[str]
    ) -> _Task:
        names = frozenset(name for name in standing if name.startswith(source.prefix))
        made = actor.shards.options(num_returns="streaming").remote(work, source, names)
        return _Task(made, actor, source, attempt)

    def _next(self, task: _Task) -> Made | _Dead | None:
        """What came next of a task; None at its end."""
        try:
            made: Made = self._ray.get(next(task.made))
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


class _Maker:
    """What runs in an actor."""

    def __init__(self, load: Callable[[], Annotator]) -> None:
        self._load = cache(load)

    def shards(self, work: Work, source: Source, standing: frozenset[str]) -> Iterator[Made]:
        """The shards of an input that do not stand yet, then the whole input or a failure."""
        try:
            yield from make_shards(work, source, load=self._load, standing=standing, watch=Watch())
        except InputError as error:
            yield Failure(source.path, error.line, None, error.reason)
