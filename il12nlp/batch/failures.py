"""Failures: a file beside each shard that has some, and one list of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from il12nlp.batch.files import FAILURES, json_line
from il12nlp.batch.manifest import Manifest, failures_name
from il12nlp.formats import Deletion, Failure
from il12nlp.formats.whole_file import WholeFile


def failure_line(failure: Failure, *, source: str | None = None) -> bytes:
    """A failure as a line of JSON; beside a shard without its file, which may move."""
    data: dict[str, object] = {} if source is None else {"source": source}
    data |= {"line": failure.line, "id": failure.id, "reason": failure.reason}
    return json_line(data | {"withdrawn": isinstance(failure, Deletion)})


def collect_failures(folder: Path, manifest: Manifest, lost: Iterable[Failure]) -> None:
    """Write `failures.jsonl` from the shards' own, in the order of the shards.

    `lost` are inputs of this run that could not be read at all. Without failures no file is left.
    """
    path, lines = folder / FAILURES, _failures(manifest, lost)
    first = next(lines, None)
    if first is None:
        path.unlink(missing_ok=True)
        return
    with WholeFile(str(path)) as file, file.told():
        file.stream.writelines(chain([first], lines))


def _failures(manifest: Manifest, lost: Iterable[Failure]) -> Iterator[bytes]:
    for _, shard in sorted(manifest.shards.items()):
        if shard.failures_digest is not None:
            with manifest.path(failures_name(shard.name)).open("rb") as file:
                yield from (json_line({"source": shard.input, **json.loads(x)}) for x in file)
    yield from (failure_line(failure, source=failure.source) for failure in lost)
