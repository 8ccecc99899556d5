"""`il12nlp show`: the findings of annotated documents as a table to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from il12nlp.cli.common import Exit, From, Inputs, reports_errors, say

if TYPE_CHECKING:
    from rich.console import Console

    from il12nlp.document import Document
    from il12nlp.formats import Failure

Limit = Annotated[int, typer.Option(min=1, help="Most findings of one document that are shown.")]
MinScore = Annotated[float, typer.Option(min=0, max=1, help="Least score of a finding.")]


@reports_errors
def show(
    inputs: Inputs, source_format: From = None, limit: Limit = 3, min_score: MinScore = 0.0
) -> Exit:
    """Show the findings of annotated documents, each with its evidence sentence."""
    from il12nlp import formats
    from il12nlp.text.sentences import with_sentences

    console, notices, shown, findings, failed = _console(), set(), 0, 0, 0
    for record in formats.read_many(inputs, format=source_format):
        if isinstance(record, formats.Failure):
            say(_told(record))
            failed += 1
            continue
        [document] = with_sentences([record])
        findings += len(document.findings)
        notices |= {str(record.meta[k]) for k in ("notice", "copyright") if record.meta.get(k)}
        for line in _lines(document, limit=limit, min_score=min_score):
            console.print(line, highlight=False, soft_wrap=True)
            shown += 1
    for notice in sorted(notices):
        console.print(f"\nNote: {notice}", markup=False, highlight=False, soft_wrap=True)
    if not findings:
        say("no finding in it: show reads what `il12nlp annotate -o x.jsonl` wrote")
    if not shown:
        return Exit.NOTHING_DONE
    return Exit.SOME_FAILED if failed else Exit.DONE


def _console() -> Console:
    from rich.console import Console

    class Shown(Console):
        def on_broken_pipe(self) -> None:
            """Leave a reader that goes to the command; rich would end with exit code 1."""
            raise BrokenPipeError

    return Shown()


def _told(failure: Failure) -> str:
    """Where a record that cannot be used stands, its id if it has one, and the reason."""
    place = failure.source if failure.line is None else f"{failure.source}:{failure.line}"
    return ": ".join(filter(None, (place, failure.id, failure.reason)))


def _lines(document: Document, *, limit: int, min_score: float) -> Iterator[str]:
    """A heading, and two lines for each finding: what it says and where it stands."""
    from rich.markup import escape

    from il12nlp.formats.rows import finding_rows

    pairs = zip(finding_rows(document), document.findings, strict=True)
    rows = [(row, finding) for row, finding in pairs if finding.score >= min_score]
    study = document.study_type or "study type unknown"
    heading = escape(_heading(document))
    yield f"\n[bold]{escape(document.id)}[/bold]  {heading}  [dim]({study})[/dim]"
    for row, finding in rows[:limit]:
        agents = " + ".join((*row.cytokines, *row.therapies))
        where = f" in {', '.join(row.cancers)}" if row.cancers else ""
        by = f" (by {', '.join(row.delivery)})" if row.delivery else ""
        hedge = ", speculative" if row.speculative else ""
        yield (
            f"  [cyan]{escape(agents + by)}[/cyan] → {row.direction} of "
            f"[cyan]{escape(row.outcome)}[/cyan]{escape(where)}  "
            f"[dim]{row.benefit}, {row.score:.2f}{hedge}[/dim]"
        )
        # Of several sentences the one in which the outcome stands says most.
        outcome = document.mention_by_id[finding.outcome]
        sentence = document.sentence_text(document.sentence_index(outcome.start))
        yield f"    “{escape(sentence)}”"
    if len(rows) > limit:
        yield f"  … and {len(rows) - limit} more"


def _heading(document: Document) -> str:
    """The whole title on one line; of a text without one the first sentence."""
    titles = (document.text[p.start : p.end] for p in document.passages if p.kind == "title")
    return " ".join(next(titles, document.sentence_text(0)).split())
