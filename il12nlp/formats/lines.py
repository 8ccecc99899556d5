"""Lines of a stream, numbered and bounded, for the formats that are made of lines."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import BinaryIO

from il12nlp.formats.base import MAX_RECORD_BYTES


def numbered_lines(
    stream: BinaryIO, *, limit: int = MAX_RECORD_BYTES
) -> Iterator[tuple[int, bytes | None]]:
    """Number and bytes of each line, its line end cut off; None for a line over the limit.

    Only a line feed, alone or after a carriage return, ends a line: abstracts hold the other
    characters that Python's splitlines() breaks at. An over-long line is passed over without
    being held in memory. Files put together by `cat` have a byte-order mark where each began: it
    is left out.
    """
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) <= limit or line.endswith(b"\n"):
            yield number, line.rstrip(b"\r\n").removeprefix(BOM_UTF8)
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(limit)
        yield number, None


def too_long(limit: int = MAX_RECORD_BYTES) -> str:
    """Reason of the failure that a line over the limit becomes."""
    return f"a line of more than {limit:,} bytes, which no abstract fills"
