"""`il12nlp annotate`: files in, annotated documents or a table of findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from il12nlp.cli.common import Device, Exit, From, Inputs, Model, To, reports_errors
from il12nlp.cli.output import pour, sources

if TYPE_CHECKING:
    from il12nlp.formats import Record

Out = Annotated[
    str,
    typer.Option(
        "--output", "-o", help="File; .jsonl keeps all, .csv, .tsv and .parquet are findings."
    ),
]
Terms = Annotated[
    str | None, typer.Option(help="TSV with terms of your own; see docs/terminology.md.")
]


@reports_errors
def annotate(
    inputs: Inputs,
    output: Out = "-",
    source_format: From = None,
    target_format: To = None,
    model: Model = None,
    device: Device = "auto",
    terms: Terms = None,
) -> Exit:
    """Annotate abstracts: PubMed XML, NBIB, pasted PubMed pages, JSONL or plain text.

    Records that cannot be used are written to OUTPUT.failures.jsonl with the reason, and the
    others go on. Exit code: 0 all done, 3 some records failed, 1 nothing could be done.
    """
    from il12nlp import formats

    # What is wrong with a path shows before the seconds that loading a model takes.
    paths = sources(inputs, output)

    def records() -> Iterator[Record]:
        from il12nlp.pipeline import load

        pipeline = load(model, device, terms=terms)
        return pipeline.annotate_records(formats.read_many(paths, format=source_format))

    return pour(_shown(records), output, target_format=target_format)


def _shown(records: Callable[[], Iterator[Record]]) -> Iterator[Record]:
    """The records, counted on a terminal's last line while they pass."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield from records()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description} {task.completed:.0f} records"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("loading the model:", total=None)
        for record in records():
            progress.update(task, description="annotating:", advance=1)
            yield record
