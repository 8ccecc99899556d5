"""`il12nlp annotate`: files in, annotated documents or a table of findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from il12nlp.cli.common import (
    Device,
    Exit,
    From,
    Inputs,
    Model,
    Precision,
    Terms,
    To,
    reports_errors,
)
from il12nlp.cli.folder import annotate_folder, is_folder
from il12nlp.cli.output import pour, sources

if TYPE_CHECKING:
    from il12nlp.batch import Cluster
    from il12nlp.formats import Record

Out = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        help="File; .jsonl keeps all, .csv, .tsv and .parquet are findings. Or a folder.",
    ),
]
MinScore = Annotated[
    float,
    typer.Option(min=0, max=1, help="Leave out findings and relations below; see docs/scores.md."),
]
RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="Folder: annotate anew what failed before.")
]
JsonLogs = Annotated[
    bool, typer.Option("--json-logs", help="Folder: tell what is done as JSON lines.")
]
ShardSize = Annotated[
    int | None, typer.Option(min=1, help="Folder: records a shard; left out, 512.")
]
Processes = Annotated[
    int | None,
    typer.Option(min=1, help="Folder: so many processes, each with the model; left out, one."),
]
Engine = Annotated[
    Literal["local", "ray"],
    typer.Option(help="Folder: this process, or the actors of a Ray cluster; see docs/batch.md."),
]
Address = Annotated[
    str | None,
    typer.Option(help="Ray: HOST:PORT of a running cluster; left out, Ray starts here."),
]
Actors = Annotated[
    int | None, typer.Option(min=1, help="Ray: actors; left out, as many as there is room for.")
]
NumCpus = Annotated[
    float | None,
    typer.Option(min=0.1, help="Ray: processors of an actor, and its threads; left out, 1."),
]
NumGpus = Annotated[
    float | None, typer.Option(min=0, help="Ray: GPUs of an actor; left out, none.")
]


@reports_errors
def annotate(
    inputs: Inputs,
    output: Out = "-",
    source_format: From = None,
    target_format: To = None,
    model: Model = None,
    device: Device = "auto",
    precision: Precision = "auto",
    terms: Terms = None,
    min_score: MinScore = 0.0,
    shard_size: ShardSize = None,
    retry_failed: RetryFailed = False,
    json_logs: JsonLogs = False,
    processes: Processes = None,
    engine: Engine = "local",
    address: Address = None,
    actors: Actors = None,
    num_cpus: NumCpus = None,
    num_gpus: NumGpus = None,
) -> Exit:
    """Annotate abstracts: PubMed XML, NBIB, pasted PubMed pages, JSONL or plain text.

    Records that cannot be used are written to OUTPUT.failures.jsonl with the reason, and the
    others go on. Into a folder (OUTPUT/) shards are written, and a run that was ended goes on
    where it was; see docs/batch.md. Exit code: 0 all done, 3 some records failed, 1 nothing
    could be done, 130 interrupted.
    """
    if engine == "ray" and processes is not None:
        raise typer.BadParameter(
            "Ray has actors instead: give --actors", param_hint="'--processes'"
        )
    cluster = _cluster(engine, address=address, actors=actors, num_cpus=num_cpus, num_gpus=num_gpus)
    if is_folder(output):
        return annotate_folder(
            inputs,
            output,
            source_format=source_format,
            target_format=target_format,
            model=model,
            device=device,
            precision=precision,
            terms=terms,
            min_score=min_score,
            shard_size=shard_size,
            retry_failed=retry_failed,
            json_logs=json_logs,
            processes=processes,
            cluster=cluster,
        )
    for_a_folder = (shard_size, processes, cluster)
    if retry_failed or json_logs or any(option is not None for option in for_a_folder):
        raise typer.BadParameter(
            "--shard-size, --retry-failed, --json-logs, --processes and --engine ray are for a "
            "folder: end it with /",
            param_hint="'--output'",
        )
    from il12nlp import formats

    # What is wrong with a path shows before the seconds that loading a model takes.
    paths = sources(inputs, output)

    def records() -> Iterator[Record]:
        from il12nlp.pipeline import load

        pipeline = load(model, device, precision=precision, terms=terms, min_score=min_score)
        return pipeline.annotate_records(formats.read_many(paths, format=source_format))

    return pour(_shown(records), output, target_format=target_format, inputs=paths)


def _cluster(engine: str, **options: Any) -> Cluster | None:
    """The cluster that options describe; None where this process is the engine."""
    given = {name: value for name, value in options.items() if value is not None}
    if engine == "ray":
        from il12nlp.batch import Cluster

        return Cluster(**given)
    if given:
        raise typer.BadParameter(
            "--address, --actors, --num-cpus and --num-gpus are for --engine ray: give that too",
            param_hint="'--engine'",
        )
    return None


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
