"""What every format is made of: records, failures, and the row of the registry.

A reader takes a binary stream and yields records in the order of the file, one at a time: a
`Document`, or a `Failure` where one record cannot be used and the others go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol, TypeAlias

from il12nlp.document import Document
from il12nlp.errors import DocumentError

MAX_TEXT_CHARS = 1_000_000
"""Longest text of one document, in code points.

Some 150,000 words: seven times an abstract of 20,000 words and more than any full text, so what
is longer is a whole corpus in one record, which a model would chew on for hours.
"""

MAX_RECORD_BYTES = 32 * 1024 * 1024
"""Most bytes of one record of a file, and so what a reader may hold in memory.

PubMed's longest records (thousands of authors with affiliations) take about 3 MB.
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """One record that could not be used, with where it stands and why.

    `source` is the path, or "-" for standard input; `line` counts from 1.
    """

    source: str
    line: int | None
    id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Deletion(Failure):
    """A PMID that PubMed has withdrawn (`DeleteCitation`): earlier results for it are void.

    It is a Failure, so that nobody takes it for a document; whoever keeps results between runs
    tells it from an error by its class.
    """


Record: TypeAlias = Document | Failure


class Sink(Protocol):
    """Where a format writes documents, over a binary stream that its opener owns."""

    def write(self, document: Document) -> None:
        """Write one document."""

    def close(self) -> None:
        """Write what is still held back; the stream stays open."""


Reader: TypeAlias = Callable[[BinaryIO, str], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `sniff` judges the first 64 KiB, decoded, without compression.

    `read` takes a binary stream and the source's name, `write` a binary stream; a format that
    is only read or only written leaves the other out.
    """

    name: str
    suffixes: tuple[str, ...]
    description: str
    sniff: Callable[[str], bool]
    read: Reader | None = None
    write: Callable[[BinaryIO], Sink] | None = None


def content_id(text: str) -> str:
    """Id of a text that brings none: the start of its SHA-256, so the same text has the same."""
    return "sha256-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def vetted(document: Document, *, source: str, line: int | None = None) -> Record:
    """The document, once its offsets hold and its text can be annotated; else a Failure."""
    if not document.text.strip():
        return Failure(source, line, document.id, "neither title nor abstract: nothing to annotate")
    if len(document.text) > MAX_TEXT_CHARS:
        reason = (
            f"a text of {len(document.text):,} characters; at most {MAX_TEXT_CHARS:,} are read "
            "as one document: split it"
        )
        return Failure(source, line, document.id, reason)
    try:
        return document.check()
    except DocumentError as error:
        return Failure(source, line, document.id, str(error).removeprefix(f"{document.id}: "))
