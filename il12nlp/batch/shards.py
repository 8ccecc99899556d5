"""Writing one shard: its documents and its failures, each file whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from il12nlp import formats
from il12nlp.batch.failures import failure_line
from il12nlp.batch.files import SHARDS, digest_of
from il12nlp.batch.inputs import Source
from il12nlp.batch.manifest import Shard, failures_name
from il12nlp.batch.settings import SHARD_SUFFIXES
from il12nlp.document import Document
from il12nlp.formats import Record
from il12nlp.formats.counts import Counts
from il12nlp.formats.whole_file import WholeFile


def write_shard(
    folder: Path,
    records: Iterable[Record],
    *,
    name: str,
    source: Source,
    format: str,
    made_by: str,
) -> Shard:
    """Write a shard of a source, unless that changed meanwhile (InputError).

    Leaves nothing behind when anything raises.
    """
    place = folder / SHARDS
    path, beside = place / (name + SHARD_SUFFIXES[format]), place / failures_name(name)
    counts = Counts()
    with Both(path, beside, format=format) as files:
        for record in records:
            counts.add(files.write(record))
        source.check_unchanged()
    return Shard(
        name=name,
        input=source.path,
        key=source.key,
        state=source.state,
        format=format,
        made_by=made_by,
        **asdict(counts),
        digest=digest_of(path) if counts.documents else None,
        failures_digest=digest_of(beside) if counts.failed + counts.withdrawn else None,
    )


class Both:
    """The two files of a shard; one without content is not there, nor an earlier one of its name.

    Leaving the `with` block by an exception leaves both as they were.
    """

    def __init__(self, documents: Path, failures: Path, *, format: str) -> None:
        self._paths = documents, failures
        self._failures: WholeFile | None = None
        self._documents = formats.open_writer(documents, format=format)

    def write(self, record: Record) -> Record:
        """Write a record, and give it, or the failure that it became."""
        if isinstance(record, Document):
            record = self._documents.write_or_fail(record)
            if isinstance(record, Document):
                return record
        if self._failures is None:
            self._failures = WholeFile(str(self._paths[1]))
        with self._failures.told():
            self._failures.stream.write(failure_line(record))
        return record

    def __enter__(self) -> Both:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        kept = (self._documents if self._documents.count else None, self._failures)
        try:
            if kind is None:
                for file, path in zip(kept, self._paths, strict=True):
                    file.close() if file is not None else path.unlink(missing_ok=True)
        finally:
            self._documents.discard()
            if self._failures is not None:
                self._failures.discard()
