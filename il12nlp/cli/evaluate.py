"""`il12nlp evaluate`: a model's annotations against gold ones."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from il12nlp.cli.common import Device, Exit, Precision, Terms, reports_errors, say
from il12nlp.cli.output import open_output, refuse_to_replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from il12nlp.document import Document
    from il12nlp.schema import Schema

    Annotate = Callable[[Iterable[Document]], Iterable[Document]]

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
    precision: Precision = "auto",
    terms: Terms = None,
    as_json: AsJson = False,
    samples: Samples = 1000,
) -> Exit:
    """Score a model on gold documents: strict and overlap, by type and by source.

    Gold annotations of types that the model does not know are not counted. The intervals are 95 %
    of a bootstrap over documents.
    """
    import orjson

    from il12nlp import formats
    from il12nlp.evaluation.bootstrap import bootstrap
    from il12nlp.evaluation.counts import add_tallies
    from il12nlp.evaluation.gold_types import check_gold, within_schema
    from il12nlp.evaluation.metrics import Scores, tally_documents
    from il12nlp.evaluation.tables import figure_table, source_table
    from il12nlp.schema import CTO

    of_a_model = {"model": model, "terms": terms, "device": device, "precision": precision}
    given = [name for name, value in of_a_model.items() if value not in (None, "auto")]
    if predicted is not None and given:
        raise typer.BadParameter(
            "a file is scored in a model's place: leave out one of them",
            param_hint=f"'--predicted' / '--{given[0]}'",
        )
    if output:
        refuse_to_replace(
            formats.expand_inputs([*gold, *([predicted] if predicted else [])]), output
        )
    expected = formats.read_documents(gold)
    check_gold(expected, path=", ".join(gold))
    # An output that cannot be written shows before the minutes that annotating takes.
    with open_output(output) if output else nullcontext() as writer:
        if predicted:
            found, schema = formats.read_documents([predicted]), CTO
            _tell_missing(expected, found, predicted)
        else:
            annotate, schema = _annotator(model, device, precision, terms)
            expected = within_schema(expected, schema)
            say(f"annotating {len(expected)} documents")
            found = list(annotate(expected))
        if writer is not None:
            for document in found:
                writer.write(document)
    tallies = tally_documents(expected, found, schema=schema)
    scores = Scores(add_tallies(tallies), len(tallies))
    if as_json:
        typer.echo(orjson.dumps(scores.to_dict(), option=orjson.OPT_INDENT_2).decode())
        return Exit.DONE
    intervals = bootstrap(tallies, samples=samples) if samples else None
    typer.echo(f"{len(expected)} documents\n\n{figure_table(scores, intervals).to_text()}")
    if len({d.meta.get("source") for d in expected}) > 1:
        typer.echo(f"\n{source_table(expected, found, schema=schema).to_text()}")
    return Exit.DONE


def _tell_missing(gold: list[Document], found: list[Document], path: str) -> None:
    """How many gold documents a predicted file lacks; InputError where it has none of them."""
    from il12nlp.errors import InputError

    ids = {document.id for document in found}
    missing = [document.id for document in gold if document.id not in ids]
    if len(missing) == len(gold):
        raise InputError(
            f"none of its {len(found)} ids ({found[0].id}, …) is a gold document's "
            f"({gold[0].id}, …); annotate the gold files themselves",
            path=path,
        )
    if missing:
        say(
            f"{len(missing)} of {len(gold)} gold documents are not in {path} ({missing[0]}, …): "
            "all that they hold counts as missed"
        )


def _annotator(
    model: str | None, device: Device, precision: Precision, terms: str | None
) -> tuple[Annotate, Schema]:
    """What annotates texts anew, with the sentences that they have, and the types it knows."""
    if model == DICTIONARY:
        from il12nlp.schema import CTO
        from il12nlp.terminology.matcher import DictionaryMatcher

        matcher = DictionaryMatcher(terms=terms)
        return (lambda documents: map(matcher.annotate, documents)), CTO
    from il12nlp.pipeline import load

    pipeline = load(model, device, precision=precision, terms=terms)
    return pipeline.annotate_many, pipeline.predictor.schema
