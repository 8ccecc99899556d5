"""The index of the newest version of each citation in PubMed's files; formats/newest.py reads it.

Files may be entered in any order, and again: of two records of one version the one in the file
with the higher number stays, of two in one file the last.
"""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from il12nlp.errors import InputError, OutputError
from il12nlp.formats.newest import INDEX_NAME, INDEX_VERSION
from il12nlp.pubmed.citations import citations

_TABLES = f"""
CREATE TABLE files (
    number INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, md5 TEXT NOT NULL, size INTEGER NOT NULL
);
CREATE TABLE citations (
    pmid INTEGER, version INTEGER, file INTEGER NOT NULL, nth INTEGER NOT NULL,
    deleted INTEGER NOT NULL, PRIMARY KEY (pmid, version)
) WITHOUT ROWID;
PRAGMA user_version = {INDEX_VERSION};
"""
# `nth`: the file's first, second … record with this PMID, in whichever version.

_ENTER = """
INSERT INTO citations VALUES (?, ?, ?, ?, ?) ON CONFLICT (pmid, version) DO UPDATE
SET file = excluded.file, nth = excluded.nth, deleted = excluded.deleted
WHERE excluded.file >= citations.file
"""


@dataclass(frozen=True, slots=True)
class Entered:
    """A file in the index: its number and name, the MD5 that PubMed gives it, and its bytes."""

    number: int
    name: str
    md5: str
    size: int


class Index:
    """The index of one folder, open for writing."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self._path = path
        self._database = database

    def files(self) -> dict[str, Entered]:
        """The files that were entered, by name."""
        rows = self._database.execute("SELECT number, name, md5, size FROM files")
        return {row[1]: Entered(*row) for row in rows}

    @contextmanager
    def entering(self, file: Entered, path: Path) -> Iterator[None]:
        """Enter what a file holds; it counts once the block, which puts it in place, is left."""
        with self._database:
            self._database.executemany(_ENTER, _rows(file.number, path))
            self._database.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                (file.number, file.name, file.md5, file.size),
            )
            yield

    def counts(self) -> tuple[int, int]:
        """Citations of which a version is there, and those that were withdrawn for good."""
        [live] = self._database.execute(
            "SELECT count(DISTINCT pmid) FROM citations WHERE NOT deleted"
        ).fetchone()
        [all_] = self._database.execute("SELECT count(DISTINCT pmid) FROM citations").fetchone()
        return live, all_ - live


@contextmanager
def open_index(folder: Path) -> Iterator[Index]:
    """The index of a folder, made where it is not there.

    Raises OutputError where it cannot be written, InputError where it is damaged.
    """
    path = folder / INDEX_NAME
    try:
        database = sqlite3.connect(path, timeout=60)
        try:
            [version] = database.execute("PRAGMA user_version").fetchone()
            if version == 0:
                database.executescript(_TABLES)
            elif version != INDEX_VERSION:
                raise sqlite3.DatabaseError(f"its version is {version}, not {INDEX_VERSION}")
            yield Index(path, database)
        finally:
            database.close()
    except sqlite3.OperationalError as error:
        remedy = "make room or rights and run the same command again"
        raise OutputError(f"{path}: cannot be written: {error}; {remedy}") from error
    except sqlite3.DatabaseError as error:
        reason = f"is no index that can be used ({error}): remove it and run the command again"
        raise InputError(reason, path=path) from error


def _rows(number: int, path: Path) -> Iterator[tuple[int, int, int, int, bool]]:
    seen: Counter[int] = Counter()
    with gzip.open(path) as stream:
        for citation in citations(stream):
            if not citation.deleted:
                seen[citation.pmid] += 1
            nth = seen[citation.pmid]
            yield citation.pmid, citation.version, number, nth, citation.deleted
