"""`il12nlp summarise`: evidence across annotated documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from il12nlp.cli.common import Exit, From, Inputs, reports_errors, say
from il12nlp.cli.output import Failures, refuse_to_replace, sources
from il12nlp.schema import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from il12nlp.report import EvidenceRow, Summary


def _columns(names: str) -> str:
    """Names of columns with commas between, without blanks; another is wrong usage."""
    from il12nlp.report.columns import check_columns

    columns = [name.strip() for name in names.split(",")]
    try:
        check_columns(columns)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return ",".join(columns)


Out = Annotated[
    str, typer.Option("--output", "-o", help="File: .csv, .tsv, .parquet or .jsonl; - for stdout.")
]
By = Annotated[
    str,
    typer.Option(
        metavar="COLUMNS",
        callback=_columns,
        help="What a row is about, of cytokine, partner, partner_class, outcome, outcome_class, "
        "direction, cancer and study_type, with commas between.",
    ),
]
Roles = Annotated[
    list[Role] | None,
    typer.Option(
        "--role",
        help="Count cytokines in this role; may stand several times. Left out: given and unknown.",
    ),
]
MinScore = Annotated[float, typer.Option(min=0, max=1, help="Least score of a finding.")]
Speculative = Annotated[
    bool, typer.Option("--include-speculative", help="Count what is only supposed.")
]
Background = Annotated[
    bool, typer.Option("--include-background", help="Count what a paper tells as known or its aim.")
]
Reviews = Annotated[
    bool, typer.Option("--include-reviews", help="Count reviews and meta-analyses.")
]


@reports_errors
def summarise(
    inputs: Inputs,
    output: Out = "-",
    source_format: From = None,
    by: By = "cytokine,partner_class,outcome_class",
    roles: Roles = None,
    min_score: MinScore = 0.0,
    include_speculative: Speculative = False,
    include_background: Background = False,
    include_reviews: Reviews = False,
) -> Exit:
    """Count papers by what they report: benefit, harm, both, no effect; with their PMIDs.

    Reads what annotate wrote as JSONL: files, or a folder of them. Exit codes are those of
    annotate.
    """
    from il12nlp import formats
    from il12nlp.report import ROLES, Selection, Summary

    paths, write = sources(inputs, output), _writer(output)
    refuse_to_replace(paths, output)
    selection = Selection(
        roles=roles or ROLES,
        min_score=min_score,
        include_speculative=include_speculative,
        include_background=include_background,
        include_reviews=include_reviews,
    )
    summary, failed = Summary(by=by.split(","), selection=selection), 0
    with Failures(output) as failures:
        for record in formats.read_many(paths, format=source_format):
            if isinstance(record, formats.Failure):
                failures.write(record)
                failed += 1
            else:
                summary.add(record)
    rows = summary.rows()
    if rows:
        write(rows)
    _tell(summary, rows, output=output)
    if failed:
        say(f"{failed} records failed, listed in {failures.path}")
    return Exit.NOTHING_DONE if not rows else Exit.SOME_FAILED if failed else Exit.DONE


def _writer(output: str) -> Callable[[Sequence[EvidenceRow]], None]:
    """What writes the rows; an output in no format that is written is wrong usage."""
    from il12nlp.errors import FormatError
    from il12nlp.report import writer_of

    try:
        return writer_of(output)
    except FormatError as error:
        raise typer.BadParameter(str(error), param_hint="'--output'") from None


def _tell(summary: Summary, rows: Sequence[EvidenceRow], *, output: str) -> None:
    """What was counted and what was not, on standard error."""
    from il12nlp.report import Conflict

    say(
        f"{summary.documents} documents, {summary.without_findings} of them without findings; "
        f"{summary.findings} findings count"
    )
    left_out = ", ".join(f"{summary.left_out[r]} {r}" for r in sorted(summary.left_out))
    if left_out:
        say(f"findings left out: {left_out}")
    if not rows:
        say("no finding is left to count: summarise reads what `il12nlp annotate -o x.jsonl` wrote")
        return
    conflicts = sum(row.conflict != Conflict.NONE for row in rows)
    where = "" if output == "-" else f", written to {output}"
    say(f"{len(rows)} rows, {conflicts} of them with papers on both sides{where}")
