from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import Result
from typer.testing import CliRunner

from il12nlp import formats
from il12nlp.cli import app
from il12nlp.document import Document
from il12nlp.findings import assemble
from il12nlp.model.loading import load_model
from il12nlp.training.building import save_model

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def model_folder(tiny_parts: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained tiny model that marks a fair number of spans, on disk."""
    folder = tmp_path_factory.mktemp("cli") / "model"
    save_model(*tiny_parts, folder)
    model = load_model(folder)
    with torch.no_grad():
        torch.manual_seed(4)
        model.heads.mentions.tags.weight.normal_(std=0.4)
        model.heads.relations.labels.weight.normal_(std=1.0)
    model.save_pretrained(folder)
    return folder


@pytest.fixture
def annotated(tmp_path: Path, il12_document: Document) -> Path:
    """A file of one document with its findings."""
    document = il12_document.replace(meta={"notice": "Invented."})
    path = tmp_path / "annotated.jsonl"
    with formats.open_writer(path) as writer:
        writer.write(document.replace(findings=assemble(document)))
    return path


@pytest.fixture
def run() -> Run:
    """Run a command line and give its result."""

    def call(*arguments: object, input: bytes | None = None) -> Result:
        line = [str(a) for a in arguments]
        return CliRunner().invoke(app, line, input=input, catch_exceptions=False)

    return call
