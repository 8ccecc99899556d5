"""From bytes to UTF-8, with one rule for what is not the encoding it should be.

The encoding is that of a byte-order mark, else the one an XML declaration names, else UTF-8.
Bytes that are not valid in it are read one by one as Windows-1252, which is what such bytes in
old exports are; the five values which that leaves undefined become the control characters of
the same number. So every byte of the input stands in the text, and a warning says it happened.
"""

from __future__ import annotations

import codecs
import io
import logging
import re
from typing import BinaryIO

from il12nlp.errors import FormatError

logger = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024
"""Bytes read at a time, and how much of a file is looked at to find its format."""

_FALLBACK = "il12nlp.windows_1252"
_WINDOWS_1252 = tuple(
    bytes([i]).decode("cp1252", "replace").replace("\ufffd", chr(i)) for i in range(256)
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FAMILIES = ("iso8859", "cp125", "koi8", "gb", "big5", "shift_jis", "euc")
"""Encodings of text that an XML declaration may name, by the start of Python's name for them."""

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_WINDOWS_1252[byte] for byte in wrong), error.end


codecs.register_error(_FALLBACK, _as_windows_1252)


def as_text(data: bytes) -> str:
    """Text of bytes that should be UTF-8."""
    return data.decode("utf-8", _FALLBACK)


class Utf8Stream(io.RawIOBase):
    """A binary stream as valid UTF-8 without a byte-order mark; may be rewound, not sought."""

    def __init__(self, raw: BinaryIO, *, source: str, rewindable: bool = False) -> None:
        self._raw = raw
        self._rewindable = rewindable
        self._source = source
        self._warned = False
        self._start(raw.read(CHUNK_BYTES))

    def _start(self, first: bytes) -> None:
        self._encoding, mark = _encoding_of(first, source=self._source)
        self._decoder = codecs.getincrementaldecoder(self._encoding)("strict")
        self._read, self._given = mark, 0
        self._pending = self._decoded(first[mark:])

    def _decoded(self, chunk: bytes) -> bytes:
        state = self._decoder.getstate()
        final = not chunk
        try:
            text = self._decoder.decode(chunk, final=final)
        except UnicodeDecodeError as error:
            self._warn(self._read + error.start - len(state[0]))
            self._decoder = codecs.getincrementaldecoder(self._encoding)(_FALLBACK)
            self._decoder.setstate(state)
            text = self._decoder.decode(chunk, final=final)
        self._read += len(chunk)
        return text.encode("utf-8")

    def _warn(self, position: int) -> None:
        if self._warned:
            return
        self._warned = True
        logger.warning(
            "%s: not valid %s from byte %d on; such bytes are read as Windows-1252",
            self._source,
            self._encoding.upper(),
            position,
        )

    def head(self) -> str:
        """Text of the first 64 KiB; only before anything else is read."""
        return self._pending.decode("utf-8")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._pending:
            chunk = self._raw.read(CHUNK_BYTES)
            self._pending = self._decoded(chunk)
            if not chunk:
                break
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        self._given += size
        return size

    def seekable(self) -> bool:
        return self._rewindable

    def tell(self) -> int:
        return self._given

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if offset or whence != io.SEEK_SET:
            raise io.UnsupportedOperation("a text source can only be rewound to its start")
        self._raw.seek(0)
        self._start(self._raw.read(CHUNK_BYTES))
        return 0


def _encoding_of(first: bytes, *, source: str) -> tuple[str, int]:
    """Name of the encoding and length of the byte-order mark."""
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding, len(mark)
    declared = _DECLARED.match(first)
    name = declared.group(1).decode("ascii") if declared else "utf-8"
    try:
        return _text_encoding(name), 0
    except LookupError:
        raise FormatError(
            f"declares the encoding {name!r}, which is not known; save it as UTF-8", path=source
        ) from None


def _text_encoding(name: str) -> str:
    """Normal name of a character encoding; LookupError for one that is none of PubMed's kin."""
    encoding = codecs.lookup(name).name
    # ASCII plus what others added is UTF-8; so is UTF-16 that says so in single bytes.
    if encoding in {"utf-8", "ascii", "utf-16", "utf-8-sig"}:
        return "utf-8"
    if not encoding.startswith(_FAMILIES):
        raise LookupError(name)
    return encoding
