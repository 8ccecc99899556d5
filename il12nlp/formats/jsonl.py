"""JSON lines: the canonical, lossless form, one document a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import isfinite
from typing import BinaryIO

import orjson

from il12nlp.document import Document
from il12nlp.errors import FormatError, OutputError, RecordError
from il12nlp.formats.base import Failure, Format, Record, vetted
from il12nlp.formats.canonical import document_from_dict, document_to_dict
from il12nlp.formats.fields import Data
from il12nlp.formats.lines import numbered_lines, too_long

_OBJECT = re.compile(r"\s*(?:\[\s*)?\{\s*[\"}]")


def sniff(head: str) -> bool:
    """Whether text begins with an object, or with a list of some, which the reader refuses."""
    return _OBJECT.match(head) is not None


def read(stream: BinaryIO, source: str) -> Iterator[Record]:
    """One document a line; blank lines are passed over, wrong ones come out as failures."""
    return read_objects(stream, source, document_from_dict)


def read_objects(
    stream: BinaryIO, source: str, make: Callable[[Data], Document]
) -> Iterator[Record]:
    """What `make` makes of each line's object; it raises RecordError where it cannot."""
    first = True
    for number, line in numbered_lines(stream):
        if line is None:
            yield Failure(source, number, None, too_long())
        elif line.strip():
            if first:
                _check_first(line.strip(), source, number)
            yield _record(line, source, number, make)
            first = False


def _check_first(line: bytes, source: str, number: int) -> None:
    if line.startswith(b"["):
        problem = "a JSON array"
    elif line == b"{":
        problem = "JSON spread over several lines"
    else:
        return
    raise FormatError(f"{problem}; one object a line is read", path=source, line=number)


def _record(line: bytes, source: str, number: int, make: Callable[[Data], Document]) -> Record:
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Failure(source, number, None, f"not JSON: {error}")
    if not isinstance(data, dict):
        return Failure(source, number, None, f"an object is wanted, not {type(data).__name__}")
    try:
        document = make(data)
    except RecordError as error:
        reason = str(error).removeprefix(f"{error.record_id}: ")
        return Failure(source, number, error.record_id, reason)
    return vetted(document, source=source, line=number)


class JsonLines:
    """Writes documents as canonical JSON lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, document: Document) -> None:
        """Write one line; raises OutputError for a score, meta or text that JSON cannot hold."""
        for items in (document.mentions, document.relations, document.findings):
            for item in items:
                if not isfinite(item.score):
                    raise OutputError(f"{document.id}: {item.id} has the score {item.score}")
        try:
            line = orjson.dumps(document_to_dict(document), option=orjson.OPT_APPEND_NEWLINE)
        except TypeError as error:
            raise OutputError(f"{document.id}: cannot be written as JSON: {error}") from error
        self._stream.write(line)

    def close(self) -> None:
        """Nothing is held back."""


FORMAT = Format(
    name="jsonl",
    suffixes=(".jsonl", ".ndjson"),
    description="canonical JSON lines, lossless; also {id, text} and {pmid, title, abstract}",
    sniff=sniff,
    read=read,
    write=JsonLines,
)
