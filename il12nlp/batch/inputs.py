"""Inputs: their digests, the names of their shards, and their records as a stream."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from il12nlp import formats
from il12nlp.batch.files import digest_of
from il12nlp.batch.settings import Settings
from il12nlp.errors import FormatError, InputError
from il12nlp.formats import Failure, Record
from il12nlp.formats.newest import index_state

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """An input file as it was when the run began; `modified` is in nanoseconds.

    `state` is that of PubMed's index beside it, which tells which of its records are superseded.
    """

    path: str
    digest: str
    bytes: int
    modified: int
    key: str
    state: str

    @property
    def prefix(self) -> str:
        """What the names of its shards begin with."""
        # Without the dot of a hidden file: what reads the folder passes hidden shards over.
        stem = PurePath(self.path).name.lstrip(".").split(".")[0]
        return f"{re.sub(r'[^A-Za-z0-9_-]+', '_', stem)[:60]}.{self.key[:12]}."

    def shard(self, index: int) -> str:
        """Name of one of its shards, without a suffix."""
        return f"{self.prefix}{index:06d}"

    def check_unchanged(self) -> None:
        """Raise InputError where the file has gone or changed since the run began."""
        try:
            now = os.stat(self.path)
        except OSError as error:
            raise InputError(
                f"vanished while it was read ({error.strerror}): what was read before stands in "
                "its shards; bring it back and run again for the rest",
                path=self.path,
            ) from error
        if (now.st_size, now.st_mtime_ns) != (self.bytes, self.modified):
            raise InputError("changed while it was read: run again", path=self.path)


def take(paths: Sequence[str], settings: Settings) -> tuple[list[Source], list[Failure], list[str]]:
    """Sources in their order, failures for what cannot be read, and paths that stand twice.

    A second file of the same name and content is left out: its shards would be the same. Paths
    become absolute: the next run may be given in another folder, where they mean other files.
    """
    sources: dict[str, Source] = {}
    failures, twice = [], []
    for path in (given if given == STDIN else os.path.abspath(given) for given in paths):
        try:
            source = _taken(path, settings)
        except InputError as error:
            failures.append(Failure(path, None, None, error.reason))
            continue
        if source.key in sources:
            twice.append(path)
        sources.setdefault(source.key, source)
    return list(sources.values()), failures, twice


def _taken(path: str, settings: Settings) -> Source:
    if path == STDIN:
        raise InputError(
            "standard input cannot be read twice, so no run could go on in it: name a file, or "
            "write to a file instead of a folder",
            path=path,
        )
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise InputError("is no regular file: write to a file, not to a folder", path=path)
        digest = digest_of(path)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    key = settings.key(name=os.path.basename(path), digest=digest)
    state = index_state(path)
    return Source(path, digest, status.st_size, status.st_mtime_ns, key, state)


class Reading:
    """The records of a source in their order, and how many of its bytes were read so far.

    A file that breaks off, or is in no known format, gives a failure as its last record. One that
    the system does not let be read raises InputError: the next run may find it otherwise.
    """

    def __init__(self, source: Source, *, format: str | None) -> None:
        self._source = source
        self._file: BinaryIO | None = None
        self.records = self._read(format)

    def place(self) -> int:
        """Bytes read so far, before any unpacking."""
        if self._file is None:
            return 0
        return self._source.bytes if self._file.closed else self._file.tell()

    def _read(self, format: str | None) -> Generator[Record, None, None]:
        try:
            yield from formats.read(self._source.path, format=format, opened=self._opened)
        except FormatError as error:
            yield Failure(self._source.path, error.line, None, error.reason)

    def _opened(self, file: BinaryIO) -> None:
        self._file = file
