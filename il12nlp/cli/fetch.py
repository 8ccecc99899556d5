"""`il12nlp fetch`: abstracts from PubMed into a folder that `annotate` reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from il12nlp.cli.common import Exit, reports_errors, say

if TYPE_CHECKING:
    from il12nlp.pubmed.client import PubMedClient
    from il12nlp.pubmed.fetch import Progress
    from il12nlp.pubmed.listing import FileNumbers

Folder = Annotated[
    str, typer.Option("--output", "-o", help="Folder for the files; made if need be.")
]
Query = Annotated[
    str | None, typer.Option(help="Records that a search finds, as on pubmed.ncbi.nlm.nih.gov.")
]
Pmids = Annotated[str | None, typer.Option(help="Records of a file with one PMID a line.")]
Baseline = Annotated[
    bool, typer.Option("--baseline", help="All of PubMed: the yearly files and their updates.")
]
Files = Annotated[
    str | None, typer.Option(help="With --baseline: numbers of files, such as 1-20,1300-.")
]
SliceSize = Annotated[
    int | None,
    typer.Option(
        "--slice", min=1, max=5000, help="Records of one request and one file; left out, 500."
    ),
]
Email = Annotated[
    str | None,
    typer.Option(envvar="NCBI_EMAIL", help="Whom NCBI writes to before it blocks an address."),
]
Tool = Annotated[str, typer.Option(envvar="NCBI_TOOL", help="The name that NCBI is given.")]
BaseUrl = Annotated[
    str | None, typer.Option(help="A mirror: of E-utilities, or of the folder with baseline/.")
]


@reports_errors
def fetch(
    output: Folder,
    query: Query = None,
    pmids: Pmids = None,
    baseline: Baseline = False,
    files: Files = None,
    slice_size: SliceSize = None,
    email: Email = None,
    tool: Tool = "il12nlp",
    base_url: BaseUrl = None,
) -> Exit:
    """Fetch PubMed abstracts by --query, --pmids or --baseline as XML that annotate reads.

    The same command goes on where it was cut off, and later adds what is new. NCBI_API_KEY lets
    ten requests a second instead of three. Exit code: 0 all done, 3 some records or files could
    not be had, 1 nothing could be done.
    """
    if sum((query is not None, pmids is not None, baseline)) != 1:
        raise typer.BadParameter("name one of --query, --pmids and --baseline")
    if query is not None and not query.strip():
        raise typer.BadParameter("an empty query", param_hint="'--query'")
    if baseline:
        if slice_size is not None:
            raise typer.BadParameter("goes with --query and --pmids only", param_hint="'--slice'")
        return _fetch_baseline(output, _numbers(files), tool, base_url)
    if files is not None:
        raise typer.BadParameter("goes with --baseline only", param_hint="'--files'")
    client = _client(email, tool, base_url)
    return _fetch_records(output, query, pmids, client, slice_size)


def _fetch_records(
    output: str, query: str | None, pmids: str | None, client: PubMedClient, slice_size: int | None
) -> Exit:
    from il12nlp.pubmed.fetch import SLICE_SIZE, fetch_pmids, fetch_query
    from il12nlp.pubmed.folder import MISSING
    from il12nlp.pubmed.pmid_list import read_pmids

    slice_size = slice_size or SLICE_SIZE
    with _shown("records") as progress:
        if query is not None:
            done = fetch_query(
                query, output, client=client, slice_size=slice_size, progress=progress
            )
        else:
            wanted = read_pmids(pmids or "")
            done = fetch_pmids(
                wanted, output, client=client, slice_size=slice_size, progress=progress
            )
    say(f"{done.held} of {done.wanted} records in {output}, {done.new} of them new")
    if done.missing:
        path = os.path.join(output, MISSING)
        say(f"{done.missing} PMIDs have no record in PubMed, listed in {path}")
    _say_failed(done.failed, "records", done.reasons)
    return Exit.SOME_FAILED if done.missing or done.failed else Exit.DONE


def _fetch_baseline(
    output: str, numbers: FileNumbers | None, tool: str, base_url: str | None
) -> Exit:
    from il12nlp.pubmed.baseline import baseline_settings, fetch_baseline

    settings = replace(baseline_settings(base_url), tool=tool)
    with _shown("files") as progress:
        done = fetch_baseline(output, settings=settings, numbers=numbers, progress=progress)
    say(f"{done.held} of {done.files} files in {output}, {done.new} of them new")
    say(f"{done.citations} citations, {done.withdrawn} withdrawn")
    _say_failed(done.files - done.held, "files", done.reasons)
    return Exit.DONE if done.held == done.files else Exit.SOME_FAILED


def _say_failed(count: int, what: str, reasons: tuple[str, ...]) -> None:
    for reason in reasons[:3]:
        say(f"error: {reason}")
    if count:
        say(f"{count} {what} could not be had: the same command asks for them again")


def _client(email: str | None, tool: str, base_url: str | None) -> PubMedClient:
    from il12nlp.pubmed.client import EutilsSettings, PubMedClient

    settings = EutilsSettings.from_environment(base_url=base_url)
    return PubMedClient(replace(settings, email=email, tool=tool))


def _numbers(files: str | None) -> FileNumbers | None:
    from il12nlp.errors import ConfigError
    from il12nlp.pubmed.listing import FileNumbers

    try:
        return None if files is None else FileNumbers.parse(files)
    except ConfigError as error:
        raise typer.BadParameter(str(error), param_hint="'--files'") from None


@contextmanager
def _shown(what: str) -> Iterator[Progress | None]:
    """Progress on a terminal's last line."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Bar(console=console, transient=True) as bar:
        task = bar.add_task(f"fetching {what}", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
