"""A quick stand-in for the pipeline, and a run of it as a program of its own, to be killed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from il12nlp.batch import Local, Settings, Summary, run
from il12nlp.document import Document, Finding, Mention, Relation, Sentence
from il12nlp.formats import Failure, Record
from il12nlp.schema import Benefit, Direction

READ_AHEAD = 8


class Stub:
    """Marks the first word of a document; reads ahead as the pipeline does.

    `on_record` is called for each record that is done. Texts that hold "bad" become failures,
    as do those that hold "odd" unless it is `mended`.
    """

    def __init__(
        self, *, on_record: Callable[[], object] = lambda: None, mended: bool = False
    ) -> None:
        self.seen: list[str] = []
        self._on_record = on_record
        self._refused = ("bad",) if mended else ("bad", "odd")

    def annotate_records(self, records: Iterable[Record]) -> Iterator[Record]:
        """Records in their order."""
        source = iter(records)
        while ahead := list(islice(source, READ_AHEAD)):
            for record in ahead:
                self._on_record()
                yield self._annotated(record) if isinstance(record, Document) else record

    def _annotated(self, document: Document) -> Record:
        self.seen.append(document.id)
        if any(word in document.text for word in self._refused):
            return Failure("-", None, document.id, "cannot be annotated")
        word = document.text.split()[0]
        mentions = (
            Mention("T1", 0, len(word), "CYTOKINE", word, 0.9),
            Mention("T2", 0, len(word), "OUTCOME", word, 0.8),
        )
        return document.replace(
            sentences=(Sentence(0, len(document.text)),),
            mentions=mentions,
            relations=(Relation("R1", "INCREASES", "T1", "T2", score=0.7),),
            findings=(
                Finding(
                    "F1", ("T1",), (), "T2", Direction.INCREASE, Benefit.UNKNOWN,
                    evidence=(0,), relations=("R1",),
                ),
            ),
        )  # fmt: skip


def start(folder: Path, *paths: Path, stub: Stub | None = None, **options: Any) -> Summary:
    """A run with the stub and small shards."""
    names = ("model", "terms", "shard_records", "target_format", "source_format")
    given = {name: options.pop(name) for name in names if name in options}
    settings = Settings(**{"model": "m1", "shard_records": 20, **given})
    annotator = stub or Stub()
    options.setdefault("engine", Local(lambda: annotator))
    return run([str(path) for path in paths], folder, settings=settings, **options)


def contents(folder: Path) -> dict[str, bytes]:
    """What is in a folder but the log, whose times differ from run to run."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "runs.log")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def main() -> None:
    """`python -m tests.batch.stub FOLDER INPUT…`: a dot to standard output for each record."""
    folder, *paths = map(Path, sys.argv[1:])
    start(folder, *paths, stub=Stub(on_record=lambda: os.write(1, b".")))


if __name__ == "__main__":
    main()
