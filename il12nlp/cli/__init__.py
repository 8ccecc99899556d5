"""The command line. Each command is a file; what it runs is loaded when it runs."""

from __future__ import annotations

import io
import sys

import typer

from il12nlp import __version__
from il12nlp.cli import annotate, convert, evaluate, fetch, info, show, summarise, train

app = typer.Typer(
    name="il12nlp",
    help="Find in PubMed abstracts which cytokine changed which outcome in which cancer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (annotate, convert, evaluate, fetch, info, show, summarise, train):
    app.command()(getattr(module, module.__name__.rpartition(".")[2]))


@app.callback(invoke_without_command=True)
def _version(
    version: bool = typer.Option(False, "--version", help="Show the version and exit."),
) -> None:
    if version:
        typer.echo(f"il12nlp {__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point of the `il12nlp` command."""
    # A terminal whose encoding has no "→" or "γ" shows "?" instead of a traceback.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    app()
