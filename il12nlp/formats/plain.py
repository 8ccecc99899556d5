"""Plain text: one document a file, its text the file's own to the letter.

Offsets are positions in the file (in code points, without a byte-order mark): blank lines,
indentation and Windows line ends stay. A first line that is followed by a blank line, or that is
the first of just two lines, is the title; passages say so, the text does not change for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from il12nlp.document import Document, Passage, Sentence
from il12nlp.errors import FormatError
from il12nlp.formats.base import MAX_TEXT_CHARS, Format, Record, content_id, vetted
from il12nlp.formats.encoding import as_text
from il12nlp.formats.source import COMPRESSIONS, STDIN

MAX_TITLE_CHARS = 500
"""Longest first line that is taken for a title; PubMed's longest titles come near it."""


def read(stream: BinaryIO, source: str) -> Iterator[Record]:
    """The one document of the file; its id is the file's name without suffix."""
    # Four bytes hold any code point of UTF-8.
    data = stream.read(4 * MAX_TEXT_CHARS + 1)
    if len(data) > 4 * MAX_TEXT_CHARS:
        raise FormatError(
            f"a plain text of more than {MAX_TEXT_CHARS:,} characters; one file is one "
            "document: split it, or write JSON lines",
            path=source,
        )
    text = data.decode("utf-8")
    document = Document(id=_id(source, text), text=text, passages=tuple(_passages(text)))
    yield vetted(document, source=source)


def _id(source: str, text: str) -> str:
    if source == STDIN:
        return content_id(text)
    # A name that is no UTF-8 comes as surrogates, which no output can hold.
    path = PurePath(as_text(os.fsencode(source)))
    return PurePath(path.stem).stem if path.suffix in COMPRESSIONS else path.stem


def _passages(text: str) -> Iterator[Passage]:
    lines = list(_lines(text))
    if len(lines) > 1 and lines[0].end - lines[0].start <= MAX_TITLE_CHARS:
        first, second = lines[0], lines[1]
        if len(lines) == 2 or text.count("\n", first.end, second.start) > 1:
            yield Passage("title", first.start, first.end)
            del lines[0]
    if lines:
        yield Passage("abstract", lines[0].start, lines[-1].end)


def _lines(text: str) -> Iterator[Sentence]:
    """Spans of the lines that are not blank, without the spaces at their ends."""
    at = 0
    for line in text.split("\n"):
        if inner := line.strip():
            start = at + line.index(inner)
            yield Sentence(start, start + len(inner))
        at += len(line) + 1


FORMAT = Format(
    name="plain",
    suffixes=(".txt", ".text"),
    description="plain text, one document a file, its text unchanged",
    sniff=lambda head: True,
    read=read,
)
