"""The engine of one machine: the pipeline in this process."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from il12nlp import __version__
from il12nlp.batch.events import Event, Observer, Summary
from il12nlp.batch.files import digest_of
from il12nlp.batch.interrupt import Stop
from il12nlp.batch.runner import Annotator, run
from il12nlp.batch.settings import SHARD_RECORDS, Settings, folder_digest
from il12nlp.errors import InputError


def _silent(event: Event) -> None:
    """Nobody watches."""


def annotate_files(
    inputs: Sequence[str],
    output: str | Path,
    *,
    model: str | None = None,
    device: str = "auto",
    terms: str | None = None,
    source_format: str | None = None,
    target_format: str = "jsonl",
    shard_records: int = SHARD_RECORDS,
    retry_failed: bool = False,
    observer: Observer = _silent,
    stop: Stop | None = None,
) -> Summary:
    """Annotate files into shards in the folder `output`, going on where an earlier run ended.

    `inputs` are files, folders or patterns. `target_format` is "jsonl" or "parquet". Raises what
    `run` raises, and ModelError.
    """
    from il12nlp.formats import expand_inputs
    from il12nlp.model.loading import choose_device, default_precision, find_model
    from il12nlp.pipeline import load
    from il12nlp.terminology.tables import TABLES

    folder = find_model(model)
    settings = Settings(
        model=folder_digest(folder),
        terminology=digest_of(TABLES / "manifest.json"),
        terms=_terms_digest(terms),
        precision=default_precision(choose_device(device)),
        source_format=source_format,
        target_format=target_format,
        shard_records=shard_records,
    )

    def loaded() -> Annotator:
        return load(folder, device, terms=terms)

    return run(
        expand_inputs(inputs),
        output,
        settings=settings,
        load=loaded,
        made_by=made_by(),
        retry_failed=retry_failed,
        observer=observer,
        stop=stop,
    )


def made_by() -> str:
    """The software that makes shards, with its versions."""
    others = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers"))
    return f"il12nlp {__version__}, {others}"


def _terms_digest(terms: str | None) -> str | None:
    if terms is None:
        return None
    try:
        return digest_of(terms)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=terms) from error
