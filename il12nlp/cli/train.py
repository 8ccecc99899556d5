"""`il12nlp train`: a model from a config file."""

from __future__ import annotations

from typing import Annotated

import typer

from il12nlp.cli.common import Exit, reports_errors, say

Config = Annotated[str, typer.Option("--config", "-c", help="YAML file; see configs/train.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")]

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Replace a setting, such as epochs=4."),
]


@reports_errors
def train(config: Config, resume: Resume = False, settings: Settings = None) -> Exit:
    """Train a model and save it in the folder that the config names."""
    import logging

    from il12nlp.training.config import load_config
    from il12nlp.training.run import train as run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    result = run(load_config(config, settings=settings or ()), resume=resume)
    say(f"model written to {result.model}")
    return Exit.DONE
