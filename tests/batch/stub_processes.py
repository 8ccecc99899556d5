"""A run in two processes that never ends, as a program of its own, to be killed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from il12nlp.batch import Processes
from il12nlp.formats import Record
from tests.batch.stub import start


class Endless:
    """Leaves a file with the number of its process, and never gives anything."""

    def __init__(self, seen: Path) -> None:
        self._seen = seen

    def annotate_records(self, records: Iterable[Record]) -> Iterator[Record]:
        """Nothing, for an hour."""
        (self._seen / str(os.getpid())).touch()
        time.sleep(3600)
        return iter(records)


def main() -> None:
    """`python -m tests.batch.stub_processes FOLDER INPUT SEEN`."""
    folder, path, seen = map(Path, sys.argv[1:])
    start(folder, path, engine=Processes(partial(Endless, seen), number=2))


if __name__ == "__main__":
    main()
