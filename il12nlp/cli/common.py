"""What the commands share: options, exit codes, errors without tracebacks."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Annotated, Literal, ParamSpec

import typer

from il12nlp.errors import Il12nlpError

P = ParamSpec("P")


class Exit(IntEnum):
    """Exit codes; 2 is typer's own for wrong usage."""

    DONE = 0
    NOTHING_DONE = 1
    WRONG_USAGE = 2
    SOME_FAILED = 3
    INTERRUPTED = 130


def _known_format(name: str | None) -> str | None:
    """The name of a format; another is wrong usage."""
    if name is not None:
        from il12nlp.errors import FormatError
        from il12nlp.formats import get_format

        try:
            get_format(name)
        except FormatError as error:
            raise typer.BadParameter(str(error)) from None
    return name


Inputs = Annotated[
    list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")
]
From = Annotated[
    str | None,
    typer.Option(
        "--from", callback=_known_format, help="Format of the input; left out, it is found out."
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        "--to", callback=_known_format, help="Format of the output; left out, its suffix tells."
    ),
]
Model = Annotated[
    str | None,
    typer.Option("--model", "-m", help="Model folder or hub:OWNER/NAME; left out, the bundled."),
]
Device = Annotated[
    Literal["auto", "cpu", "cuda"], typer.Option(help="Where the model runs; auto: CUDA if any.")
]
Precision = Annotated[
    Literal["auto", "float32", "bfloat16", "int8"],
    typer.Option(help="Of the model's numbers; auto: bfloat16 where that is fast, else float32."),
]
Terms = Annotated[
    str | None, typer.Option(help="TSV with terms of your own; see docs/terminology.md.")
]


def say(message: str) -> None:
    """A line for the user, beside the output, on standard error."""
    typer.echo(message, err=True)


def reports_errors(command: Callable[P, Exit | None]) -> Callable[P, None]:
    """A command whose errors become one line and an exit code."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except Il12nlpError as error:
            say(f"error: {error}")
            code = Exit.NOTHING_DONE
        except KeyboardInterrupt:
            say("interrupted")
            code = Exit.INTERRUPTED
        except BrokenPipeError:
            # The reader of a pipe has gone (`| head`): nobody is left to tell, and what Python
            # still wants to write when it ends goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = Exit.DONE
        except OSError as error:
            say(f"error: {error}")
            code = Exit.NOTHING_DONE
        raise typer.Exit(int(code or Exit.DONE))

    return wrapped
