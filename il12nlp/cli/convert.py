"""`il12nlp convert`: from one format to another, without a model."""

from __future__ import annotations

from typing import Annotated

import typer

from il12nlp.cli.common import Exit, From, Inputs, To, reports_errors
from il12nlp.cli.output import pour, sources

Out = Annotated[str, typer.Option("--output", "-o", help="File; its suffix tells the format.")]


@reports_errors
def convert(
    inputs: Inputs, output: Out = "-", source_format: From = None, target_format: To = None
) -> Exit:
    """Convert documents, annotated or not, to another format.

    Annotated .jsonl to .csv, .tsv or .parquet gives the table of findings. Exit codes are those
    of annotate.
    """
    from il12nlp import formats

    paths = sources(inputs, output)
    records = formats.read_many(paths, format=source_format)
    return pour(records, output, target_format=target_format, inputs=paths)
