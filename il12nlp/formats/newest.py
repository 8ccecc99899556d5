"""Of PubMed's baseline and update files, only the newest version of each citation.

A citation that PubMed revises stands again, whole, in a later file, and one that it withdraws is
listed there. `il12nlp fetch --baseline` keeps an SQLite index beside the files: for each PMID and
version the file with its newest record. Files of a folder without such an index are read as they
stand.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from il12nlp.errors import InputError
from il12nlp.formats.base import Deletion, Record

if TYPE_CHECKING:
    from sqlite3 import Connection

INDEX_NAME = "newest.sqlite3"

INDEX_VERSION = 1
"""`user_version` of the database; its tables stand in il12nlp/pubmed/index.py."""

FILE_NAME = re.compile(r"pubmed([0-9]{2})n([0-9]{4,5})\.xml\.gz")
"""Names of PubMed's files: the year, and a number that goes on from the baseline to the updates."""

Keep: TypeAlias = Callable[[Record], bool]


@contextmanager
def newest_only(source: str) -> Iterator[Keep]:
    """Whether a record of a file is the newest of its PMID; to be asked in the file's order.

    A deletion is kept while no later file has the citation again. Raises InputError for a file
    that the index beside it does not know yet, and for an index that is damaged.
    """
    name, index = _index_of(source)
    if index is None:
        yield lambda record: True
        return
    import sqlite3
    from contextlib import closing

    try:
        with closing(open_read_only(index)) as database:
            yield _Newest(database, source, name).keep
    except sqlite3.Error as error:
        raise _of_no_use(source, index, error) from error


def index_state(source: str) -> str:
    """Digest of the files that the index beside a file knows; "" where no index is asked.

    While it stays the same, so do the records that come out of the file. Raises InputError for an
    index that is damaged.
    """
    _, index = _index_of(source)
    if index is None:
        return ""
    import sqlite3
    from contextlib import closing

    try:
        with closing(open_read_only(index)) as database:
            files = database.execute("SELECT name, md5 FROM files ORDER BY number").fetchall()
    except sqlite3.Error as error:
        raise _of_no_use(source, index, error) from error
    return hashlib.sha256(repr(files).encode()).hexdigest()[:16]


def _index_of(source: str) -> tuple[str, Path | None]:
    """Name of a file in the index, and the index beside it, if both are PubMed's."""
    name = Path(source).name.removesuffix(".gz") + ".gz"  # also where the file was unpacked
    index = Path(source).parent / INDEX_NAME
    return name, index if FILE_NAME.fullmatch(name) and index.is_file() else None


def _of_no_use(source: str, index: Path, error: Exception) -> InputError:
    # The index is named in the reason, which is all that a list of failures shows of it.
    remedy = "remove it and run `il12nlp fetch --baseline` again"
    return InputError(f"{index}: cannot be used ({error}): {remedy}", path=source)


def open_read_only(index: Path) -> Connection:
    """The database of an index, of this version; raises sqlite3.Error otherwise."""
    import sqlite3

    uri = f"{index.absolute().as_uri()}?mode=ro"
    # Records may be asked for from another thread than the file was opened in, one at a time.
    database = sqlite3.connect(uri, uri=True, timeout=60, check_same_thread=False)
    [version] = database.execute("PRAGMA user_version").fetchone()
    if version != INDEX_VERSION:
        database.close()
        raise sqlite3.DatabaseError(f"its version is {version}, not {INDEX_VERSION}")
    return database


class _Newest:
    """The index, asked about the records of one file."""

    def __init__(self, database: Connection, source: str, name: str) -> None:
        self._database = database
        self._seen: Counter[str] = Counter()
        found = database.execute("SELECT number FROM files WHERE name = ?", (name,)).fetchone()
        if found is None:
            reason = "is not in the index beside it yet: run `il12nlp fetch --baseline` again"
            raise InputError(reason, path=source)
        [self._file] = found

    def keep(self, record: Record) -> bool:
        """Whether the record is the newest version of its citation."""
        pmid = record.id or ""
        if not (pmid.isascii() and pmid.isdigit()):
            return True
        newest = self._database.execute(
            "SELECT file, nth FROM citations WHERE pmid = ? AND NOT deleted"
            " ORDER BY version DESC LIMIT 1",
            (int(pmid),),
        ).fetchone()
        if isinstance(record, Deletion):
            return newest is None
        self._seen[pmid] += 1
        return bool(newest == (self._file, self._seen[pmid]))
