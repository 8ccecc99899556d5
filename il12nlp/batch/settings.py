"""What the content of a shard depends on besides its input."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from il12nlp.batch.files import digest_of

SHARD_RECORDS = 512
"""Records of a shard: four read-aheads of the pipeline, half a minute of a small machine."""

SHARD_SUFFIXES = {"jsonl": ".jsonl.zst", "parquet": ".parquet"}
"""Formats of shards, by the suffix that their files have."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run; a shard that was made with others is made anew.

    `model` and `terms` are digests (of the model's files, of the TSV), `terminology` that of the
    packaged tables. `precision` is in, the device is not: two devices that compute in one
    precision differ in a score's last digit at most. Versions of software are noted beside each
    shard instead, since most releases change no result.
    """

    model: str
    terminology: str = ""
    terms: str | None = None
    precision: str = "float32"
    min_score: float = 0.0
    source_format: str | None = None
    target_format: str = "jsonl"
    shard_records: int = SHARD_RECORDS

    def key(self, *, name: str, digest: str) -> str:
        """Digest of all that the shards of one input depend on, as 64 hex digits.

        The file's name is part of it (its suffix tells the format, and a plain text its id), the
        folder is not: a corpus may move.
        """
        whole = json.dumps([name, digest, asdict(self)], sort_keys=True)
        return hashlib.sha256(whole.encode("utf-8")).hexdigest()

    def differing(self, earlier: Mapping[str, Any]) -> list[str]:
        """Names of the settings that an earlier run had otherwise."""
        return [name for name, value in asdict(self).items() if earlier.get(name, value) != value]


def folder_digest(folder: Path) -> str:
    """Digest of a model folder: of all its files but texts for people."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in {".json", ".safetensors", ".txt"}:
            whole.update(f"{path.name} {digest_of(path)}\n".encode())
    return whole.hexdigest()
