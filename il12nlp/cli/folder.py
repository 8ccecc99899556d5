"""`il12nlp annotate` into a folder: a run of shards, what it tells while it goes, how it ends."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from il12nlp.cli.common import Exit, say
from il12nlp.cli.output import exit_code, tell_losses
from il12nlp.errors import Il12nlpError, OutputError

if TYPE_CHECKING:
    from il12nlp.batch import Cluster, Observer, Stop, Summary
    from il12nlp.model.hardware import Precision


def is_folder(output: str) -> bool:
    """Whether an output is meant to be a folder."""
    return output.endswith(("/", os.sep)) or os.path.isdir(output)


@contextmanager
def _heard() -> Iterator[None]:
    """Where nobody reads standard error any more (`2>&1 | head`) the run ends, and not as done."""
    try:
        yield
    except BrokenPipeError as error:
        # What Python still wants to say when it ends goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
        raise typer.Exit(int(Exit.NOTHING_DONE)) from error


@_heard()
def annotate_folder(
    inputs: list[str],
    output: str,
    *,
    source_format: str | None,
    target_format: str | None,
    model: str | None,
    device: str,
    precision: Precision,
    terms: str | None,
    min_score: float,
    shard_size: int | None,
    retry_failed: bool,
    json_logs: bool,
    processes: int | None,
    cluster: Cluster | None,
) -> Exit:
    """Annotate into a folder, going on where an earlier run ended."""
    from il12nlp import batch

    form = target_format or "jsonl"
    if form not in batch.SHARD_SUFFIXES:
        known = " or ".join(batch.SHARD_SUFFIXES)
        raise typer.BadParameter(f"{form}: shards are {known}", param_hint="'--to'")
    with (
        batch.stop_on_signals() as stop,
        _watching(stop, json_logs=json_logs) as observer,
        _with_remedy(),
    ):
        summary = batch.annotate_files(
            inputs,
            output,
            model=model,
            device=device,
            precision=precision,
            terms=terms,
            min_score=min_score,
            source_format=source_format,
            target_format=form,
            shard_records=shard_size or batch.SHARD_RECORDS,
            retry_failed=retry_failed,
            processes=processes,
            cluster=cluster,
            observer=observer,
            stop=stop,
        )
    if not json_logs:
        _tell(summary, output)
    return Exit.INTERRUPTED if summary.interrupted else exit_code(summary)


def _tell(summary: Summary, output: str) -> None:
    """The summary, on standard error."""
    say(
        f"{summary.made} documents in {summary.seconds:.1f} s ({summary.rate:.1f} documents/s), "
        f"{summary.kept} of {summary.shards} shards stood already"
    )
    say(
        f"{output} holds {summary.documents} documents, {summary.mentions} mentions, "
        f"{summary.findings} findings"
    )
    tell_losses(summary, os.path.join(output, "failures.jsonl"))
    if summary.interrupted:
        say("interrupted: the same command goes on from here")


@contextmanager
def _with_remedy() -> Iterator[None]:
    """What the system did not let us write is no loss, which its message does not say."""
    try:
        yield
    except OutputError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        remedy = "what was done before stays: mend this, and the same command goes on from there"
        raise OutputError(f"{error}; {remedy}") from error


@contextmanager
def _watching(stop: Stop, *, json_logs: bool) -> Iterator[Observer]:
    """An observer for who is there: JSON lines, a terminal, or notices alone."""
    from rich.console import Console

    from il12nlp.batch import JsonLog, Notices
    from il12nlp.cli.progress import Bar

    if json_logs:
        with _errors_as_json(JsonLog(sys.stderr)) as log:
            yield log
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Notices(say)
        return
    with Bar(console, stop) as bar:
        yield bar


@contextmanager
def _errors_as_json(log: Observer) -> Iterator[Observer]:
    """Errors and the library's warnings as events, so that every line is JSON."""
    from il12nlp.batch import Failed, Noticed

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log(Noticed(record.getMessage()))

    logger, handler = logging.getLogger("il12nlp"), Handler(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield log
    except (Il12nlpError, OSError) as error:
        log(Failed(str(error)))
        raise typer.Exit(int(Exit.NOTHING_DONE)) from error
    except KeyboardInterrupt as error:
        log(Failed("interrupted at once: the same command goes on with the shard in hand"))
        raise typer.Exit(int(Exit.INTERRUPTED)) from error
    finally:
        logger.removeHandler(handler)
