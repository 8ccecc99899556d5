"""The engine of one machine: a pipeline in this process, one input after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache

from il12nlp.batch.inputs import Source
from il12nlp.batch.work import Annotator, Made, Watch, Work, make_shards


class Local:
    """Makes shards here; `load` is called once, before the first that has to be made."""

    def __init__(self, load: Callable[[], Annotator]) -> None:
        self._load = cache(load)

    def make(
        self, work: Work, sources: Iterable[Source], *, standing: Collection[str], watch: Watch
    ) -> Iterator[tuple[Source, Made]]:
        """What is made, in the order of the sources."""
        for source in sources:
            for made in make_shards(work, source, load=self._load, standing=standing, watch=watch):
                yield source, made
