"""Errors of il12nlp; each message names where (path:line, PMID), the value, and the remedy.

Il12nlpError
├── SchemaError          a type or a pair of types that the schema does not know
├── DocumentError        a document whose offsets or references do not hold
├── InputError           a file that cannot be read at all
│   └── FormatError      … because it is not the format it was taken for
├── RecordError          one bad record of a readable file; the others go on
├── OutputError          a place that cannot be written
├── ConfigError          a config file with unknown, missing or impossible settings
├── DataLeakError        the same abstract in training and evaluation data
├── ModelError           a folder that holds no model, or another tool's
├── WorkerError          a process that cannot start
├── NetworkError         a service that answers wrongly or not at all
└── MissingDependencyError   an extra that is not installed
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any


class Il12nlpError(Exception):
    """Root of all errors that il12nlp raises on purpose."""


class SchemaError(Il12nlpError):
    """A mention type, relation type or pair of types that the schema does not allow."""


class DocumentError(Il12nlpError):
    """A document whose offsets, identifiers or references contradict its text."""


class InputError(Il12nlpError):
    """A file that cannot be read.

    The message starts with `path` or, where the line is known, `path:line`; `reason` is the
    rest of it.
    """

    def __init__(
        self, message: str, *, path: str | Path | None = None, line: int | None = None
    ) -> None:
        self.path = None if path is None else str(path)
        self.line = line
        self.reason = message
        place = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(place + message)


class FormatError(InputError):
    """A file that is not in the format it was taken for, or in none that is known."""


class RecordError(Il12nlpError):
    """One record that cannot be used; `record_id` is its PMID or id where it has one."""

    def __init__(self, message: str, *, record_id: str | None = None) -> None:
        self.record_id = record_id
        super().__init__(message if record_id is None else f"{record_id}: {message}")


class OutputError(Il12nlpError):
    """A file or folder that cannot be written."""


class ConfigError(Il12nlpError):
    """A config file with unknown, missing or impossible settings."""


class DataLeakError(Il12nlpError):
    """The same abstract stands in training and in evaluation data."""


class ModelError(Il12nlpError):
    """A folder that holds no il12nlp model, or weights that do not fit its config."""


class WorkerError(Il12nlpError):
    """A worker process that ends before it can begin."""


class NetworkError(Il12nlpError):
    """A remote service that answers wrongly or not at all."""


class MissingDependencyError(Il12nlpError):
    """An optional package that is not installed."""

    def __init__(self, package: str, *, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs the package '{package}': pip install 'il12nlp[{extra}]'")
        self._again = partial(MissingDependencyError, package, extra=extra, purpose=purpose)

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle, which gives back no keywords; other processes raise errors too."""
        return self._again, ()
