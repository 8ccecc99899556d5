"""What the commands share: options, exit codes, errors without tracebacks."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Annotated, ParamSpec

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


Inputs = Annotated[
    list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")
]
From = Annotated[
    str | None, typer.Option("--from", help="Format of the input; left out, it is found out.")
]
To = Annotated[
    str | None, typer.Option("--to", help="Format of the output; left out, its suffix tells.")
]
Model = Annotated[
    str | None,
    typer.Option("--model", "-m", help="Model folder or hub:OWNER/NAME; left out, the bundled."),
]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]


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
            # The reader of a pipe has gone (`| head`): nobody is left to tell.
            sys.stderr.close()
            code = Exit.DONE
        raise typer.Exit(int(code or Exit.DONE))

    return wrapped
