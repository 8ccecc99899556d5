"""`il12nlp evaluate`: a model's annotations against gold ones."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from il12nlp.cli.common import Device, Exit, reports_errors, say
from il12nlp.cli.output import open_output, refuse_to_replace

if TYPE_CHECKING:
    from il12nlp.document import Document

DICTIONARY = "dictionary"
"""In a model's place: the baseline that looks names up, without relations."""

Gold = Annotated[list[str], typer.Argument(help="Files with gold annotations.")]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="Model folder, hub:OWNER/NAME, or dictionary, the baseline that only looks names up; "
        "left out, the bundled model.",
    ),
]
Predicted = Annotated[
    str | None, typer.Option(help="Annotated file to score, instead of running a model.")
]
Save = Annotated[
    str | None, typer.Option("--output", "-o", help="Also keep the model's annotations there.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Figures as JSON.")]
Samples = Annotated[int, typer.Option(min=0, help="Bootstrap samples; 0 for no intervals.")]


@reports_errors
def evaluate(
    gold: Gold,
    model: Model = None,
    predicted: Predicted = None,
    output: Save = None,
    device: Device = "auto",
    as_json: AsJson = False,
    samples: Samples = 1000,
) -> Exit:
    """Score a model on gold documents: strict and overlap, by type and by source.

    The intervals are 95 % of a bootstrap over documents.
    """
    import orjson

    from il12nlp import formats
    from il12nlp.evaluation.bootstrap import bootstrap
    from il12nlp.evaluation.counts import add_tallies
    from il12nlp.evaluation.metrics import Scores, tally_documents
    from il12nlp.evaluation.tables import figure_table, source_table

    if output:
        refuse_to_replace(
            formats.expand_inputs([*gold, *([predicted] if predicted else [])]), output
        )
    expected = formats.read_documents(gold)
    # An output that cannot be written shows before the minutes that annotating takes.
    with open_output(output) if output else nullcontext() as writer:
        if predicted:
            found = formats.read_documents([predicted])
        else:
            found = _annotated(expected, model, device)
        if writer is not None:
            for document in found:
                writer.write(document)
    tallies = tally_documents(expected, found)
    scores = Scores(add_tallies(tallies), len(tallies))
    if as_json:
        typer.echo(orjson.dumps(scores.to_dict(), option=orjson.OPT_INDENT_2).decode())
        return Exit.DONE
    intervals = bootstrap(tallies, samples=samples) if samples else None
    typer.echo(f"{len(expected)} documents\n\n{figure_table(scores, intervals).to_text()}")
    if len({d.meta.get("source") for d in expected}) > 1:
        typer.echo(f"\n{source_table(expected, found).to_text()}")
    return Exit.DONE


def _annotated(gold: list[Document], model: str | None, device: str) -> list[Document]:
    """The gold documents' texts and sentences, annotated anew."""
    say(f"annotating {len(gold)} documents")
    if model == DICTIONARY:
        from il12nlp.terminology.matcher import DictionaryMatcher

        return list(map(DictionaryMatcher().annotate, gold))
    from il12nlp.pipeline import load

    return list(load(model, device).annotate_many(gold))
