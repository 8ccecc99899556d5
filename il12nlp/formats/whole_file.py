"""A file that stands at its path once it is whole, or not at all."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from il12nlp.errors import OutputError
from il12nlp.formats.source import STDIN
from il12nlp.formats.zstd import zstd_writer


@contextmanager
def told(path: str | Path) -> Iterator[None]:
    """What the system does not let us write as an OutputError that names the file.

    A pipe whose reader has gone is no such error, and passes.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


class WholeFile:
    """Takes bytes beside its path and moves them there when it is closed.

    "-" is standard output; a path that ends in .gz or .zst is compressed. What stands at the path
    is on the disk, so that no loss of power takes it back. Leaving the `with` block by an
    exception leaves what was at the path as it was. Raises OutputError for a place that cannot
    be written.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._stack = ExitStack()
        self._place: tuple[Path, Path] | None = None
        try:
            self.stream = self._open()
        except BaseException:
            self.discard()
            raise

    def close(self) -> None:
        """Put the file in its place."""
        try:
            with self.told():
                self._stack.close()
                if self._place is not None:
                    os.replace(*self._place)
                    _sync_folder(self._place[1].parent)
                    self._place = None
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove what was written so far; nothing once it is closed."""
        with suppress(OSError):  # what a full disk does not take is to go anyway
            self._stack.close()
        if self._place is not None:
            self._place[0].unlink(missing_ok=True)
            self._place = None

    def __enter__(self) -> WholeFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def told(self) -> AbstractContextManager[None]:
        """As `told`, of this file."""
        return told(self.path)

    def _open(self) -> BinaryIO:
        if self.path == STDIN:
            self._stack.callback(sys.stdout.buffer.flush)
            return sys.stdout.buffer
        # A link stays a link: what it points to is written.
        target = Path(os.path.realpath(self.path))
        with self.told():
            raw = self._stack.enter_context(self._beside(target))
        if self._place is not None:
            self._stack.callback(_sync, raw)
        if self.path.lower().endswith(".zst"):
            return self._stack.enter_context(zstd_writer(raw, target=self.path))
        if not self.path.lower().endswith(".gz"):
            return raw
        # No name and no time in the header: the same documents give the same bytes.
        packed = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0)
        return cast(BinaryIO, self._stack.enter_context(packed))

    def _beside(self, target: Path) -> BinaryIO:
        if target.exists() and not target.is_file():
            # A device, pipe or folder cannot be replaced; a folder makes open() say so.
            return target.open("wb")
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        stream = part.open("wb")
        self._place = (part, target)
        return stream


def _sync(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Put a new name on the disk too, where the system lets a folder be opened for that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
