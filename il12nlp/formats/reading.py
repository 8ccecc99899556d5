"""Reading documents from files, folders, globs and standard input, one record at a time."""

from __future__ import annotations

import glob
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from il12nlp.document import Document
from il12nlp.errors import FormatError, InputError
from il12nlp.formats.base import Deletion, Failure, Record
from il12nlp.formats.newest import newest_only
from il12nlp.formats.packed import DAMAGED
from il12nlp.formats.registry import get_format, readable_suffixes, reader_for, suffix_of
from il12nlp.formats.source import STDIN, open_text

logger = logging.getLogger(__name__)

_FAILURES = ".failures.jsonl"
"""End of the names, a dot before them, of lists of what a run could not use: no documents."""


def read(
    source: str | Path,
    *,
    format: str | None = None,
    opened: Callable[[BinaryIO], None] | None = None,
) -> Iterator[Record]:
    """Records of one file, or of standard input for "-", in their order.

    Holds one record in memory. A record that cannot be used comes out as a `Failure`. Of a file
    with PubMed's index beside it only the newest version of each citation comes out. Raises,
    when the first record is asked for, InputError for a file that cannot be opened, and
    FormatError for one that is in no format known or yields no record at all. `opened` is then
    given the open file, whose position tells how far reading is.
    """
    if format is not None:
        get_format(format)
    return _records(str(source), format, opened)


def read_many(inputs: Iterable[str | Path], *, format: str | None = None) -> Iterator[Record]:
    """Records of files, folders, globs and "-", one input after the other.

    One unreadable file among several becomes a `Failure`; the only one raises as `read` does.
    Ids are not compared: a record that stands twice comes out twice.
    """
    sources = expand_inputs(inputs)
    if len(sources) == 1:
        return read(sources[0], format=format)
    if format is not None:
        get_format(format)
    return _records_of_all(sources, format)


def read_documents(inputs: Iterable[str | Path], *, format: str | None = None) -> list[Document]:
    """All documents of all inputs, for uses that need every one of them, such as gold data.

    Raises InputError at the first record that cannot be used; what PubMed has withdrawn is none.
    """
    documents = []
    for record in read_many(inputs, format=format):
        if isinstance(record, Deletion):
            continue
        if isinstance(record, Failure):
            raise InputError(record.reason, path=record.source, line=record.line)
        documents.append(record)
    return documents


def expand_inputs(inputs: Iterable[str | Path]) -> list[str]:
    """Paths that inputs stand for, each once, in the order given.

    A folder stands for all files below it with a suffix that is read, sorted, hidden ones, pipes
    and lists of failures left out, links followed; a pattern with *, ? or [ for the files it
    matches, sorted. A name of neither kind stays, also where no such file exists. Raises
    InputError for a folder or pattern without files, TypeError for a single path, whose
    characters may be folders.
    """
    if isinstance(inputs, (str, bytes, os.PathLike)):
        raise TypeError(f"a list of inputs is wanted, not {inputs!r}: give [{inputs!r}]")
    found: dict[str, None] = {}
    for item in map(str, inputs):
        found.update(dict.fromkeys(_expanded(item)))
    if not found:
        raise InputError("no input: name files, folders, patterns, or - for standard input")
    return list(found)


def _expanded(item: str) -> list[str]:
    if item != STDIN and os.path.isdir(item):
        files = sorted(_files_below(item))
        if not files:
            suffixes = ", ".join(sorted(readable_suffixes()))
            raise InputError(f"no file below it has a suffix that is read: {suffixes}", path=item)
        return files
    if item == STDIN or os.path.exists(item) or not glob.has_magic(item):
        return [item]
    matches = sorted(match for match in glob.glob(item, recursive=True) if os.path.isfile(match))
    if not matches:
        raise InputError("no file matches this pattern", path=item)
    return matches


def _files_below(folder: str) -> Iterator[str]:
    suffixes = readable_suffixes()
    # Links to folders are followed, but none upwards, and no folder is entered twice.
    entered = set(map(str, Path(os.path.realpath(folder)).parents))
    for place, folders, files in os.walk(folder, onerror=_tell_unlisted, followlinks=True):
        real = os.path.realpath(place)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        # Links last, so that a folder's files keep the path that they have without the link.
        shown = sorted(name for name in folders if not name.startswith("."))
        folders[:] = sorted(shown, key=lambda name: os.path.islink(os.path.join(place, name)))
        for name in files:
            left_out = name.startswith(".") or f".{name}".endswith(_FAILURES)
            path = os.path.join(place, name)
            if not left_out and suffix_of(name) in suffixes and not _is_pipe(path):
                yield path


def _tell_unlisted(error: OSError) -> None:
    logger.warning("%s: left out, as it cannot be listed: %s", error.filename, error.strerror)


def _is_pipe(path: str) -> bool:
    """Whether a path is a pipe, socket or device, of which reading may wait for ever."""
    return os.path.exists(path) and not os.path.isfile(path)


def _records_of_all(sources: list[str], format: str | None) -> Iterator[Record]:
    for source in sources:
        try:
            yield from _records(source, format)
        except InputError as error:
            yield Failure(source, error.line, None, error.reason)


def _records(
    source: str, name: str | None, opened: Callable[[BinaryIO], None] | None = None
) -> Iterator[Record]:
    with open_text(source, opened=opened) as (stream, head), newest_only(source) as is_newest:
        reader = reader_for(source, head, name=name)
        count = 0
        try:
            for record in reader(stream, source):
                count += 1
                if is_newest(record):
                    yield record
        except DAMAGED as error:
            if not count:
                raise FormatError(f"damaged compressed data: {error}", path=source) from error
            reason = f"the compressed data is cut off or damaged after {count:,} records: {error}"
            yield Failure(source, None, None, reason)
        except OSError as error:
            raise InputError(f"cannot be read on: {error}", path=source) from error
        if not count:
            raise FormatError("holds no record", path=source)
