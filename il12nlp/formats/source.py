"""Opening what a user names: a path or "-", compressed or not, and refusing what is no text."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, cast

from il12nlp.errors import FormatError, InputError
from il12nlp.formats.encoding import CHUNK_BYTES, Utf8Stream
from il12nlp.formats.packed import DAMAGED, GzipStream, PackedStream
from il12nlp.formats.zstd import ZstdStream

STDIN = "-"

COMPRESSIONS = (".gz", ".zst")
"""Suffixes of compressed files; what counts is the content's first bytes."""

_GZIP = b"\x1f\x8b"
# A frame may have one before it that is skipped; with these pzstd tells the frames' sizes.
_ZSTD = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")

_NO_TEXT = (
    (b"%PDF-", "a PDF: copy its abstract into a text file, or take the PubMed record"),
    (b"PK\x03\x04", "a zip archive or an Office file: unpack it, or save it as plain text"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file: save it as plain text"),
    (b"{\\rtf", "a rich-text file: save it as plain text"),
    (b"BZh", "compressed by bzip2: unpack it first (gz and zst are read as they are)"),
    (b"\xfd7zXZ", "compressed by xz: unpack it first (gz and zst are read as they are)"),
    (b"PAR1", "a Parquet table; il12nlp writes such tables but reads documents"),
)


@contextmanager
def open_text(
    source: str, *, opened: Callable[[BinaryIO], None] | None = None
) -> Iterator[tuple[BinaryIO, str]]:
    """A stream of valid UTF-8 and the text of its first 64 KiB.

    `opened` is given the file itself, whose position tells how far reading is. Raises InputError
    for what cannot be opened, FormatError for what is empty or no text.
    """
    with ExitStack() as stack:
        file = _open(source, stack)
        if opened is not None:
            opened(cast(BinaryIO, file))
        try:
            raw = _decompressed(file, source)
            refuse(raw.peek(8)[:8], source)
            text = Utf8Stream(cast(BinaryIO, raw), source=source, rewindable=file.seekable())
        except DAMAGED as error:
            raise FormatError(f"damaged compressed data: {error}", path=source) from error
        except OSError as error:
            raise InputError(f"cannot be read: {error}", path=source) from error
        head = text.head()
        if not head.strip():
            raise FormatError("is empty", path=source)
        if "\0" in head:
            raise FormatError(
                "holds NUL bytes: a binary file, or UTF-16 without a byte-order mark; "
                "save it as UTF-8 text",
                path=source,
            )
        yield stack.enter_context(io.BufferedReader(text, CHUNK_BYTES)), head


def refuse(first: bytes, source: str) -> None:
    """Raise FormatError for a file whose first bytes show that it holds no plain text."""
    for magic, what in _NO_TEXT:
        if first.startswith(magic):
            raise FormatError(f"is {what}", path=source)


def _open(source: str, stack: ExitStack) -> io.BufferedReader[Any]:
    if source == STDIN:
        stdin = io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer), CHUNK_BYTES)
        stack.callback(stdin.detach)  # else it would close the process's own stream with itself
        return stdin
    if os.path.isdir(source):
        raise InputError("is a folder, not a file", path=source)
    try:
        return stack.enter_context(open(source, "rb"))
    except FileNotFoundError:
        raise InputError("no such file", path=source) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", path=source) from error


def _decompressed(
    raw: io.BufferedReader[Any], source: str
) -> io.BufferedReader[Any] | PackedStream:
    magic = raw.peek(4)[:4]
    if magic.startswith(_GZIP):
        return GzipStream(cast(BinaryIO, raw))
    if _ZSTD.fullmatch(magic):
        return ZstdStream(cast(BinaryIO, raw), source=source)
    return raw
