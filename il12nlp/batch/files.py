"""Files of an output folder: where they stand, their digests, what a kill leaves behind."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

SHARDS, MANIFEST, FAILURES = "shards", "manifest.json", "failures.jsonl"
JOURNAL, LOG = ".journal", "runs.log"

_OURS = re.compile(r".+\.[0-9a-f]{12}\.\d{6}(\.jsonl\.zst|\.parquet|\.failures\.jsonl)")


def digest_of(path: str | Path) -> str:
    """SHA-256 of a file's bytes, read piece by piece."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_parts(folder: Path) -> None:
    """Remove half-written files of runs that were killed; only under the folder's lock.

    Others in the folder are left alone: a run into one file there may be writing it just now.
    """
    for place, name in ((folder, MANIFEST), (folder, FAILURES), (folder / SHARDS, "*")):
        for path in place.glob(f".{name}.*.part"):
            path.unlink()


def shard_files(folder: Path) -> Iterator[str]:
    """Names of the files that a run may have written into the shards' folder."""
    for path in (folder / SHARDS).iterdir():
        if _OURS.fullmatch(path.name):
            yield path.name


def json_line(data: object) -> bytes:
    """Data as one line of JSON."""
    # A file's name may hold bytes that are no UTF-8: as \\udcff they are JSON again.
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
