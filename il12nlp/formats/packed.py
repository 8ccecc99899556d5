"""Reading compressed files up to the byte where they are cut off or damaged."""

from __future__ import annotations

import io
import zlib
from abc import abstractmethod
from contextlib import suppress
from typing import Any, BinaryIO

DAMAGED = (EOFError, zlib.error)
"""What is raised in the middle of a file that is cut off or corrupt."""


class PackedStream(io.RawIOBase):
    """Decompressed bytes of a file of one or more members; may be rewound, not sought.

    A read gives less than it was asked for only at the end, or before damage: what was sound comes
    out first, and the next read raises. Hence no BufferedReader belongs around it, which would
    drop the one for the other.
    """

    piece_bytes: int
    """Compressed bytes taken at a time, which bounds what they may become in memory."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._start()

    def _start(self) -> None:
        self._member = self.new_member()
        self._pending = memoryview(b"")
        self._given = 0
        self._damage: Exception | None = None

    @abstractmethod
    def new_member(self) -> Any:
        """A decompressor with `eof` and `unused_data`."""

    @abstractmethod
    def decompress(self, member: Any, piece: bytes) -> tuple[bytes, Exception | None]:
        """Sound bytes of a piece, and the damage behind them."""

    def peek(self, size: int) -> bytes:
        """The next bytes, at most `size`, which are to be read yet; none at the end."""
        self._fill()
        if self._damage is not None and not self._pending:
            raise self._damage
        return bytes(self._pending[:size])

    def _fill(self) -> None:
        while not self._pending and self._damage is None and (piece := self._next_piece()):
            sound, self._damage = self.decompress(self._member, piece)
            self._pending = memoryview(sound)

    def _next_piece(self) -> bytes:
        piece: bytes = self._member.unused_data if self._member.eof else b""
        piece = piece or self._raw.read(self.piece_bytes)
        if self._member.eof:
            # Tapes and some writers fill up with zeros behind a member.
            while piece and not (piece := piece.lstrip(b"\0")):
                piece = self._raw.read(self.piece_bytes)
            if piece:
                self._member = self.new_member()
        elif not piece:
            self._damage = EOFError("the file ends before its compressed data do")
        return piece

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = 0
        while size < len(buffer):
            self._fill()
            part = self._pending[: len(buffer) - size]
            if not part:
                break
            buffer[size : size + len(part)] = part
            self._pending = self._pending[len(part) :]
            size += len(part)
        if not size and len(buffer) and self._damage is not None:
            raise self._damage
        self._given += size
        return size

    def seekable(self) -> bool:
        return self._raw.seekable()

    def tell(self) -> int:
        return self._given

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if offset or whence != io.SEEK_SET:
            raise io.UnsupportedOperation("a compressed file can only be rewound to its start")
        self._raw.seek(0)
        self._start()
        return 0


class GzipStream(PackedStream):
    """Decompressed bytes of a gzip file; unlike `gzip.GzipFile` it loses none before damage."""

    piece_bytes = 8 * 1024  # at the greatest ratio, a thousand bytes for one, 8 MiB

    def new_member(self) -> Any:
        return zlib.decompressobj(zlib.MAX_WBITS | 16)  # 16: with gzip's header and checksum

    def decompress(self, member: Any, piece: bytes) -> tuple[bytes, Exception | None]:
        before = member.copy()
        try:
            return member.decompress(piece), None
        except zlib.error as error:
            sound = bytearray()
            with suppress(zlib.error):
                for at in range(len(piece)):
                    sound += before.decompress(piece[at : at + 1])
            return bytes(sound), error
