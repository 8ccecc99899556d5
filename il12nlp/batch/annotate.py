"""Files annotated with the pipeline into a folder of shards, by any engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from il12nlp import __version__
from il12nlp.batch.cluster import import_ray
from il12nlp.batch.events import Event, Observer, Summary
from il12nlp.batch.files import digest_of
from il12nlp.batch.gpus import visible_gpus
from il12nlp.batch.interrupt import Stop
from il12nlp.batch.local import Local
from il12nlp.batch.processes import Processes
from il12nlp.batch.ray import Cluster
from il12nlp.batch.runner import run
from il12nlp.batch.settings import SHARD_RECORDS, Settings, folder_digest
from il12nlp.batch.work import Annotator, Engine, load_on_threads
from il12nlp.errors import ConfigError, InputError
from il12nlp.formats import expand_inputs

if TYPE_CHECKING:
    from il12nlp.model.hardware import Precision


def _silent(event: Event) -> None:
    """Nobody watches."""


def annotate_files(
    inputs: Sequence[str],
    output: str | Path,
    *,
    model: str | None = None,
    device: str = "auto",
    precision: Precision = "auto",
    terms: str | None = None,
    min_score: float = 0.0,
    source_format: str | None = None,
    target_format: str = "jsonl",
    shard_records: int = SHARD_RECORDS,
    retry_failed: bool = False,
    processes: int | None = None,
    cluster: Cluster | None = None,
    observer: Observer = _silent,
    stop: Stop | None = None,
) -> Summary:
    """Annotate files into shards in the folder `output`, going on where an earlier run ended.

    `inputs` are files, folders or patterns; of a folder, what stands below the output is left out.
    `target_format` is "jsonl" or "parquet"; findings and relations that score below `min_score`
    are left out. Everything runs in this process, in so many `processes` of this machine, or on a
    Ray `cluster`. Raises what `run` and `Ray` raise, and ModelError.
    """
    from il12nlp.model.hardware import choose_device, choose_precision
    from il12nlp.model.loading import find_model
    from il12nlp.pipeline import load
    from il12nlp.terminology.tables import TABLES

    if processes is not None and cluster is not None:
        raise ConfigError("processes are of this machine: a cluster has actors instead")
    paths = _inputs(inputs, output)
    if cluster is None:
        place = choose_device(device)
    else:
        import_ray()  # where it is missing, no model is fetched first
        place = cluster.device(device)
    # Once for all machines: what one is fast in another may be slow in, but the rows are the same.
    precision = choose_precision(precision, place)
    folder = find_model(model)
    settings = Settings(
        model=folder_digest(folder),
        terminology=digest_of(TABLES / "manifest.json"),
        terms=_terms_digest(terms),
        precision=precision,
        min_score=min_score,
        source_format=source_format,
        target_format=target_format,
        shard_records=shard_records,
    )

    # No closure, as it is sent to the processes, or to the actors of a cluster.
    loaded = partial(load, folder, place, precision=precision, terms=terms, min_score=min_score)
    return run(
        paths,
        output,
        settings=settings,
        engine=_engine(loaded, place, processes=processes, cluster=cluster),
        made_by=made_by(),
        retry_failed=retry_failed,
        observer=observer,
        stop=stop,
    )


def _engine(
    load: Callable[[], Annotator], device: str, *, processes: int | None, cluster: Cluster | None
) -> Engine:
    if cluster is not None:
        return cluster.engine(load)
    if processes is None:
        return Local(load)
    import torch

    # A device that was named by its number is the only one.
    gpus = visible_gpus() if device == "cuda" else ()
    threads = max(1, torch.get_num_threads() // max(1, processes))
    return Processes(partial(load_on_threads, load, threads), number=processes, gpus=gpus)


def _inputs(inputs: Sequence[str], output: str | Path) -> list[str]:
    """The files that inputs stand for, without what runs wrote among them."""
    below = os.path.join(os.path.realpath(output), "")
    paths = expand_inputs(inputs)
    kept = [p for p in paths if p in inputs or not os.path.realpath(p).startswith(below)]
    if not kept:
        reason = f"all its files lie in {output}, where results go: name another folder for these"
        raise InputError(reason, path=inputs[0])
    return kept


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
