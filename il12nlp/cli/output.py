"""Where a command's records go: documents to the output, failures beside it, counts to the user."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from il12nlp.cli.common import Exit, say

if TYPE_CHECKING:
    from il12nlp.formats import Failure, Record


def pour(records: Iterable[Record], output: str, *, target_format: str | None) -> Exit:
    """Write documents to the output and failures beside it; tell what was done.

    Where no document comes, no output is left.
    """
    from il12nlp import formats

    writer, counts = formats.open_writer(output, format=target_format), Counts()
    with Failures(output) as failures:
        try:
            for record in records:
                counts.add(record)
                if isinstance(record, formats.Failure):
                    failures.write(record)
                else:
                    writer.write(record)
        except BaseException:
            writer.discard()
            raise
    if counts.documents:
        writer.close()
    else:
        writer.discard()
    counts.tell(output, failures.path)
    return counts.exit_code


@dataclass
class Counts:
    """What a run did."""

    documents: int = 0
    mentions: int = 0
    findings: int = 0
    failed: int = 0
    withdrawn: int = 0
    started: float = field(default_factory=time.perf_counter)

    def add(self, record: Record) -> None:
        """Count a record."""
        from il12nlp.formats import Deletion, Failure

        if isinstance(record, Deletion):
            self.withdrawn += 1
        elif isinstance(record, Failure):
            self.failed += 1
        else:
            self.documents += 1
            self.mentions += len(record.mentions)
            self.findings += len(record.findings)

    @property
    def exit_code(self) -> Exit:
        """As the help says."""
        if not self.documents and not self.withdrawn:
            return Exit.NOTHING_DONE
        return Exit.SOME_FAILED if self.failed else Exit.DONE

    def tell(self, output: str, failures: str) -> None:
        """The summary, on standard error."""
        seconds = time.perf_counter() - self.started
        rate = self.documents / seconds if seconds else 0.0
        say(
            f"{self.documents} documents, {self.mentions} mentions, {self.findings} findings "
            f"in {seconds:.1f} s ({rate:.1f} documents/s)"
        )
        if self.withdrawn:
            say(f"{self.withdrawn} records withdrawn by PubMed, listed in {failures}")
        if self.failed:
            say(f"{self.failed} records failed, listed in {failures}")
        if self.documents and output != "-":
            say(f"written to {output}")


class Failures:
    """`OUTPUT.failures.jsonl`, made when the first failure comes; standard error for `-`."""

    def __init__(self, output: str) -> None:
        self.path = "standard error" if output == "-" else f"{output}.failures.jsonl"
        self._output = output
        self._file: TextIO | None = None
        if output != "-":
            # What an earlier run left would be taken for this one's.
            Path(self.path).unlink(missing_ok=True)

    def write(self, failure: Failure) -> None:
        """Add one failure."""
        import orjson

        line = orjson.dumps(asdict(failure)).decode()
        if self._output == "-":
            say(line)
            return
        if self._file is None:
            self._file = open(self.path, "w", encoding="utf-8")  # noqa: SIM115
        self._file.write(line + "\n")

    def __enter__(self) -> Failures:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
