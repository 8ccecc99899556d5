"""The runner: inputs into shards, each once, over any number of runs.

A shard is a function of its input, the settings and the weights alone: batches are made within
it, nothing in it tells when or after which kill it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from il12nlp.batch.counts import shard_done, summarise
from il12nlp.batch.events import Event, JsonLog, Noticed, Observer, Started, Summary
from il12nlp.batch.failures import collect_failures
from il12nlp.batch.files import LOG, SHARDS, remove_parts
from il12nlp.batch.inputs import Source
from il12nlp.batch.interrupt import Stop
from il12nlp.batch.lock import locked
from il12nlp.batch.manifest import Manifest, Shard, Whole
from il12nlp.batch.pace import Pace
from il12nlp.batch.resume import Plan, make_plan, stands, strange_files
from il12nlp.batch.settings import Settings
from il12nlp.batch.work import Engine, Made, Watch, Work
from il12nlp.errors import OutputError
from il12nlp.formats import Failure, Record
from il12nlp.formats.whole_file import told


class _Stopped(Exception):
    """The user asked the run to end."""


def run(
    paths: Sequence[str],
    folder: str | Path,
    *,
    settings: Settings,
    engine: Engine,
    made_by: str = "",
    retry_failed: bool = False,
    observer: Observer = lambda event: None,
    stop: Stop | None = None,
) -> Summary:
    """Annotate files into shards in a folder, going on where an earlier run ended.

    Memory does not grow with the inputs, but for some 1 kB a shard. Raises InputError where no
    input can be read, OutputError where the folder cannot be written, is in use, or holds a shard
    that is damaged; what was done before stays done.
    """
    folder = Path(folder)
    Manifest.saved(folder)  # in a folder of something else nothing is left
    try:
        (folder / SHARDS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: no folder can be made here: {error}") from error
    with locked(folder), _log(folder) as log:

        def tell(event: Event) -> None:
            with told(folder / LOG):
                log(event)
            observer(event)

        work = Work(folder, settings, made_by)
        return _Run(work, engine, tell, stop or Stop()).all(paths, retry_failed=retry_failed)


@contextmanager
def _log(folder: Path) -> Iterator[JsonLog]:
    path = folder / LOG
    with told(path):
        file = path.open("a", encoding="utf-8")
    try:
        yield JsonLog(file)
    finally:
        with told(path):
            file.close()


class _Run(Watch):
    """One run over a folder that is locked."""

    def __init__(self, work: Work, engine: Engine, tell: Observer, stop: Stop) -> None:
        self._work = work
        self._engine = engine
        self._tell = tell
        self._stop = stop
        self._manifest = Manifest.read(work.folder)

    def all(self, paths: Sequence[str], *, retry_failed: bool) -> Summary:
        """All inputs, then the manifest and the failures as the folder holds them now."""
        work, manifest = self._work, self._manifest
        plan = make_plan(manifest, paths, work, retry_failed=retry_failed)
        remove_parts(work.folder)
        manifest.save(work.settings)
        current = {source.key for source in plan.sources}
        kept = sum(shard.key in current for shard in manifest.shards.values())
        self._pace = Pace(sum(source.bytes for source in plan.sources))
        self._tell(Started(len(plan.sources) + len(plan.lost), self._pace.total, kept))
        for notice in plan.notices:
            self._tell(Noticed(notice))
        self._lost = list(plan.lost)
        interrupted = self._sources(plan)
        self._finish()
        summary = summarise(
            [shard for shard in manifest.shards.values() if shard.key in current],
            lost=len(self._lost),
            kept=kept,
            made=self._pace.documents,
            seconds=self._pace.seconds,
            interrupted=interrupted,
            vanished=plan.vanished,
        )
        self._tell(summary)
        return summary

    def _sources(self, plan: Plan) -> bool:
        """Make what does not stand yet; whether the user ended it."""
        try:
            due = list(self._due(plan))
            for source, made in self._engine.make(
                self._work, due, standing=self._manifest.shards, watch=self
            ):
                self._take(source, made, plan)
        except _Stopped:
            return True
        finally:
            self._manifest.close()
        return False

    def _due(self, plan: Plan) -> Iterator[Source]:
        for source in plan.sources:
            if stands(self._manifest, source):
                self._pace.leave(source.bytes, skipped=True)
                self._remove(source, plan)
            else:
                yield source

    def _take(self, source: Source, made: Made, plan: Plan) -> None:
        """Note what was made."""
        if isinstance(made, Failure):
            self._lost.append(made)
        else:
            self._manifest.add(made)
        if isinstance(made, Shard):
            seconds = self._pace.end()
            self._pace.documents, self._pace.in_hand = self._pace.documents + made.documents, 0
            self._tell(shard_done(made, seconds=seconds, now=self._pace.now()))
        else:
            self._pace.in_hand = 0  # what a failure of the input took with it
            self._pace.leave(source.bytes, skipped=False)
        if isinstance(made, Whole):
            self._remove(source, plan)
        # Engines of many processes tell of no single record.
        self._tell(self._pace.now())

    def begin(self, place: Callable[[], int]) -> None:
        self._pace.begin(place)

    def advance(self, record: Record) -> None:
        self._pace.in_hand += not isinstance(record, Failure)
        self._tell(self._pace.now())

    def go_on(self) -> None:
        if self._stop.requested:
            raise _Stopped

    def _remove(self, source: Source, plan: Plan) -> None:
        """Remove what the shards of a source replace, once they all stand."""
        names = plan.replaced.get(source.key, ())
        for name in names:
            for file, _ in self._manifest.shards[name].files():
                self._manifest.path(file).unlink(missing_ok=True)
            self._manifest.drop(name)
        if names:
            self._tell(Noticed(f"{source.path}: {len(names)} shards of before removed"))

    def _finish(self) -> None:
        """The manifest and the list of failures, as functions of what the folder holds."""
        with_shards = {shard.key for shard in self._manifest.shards.values()}
        for key, whole in list(self._manifest.inputs.items()):
            if whole.shards and key not in with_shards:
                del self._manifest.inputs[key]
        self._manifest.save(self._work.settings)
        remove_parts(self._work.folder)  # of an engine's processes that died
        collect_failures(self._work.folder, self._manifest, self._lost)
        for notice in strange_files(self._work.folder, self._manifest):
            self._tell(Noticed(notice))
