"""A run whose two processes never get beyond their start, as a program of its own, to be ended."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import NoReturn

from il12nlp.batch import Processes, stop_on_signals
from tests.batch.stub import Stub, start


def starting(seen: Path) -> NoReturn:
    """Leave a file with the number of the process, and take an hour."""
    (seen / str(os.getpid())).touch()
    time.sleep(3600)
    raise AssertionError


class Slow:
    """What takes an hour to come out of its pickle, as importing PyTorch takes seconds."""

    def __init__(self, seen: Path) -> None:
        self._seen = seen

    def __reduce__(self) -> tuple[object, ...]:
        return starting, (self._seen,)

    def __call__(self) -> Stub:
        raise AssertionError


def main() -> None:
    """`python -m tests.batch.stub_starting FOLDER INPUT SEEN`: code 0 if it ended cleanly."""
    folder, path, seen = map(Path, sys.argv[1:])
    with stop_on_signals() as stop:
        summary = start(folder, path, engine=Processes(Slow(seen), number=2), stop=stop)
    sys.exit(not summary.interrupted)


if __name__ == "__main__":
    main()
