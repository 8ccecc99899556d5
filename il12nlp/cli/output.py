"""Where a command's records go: documents to the output, failures beside it, counts to the user."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from il12nlp.cli.common import Exit, say
from il12nlp.errors import FormatError, OutputError

if TYPE_CHECKING:
    from il12nlp.batch import Summary
    from il12nlp.formats import Failure, Record, Writer
    from il12nlp.formats.counts import Counts


def sources(inputs: list[str], output: str) -> list[str]:
    """The files that inputs stand for, without what an earlier run wrote among them.

    Neither the output nor any run's list of failures is input, unless it is named itself. What
    would take the place of an input is wrong usage: this run's own list, and the output, unless it
    is the only input. Raises InputError as `expand_inputs` does.
    """
    from il12nlp import formats

    written = os.path.realpath(output)
    found = [
        path
        for path in formats.expand_inputs(inputs)
        if path in inputs or not (_lists_failures(path) or os.path.realpath(path) == written)
    ]
    refuse_to_replace(found, failures_path(output))
    if len(found) > 1:
        # A pattern that the shell resolves (`*.jsonl -o all.jsonl`) names the output of the last
        # run too, whose documents would come in twice.
        refuse_to_replace(found, output)
    return found


def refuse_to_replace(inputs: Iterable[str], output: str) -> None:
    """An output that would take the place of an input is wrong usage; "-" takes no file's."""
    if _replaces(output, inputs):
        raise typer.BadParameter(
            f"{output} would take the place of an input; name another file",
            param_hint="'--output'",
        )


def _replaces(output: str, inputs: Iterable[str]) -> bool:
    written = os.path.realpath(output)
    return output != "-" and any(os.path.realpath(path) == written for path in inputs)


def open_output(output: str, *, target_format: str | None = None) -> Writer:
    """A writer; an output in no format that is written is wrong usage."""
    from il12nlp import formats

    try:
        return formats.open_writer(output, format=target_format)
    except FormatError as error:
        raise typer.BadParameter(str(error), param_hint="'--output' / '--to'") from None


def pour(
    records: Iterable[Record], output: str, *, target_format: str | None, inputs: Iterable[str]
) -> Exit:
    """Write documents to the output and failures beside it; tell what was done.

    Where no document comes, no output is left. Raises OutputError where it would take the place of
    an input of which records failed: they stand nowhere else.
    """
    from il12nlp.formats import Failure
    from il12nlp.formats.counts import Counts

    writer, counts = open_output(output, target_format=target_format), Counts()
    started = time.perf_counter()
    try:
        with Failures(output) as failures:
            for given in records:
                record = given if isinstance(given, Failure) else writer.write_or_fail(given)
                counts.add(record)
                if isinstance(record, Failure):
                    failures.write(record)
        if counts.failed and _replaces(output, inputs):
            raise OutputError(
                f"{output}: left as it is, as {counts.failed} of its records failed (listed in "
                f"{failures.path}) and would be gone; name another output"
            )
        if counts.documents:
            writer.close()
    finally:
        writer.discard()
    _tell(counts, time.perf_counter() - started, output, failures.path)
    return exit_code(counts)


def exit_code(counts: Counts | Summary) -> Exit:
    """As the help says."""
    if not counts.documents and not counts.withdrawn:
        return Exit.NOTHING_DONE
    return Exit.SOME_FAILED if counts.failed else Exit.DONE


def _tell(counts: Counts, seconds: float, output: str, failures: str) -> None:
    """The summary, on standard error."""
    rate = counts.documents / seconds if seconds else 0.0
    say(
        f"{counts.documents} documents, {counts.mentions} mentions, {counts.findings} findings "
        f"in {seconds:.1f} s ({rate:.1f} documents/s)"
    )
    tell_losses(counts, failures)
    if counts.documents and output != "-":
        say(f"written to {output}")


def tell_losses(counts: Counts | Summary, failures: str) -> None:
    """How many records gave no document, and where they are listed."""
    if counts.withdrawn:
        say(f"{counts.withdrawn} records withdrawn by PubMed, listed in {failures}")
    if counts.failed:
        say(f"{counts.failed} records failed, listed in {failures}")


def failures_path(output: str) -> str:
    """Where the failures of an output stand."""
    return f"{output}.failures.jsonl"


def _lists_failures(path: str) -> bool:
    """Whether a file has the name of a list of failures: of a file's, a shard's or a folder's."""
    return f".{os.path.basename(path)}".endswith(".failures.jsonl")


class Failures:
    """`OUTPUT.failures.jsonl`, made when the first failure comes; standard error for `-`."""

    def __init__(self, output: str) -> None:
        self.path = "standard error" if output == "-" else failures_path(output)
        self._output = output
        self._file: BinaryIO | None = None
        if output != "-":
            # What an earlier run left would be taken for this one's.
            Path(self.path).unlink(missing_ok=True)

    def write(self, failure: Failure) -> None:
        """Add one failure."""
        from il12nlp.batch.failures import failure_line
        from il12nlp.formats.whole_file import told

        line = failure_line(failure, source=failure.source)
        if self._output == "-":
            say(line.decode().rstrip("\n"))
            return
        with told(self.path):
            if self._file is None:
                self._file = open(self.path, "wb")  # noqa: SIM115
            self._file.write(line)

    def __enter__(self) -> Failures:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            from il12nlp.formats.whole_file import told

            with told(self.path):
                self._file.close()
