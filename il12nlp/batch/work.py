"""Making the shards of one input: what every engine does, wherever it runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import Protocol, TypeAlias

from il12nlp.batch.inputs import Reading, Source
from il12nlp.batch.manifest import Shard, Whole
from il12nlp.batch.settings import Settings
from il12nlp.batch.shards import write_shard
from il12nlp.errors import InputError
from il12nlp.formats import Failure, Record


class Annotator(Protocol):
    """What annotates: `il12nlp.Pipeline`, or a stand-in for it."""

    def annotate_records(self, records: Iterable[Record]) -> Iterator[Record]:
        """Records in their order: failures as they are, documents annotated or failed."""


class Watch:
    """Looks on while shards are made; this one sees nothing and lets all go on."""

    def begin(self, place: Callable[[], int]) -> None:
        """A shard is begun; `place` tells how many bytes of its input were read."""

    def advance(self, record: Record) -> None:
        """A record is done."""

    def go_on(self) -> None:
        """Asked before each record is handed out; raises where the run is to end."""


@dataclass(frozen=True, slots=True)
class Work:
    """Where shards go and how they are made."""

    folder: Path
    settings: Settings
    made_by: str


Made: TypeAlias = Shard | Whole | Failure
"""A shard that was written, then the whole input, or why it could not be read to its end."""


class Engine(Protocol):
    """What makes the shards of many inputs, one after the other or many at once."""

    def make(
        self, work: Work, sources: Iterable[Source], *, standing: Collection[str], watch: Watch
    ) -> Iterator[tuple[Source, Made]]:
        """What is made, with its source, as soon as it stands; `standing` names what does."""


def load_on_threads(load: Callable[[], Annotator], threads: int) -> Annotator:
    """What `load` gives, once PyTorch is to use so many threads of this process."""
    import torch

    torch.set_num_threads(threads)
    return load()


def make_shards(
    work: Work,
    source: Source,
    *,
    load: Callable[[], Annotator],
    standing: Collection[str],
    watch: Watch,
    wanted: Callable[[int], bool] = lambda number: True,
) -> Iterator[Made]:
    """Each shard of an input that does not stand yet, then the whole input.

    Shards whose number is not `wanted` are left to others. An input that vanished, changed or
    cannot be read on is a failure in the end. Raises InputError for any other file, such as a
    user's terms, that `load` cannot read.
    """
    try:
        yield from _shards(work, source, load, standing, watch, wanted)
    except InputError as error:
        if error.path != source.path:
            raise
        yield Failure(source.path, error.line, None, error.reason)


def _shards(
    work: Work,
    source: Source,
    load: Callable[[], Annotator],
    standing: Collection[str],
    watch: Watch,
    wanted: Callable[[int], bool],
) -> Iterator[Shard | Whole]:
    size = work.settings.shard_records
    reading = Reading(source, format=work.settings.source_format)
    total = number = 0
    with closing(reading.records):
        for number in count():
            watch.go_on()
            records = islice(reading.records, size)
            if source.shard(number) in standing or not wanted(number):
                done = sum(1 for _ in records)
                if not done:  # another's, and not there
                    break
            elif (first := next(records, None)) is None:
                break
            else:
                annotator = load()
                watch.begin(reading.place)
                made = annotator.annotate_records(_handed_out(chain([first], records), watch))
                shard = write_shard(
                    work.folder,
                    _watched(made, watch),
                    name=source.shard(number),
                    source=source,
                    format=work.settings.target_format,
                    made_by=work.made_by,
                )
                yield shard
                done = shard.records
            total += done
            if done < size:
                number += 1
                break
    source.check_unchanged()
    yield Whole(source.key, source.path, source.digest, source.bytes, total, number)


def _handed_out(records: Iterable[Record], watch: Watch) -> Iterator[Record]:
    """The records, until the run is to end: what was handed out before is done to its end."""
    for record in records:
        watch.go_on()
        yield record


def _watched(records: Iterable[Record], watch: Watch) -> Iterator[Record]:
    for record in records:
        watch.advance(record)
        yield record
