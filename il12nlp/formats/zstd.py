"""Reading and writing Zstandard files, through the package zstandard."""

from __future__ import annotations

from typing import Any, BinaryIO

from il12nlp.errors import MissingDependencyError
from il12nlp.formats.packed import PackedStream


class ZstdStream(PackedStream):
    """Decompressed bytes of a file of one or more frames.

    Unlike zstandard's own reader it says so, with EOFError, when the file is cut off.
    """

    piece_bytes = 1024  # at zstd's greatest ratio, 32 KiB for one byte, 32 MiB

    def __init__(self, raw: BinaryIO, *, source: str) -> None:
        zstandard = _package(f"reading {source}")
        self._decompressor = zstandard.ZstdDecompressor()
        self._error = zstandard.ZstdError
        super().__init__(raw)

    def new_member(self) -> Any:
        return self._decompressor.decompressobj()

    def decompress(self, member: Any, piece: bytes) -> tuple[bytes, Exception | None]:
        try:
            return member.decompress(piece), None
        except self._error as error:
            return b"", EOFError(str(error))


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
