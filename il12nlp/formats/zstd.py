"""Reading and writing Zstandard files, through the package zstandard."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from il12nlp.errors import MissingDependencyError

_PIECE_BYTES = 1024
"""Compressed bytes taken at a time: at zstd's greatest ratio, 32 KiB for one byte, 32 MiB."""


class ZstdStream(io.RawIOBase):
    """Decompressed bytes of a file of one or more frames.

    Unlike zstandard's own reader it says so, with EOFError, when the file is cut off.
    """

    def __init__(self, raw: BinaryIO, *, source: str) -> None:
        zstandard = _package(f"reading {source}")
        self._raw = raw
        self._decompressor = zstandard.ZstdDecompressor()
        self._error = zstandard.ZstdError
        self._frame = self._decompressor.decompressobj()
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._pending and (piece := self._next_piece()):
            try:
                self._pending = self._frame.decompress(piece)
            except self._error as error:
                raise EOFError(str(error)) from error
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size

    def _next_piece(self) -> bytes:
        rest = self._frame.unused_data if self._frame.eof else b""
        piece = rest or self._raw.read(_PIECE_BYTES)
        if not piece and not self._frame.eof:
            raise EOFError("the file ends before its last frame does")
        if piece and self._frame.eof:
            self._frame = self._decompressor.decompressobj()
        return piece


def zstd_writer(raw: BinaryIO, *, target: str) -> BinaryIO:
    """A stream whose bytes go compressed, in one frame, to another that it leaves open."""
    compressor = _package(f"writing {target}").ZstdCompressor(write_checksum=True)
    stream: BinaryIO = compressor.stream_writer(raw, closefd=False)
    return stream


def _package(purpose: str) -> Any:
    try:
        import zstandard
    except ImportError:
        raise MissingDependencyError("zstandard", extra="zstd", purpose=purpose) from None
    return zstandard
