"""Writing documents to a file in any format that is written, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from il12nlp.document import Document
from il12nlp.errors import OutputError
from il12nlp.formats.base import Failure
from il12nlp.formats.registry import sink_for
from il12nlp.formats.whole_file import WholeFile


def open_writer(path: str | Path, *, format: str | None = None) -> Writer:
    """A writer in the format that the suffix (or `format`) says; "-" is JSONL to stdout.

    A path that ends in .gz is compressed. Raises FormatError for an unknown suffix and
    OutputError for a place that cannot be written.
    """
    return Writer(str(path), format=format)


class Writer:
    """Writes documents to a `WholeFile`.

    Leaving the `with` block by an exception leaves what was at the path as it was.
    """

    def __init__(self, path: str, *, format: str | None = None) -> None:
        make_sink = sink_for(path, name=format)
        self.path = path
        self.count = 0
        self._file = WholeFile(path)
        self._sink = make_sink(self._file.stream)

    def write(self, document: Document) -> None:
        """Write one document."""
        with self._file.told():
            self._sink.write(document)
        self.count += 1

    def write_or_fail(self, document: Document) -> Document | Failure:
        """Write a document, and give it, or the failure that it is where its format cannot hold it.

        Raises OutputError where the place cannot be written any more.
        """
        try:
            self.write(document)
        except OutputError as error:
            if isinstance(error.__cause__, OSError):
                raise
            reason = str(error).removeprefix(f"{document.id}: ")
            return Failure("-", None, document.id, reason)
        return document

    def close(self) -> None:
        """Write what is held back and put the file in its place."""
        try:
            with self._file.told():
                self._sink.close()
        except BaseException:
            self.discard()
            raise
        self._file.close()

    def discard(self) -> None:
        """Remove what was written so far; nothing once it is closed."""
        self._file.discard()

    def __enter__(self) -> Writer:
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
