"""The runner: inputs into shards, each once, over any number of runs.

A shard is a function of its input, the settings and the weights alone: batches are made within
it, nothing in it tells when or after which kill it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from itertools import chain, count, islice
from pathlib import Path
from typing import Protocol

from il12nlp.batch.counts import shard_done, summarise
from il12nlp.batch.events import Event, JsonLog, Noticed, Observer, Pace, Started, Summary
from il12nlp.batch.failures import collect_failures
from il12nlp.batch.files import LOG, SHARDS, remove_parts
from il12nlp.batch.inputs import Reading, Source
from il12nlp.batch.interrupt import Stop
from il12nlp.batch.lock import locked
from il12nlp.batch.manifest import Manifest, Whole
from il12nlp.batch.resume import Plan, make_plan, stands, strange_files
from il12nlp.batch.settings import Settings
from il12nlp.batch.shards import write_shard
from il12nlp.errors import InputError, OutputError
from il12nlp.formats import Failure, Record


class Annotator(Protocol):
    """What annotates: `il12nlp.Pipeline`, or a stand-in for it."""

    def annotate_records(self, records: Iterable[Record]) -> Iterator[Record]:
        """Records in their order: failures as they are, documents annotated or failed."""


class _Stopped(Exception):
    """The user asked the run to end."""


def run(
    paths: Sequence[str],
    folder: str | Path,
    *,
    settings: Settings,
    load: Callable[[], Annotator],
    made_by: str = "",
    retry_failed: bool = False,
    observer: Observer = lambda event: None,
    stop: Stop | None = None,
) -> Summary:
    """Annotate files into shards in a folder, going on where an earlier run ended.

    `load` is called once, before the first shard that has to be made. Memory does not grow with
    the inputs, but for some 1 kB a shard. Raises InputError where no input can be read, OutputError
    where the folder cannot be written, is in use, or holds a shard that is damaged; what was done
    before stays done.
    """
    folder = Path(folder)
    try:
        (folder / SHARDS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: no folder can be made here: {error}") from error
    with locked(folder), _log(folder) as log:

        def tell(event: Event) -> None:
            try:
                log(event)
            except OSError as error:
                raise OutputError(f"{folder / LOG}: cannot be written: {error}") from error
            observer(event)

        return _Run(
            folder,
            settings=settings,
            load=load,
            made_by=made_by,
            tell=tell,
            stop=stop or Stop(),
        ).all(paths, retry_failed=retry_failed)


@contextmanager
def _log(folder: Path) -> Iterator[JsonLog]:
    path = folder / LOG
    try:
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error}") from error
    with file:
        yield JsonLog(file)


class _Run:
    """One run over a folder that is locked."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: Settings,
        load: Callable[[], Annotator],
        made_by: str,
        tell: Observer,
        stop: Stop,
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._load = cache(load)
        self._made_by = made_by
        self._tell = tell
        self._stop = stop
        self._manifest = Manifest.read(folder)

    def all(self, paths: Sequence[str], *, retry_failed: bool) -> Summary:
        """All inputs, then the manifest and the failures as the folder holds them now."""
        plan = make_plan(
            self._manifest,
            paths,
            settings=self._settings,
            made_by=self._made_by,
            retry_failed=retry_failed,
        )
        remove_parts(self._folder)
        self._manifest.save(self._settings)
        current = {source.key for source in plan.sources}
        kept = sum(shard.key in current for shard in self._manifest.shards.values())
        self._pace = Pace(sum(source.bytes for source in plan.sources))
        self._tell(Started(len(plan.sources) + len(plan.lost), self._pace.total, kept))
        for notice in plan.notices:
            self._tell(Noticed(notice))
        lost = list(plan.lost)
        interrupted = self._sources(plan, lost)
        self._finish(lost)
        shards = [s for s in self._manifest.shards.values() if s.key in current]
        summary = summarise(
            shards,
            lost=len(lost),
            kept=kept,
            made=self._pace.documents,
            seconds=self._pace.seconds,
            interrupted=interrupted,
            vanished=plan.vanished,
        )
        self._tell(summary)
        return summary

    def _sources(self, plan: Plan, lost: list[Failure]) -> bool:
        """All inputs, one after the other; whether the user ended it. Adds to what is lost."""
        try:
            for source in plan.sources:
                try:
                    self._source(source)
                    self._remove(source, plan.replaced.get(source.key, ()))
                except InputError as error:
                    lost.append(Failure(source.path, error.line, None, error.reason))
        except _Stopped:
            return True
        finally:
            self._manifest.close()
        return False

    def _source(self, source: Source) -> None:
        """The shards of one input that do not stand yet."""
        size = self._settings.shard_records
        if not stands(self._manifest, source):
            reading = Reading(source, format=self._settings.source_format)
            with closing(reading.records):
                sizes = list(self._shards(source, reading, size))
            source.check_unchanged()
            whole = Whole(
                source.key, source.path, source.digest, source.bytes, sum(sizes), len(sizes)
            )
            self._manifest.add(whole)
        self._pace.leave(source.bytes)

    def _shards(self, source: Source, reading: Reading, size: int) -> Iterator[int]:
        """Number of records of each shard of an input, made or passed over."""
        for index in count():
            self._go_on()
            name = source.shard(index)
            records = islice(reading.records, size)
            if name in self._manifest.shards:
                done = sum(1 for _ in records)
            elif (first := next(records, None)) is not None:
                done = self._shard(source, reading, name, chain([first], records))
            else:
                return
            yield done
            if done < size:
                return

    def _shard(self, source: Source, reading: Reading, name: str, records: Iterable[Record]) -> int:
        annotator = self._load()
        self._pace.begin(reading.place)
        shard = write_shard(
            self._folder,
            self._watched(annotator.annotate_records(self._fed(records)), reading),
            name=name,
            format=self._settings.target_format,
            source=source,
            made_by=self._made_by,
        )
        self._manifest.add(shard)
        seconds = self._pace.end(reading.place)
        now = self._pace.at(reading.place)
        self._tell(shard_done(shard, seconds=seconds, now=now))
        return shard.records

    def _fed(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records, until the run is to end: what was handed out before is done to its end."""
        for record in records:
            self._go_on()
            yield record

    def _go_on(self) -> None:
        if self._stop.requested:
            raise _Stopped

    def _watched(self, records: Iterable[Record], reading: Reading) -> Iterator[Record]:
        for record in records:
            self._pace.documents += not isinstance(record, Failure)
            self._tell(self._pace.at(reading.place))
            yield record

    def _remove(self, source: Source, names: Sequence[str]) -> None:
        """Remove what the shards of a source replace, once they all stand."""
        for name in names:
            for file, _ in self._manifest.shards[name].files():
                self._manifest.path(file).unlink(missing_ok=True)
            self._manifest.drop(name)
        if names:
            self._tell(Noticed(f"{source.path}: {len(names)} shards of before removed"))

    def _finish(self, lost: Sequence[Failure]) -> None:
        """The manifest and the list of failures, as functions of what the folder holds."""
        with_shards = {shard.key for shard in self._manifest.shards.values()}
        for key, whole in list(self._manifest.inputs.items()):
            if whole.shards and key not in with_shards:
                del self._manifest.inputs[key]
        self._manifest.save(self._settings)
        collect_failures(self._folder, self._manifest, lost)
        for notice in strange_files(self._folder, self._manifest):
            self._tell(Noticed(notice))
