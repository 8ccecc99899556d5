"""The manifest: which shards stand, of what they were made, and what is in them.

`manifest.json` is written whole at the start and at the end of a run; what happens between goes
line by line to a journal, so that a kill costs nothing that was said there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from il12nlp.batch.files import JOURNAL, MANIFEST, SHARDS, json_line
from il12nlp.batch.settings import SHARD_SUFFIXES, Settings
from il12nlp.errors import OutputError
from il12nlp.formats.whole_file import WholeFile, told

VERSION = 1


@dataclass(frozen=True, slots=True)
class Shard:
    """A run of records of one input that is done.

    `digest` and `failures_digest` are of its two files, None where it has no documents or no
    failures; `withdrawn` are deletions by PubMed, which are no errors; `state` is that of PubMed's
    index when it was made.
    """

    name: str
    input: str
    key: str
    state: str
    format: str
    made_by: str
    records: int
    documents: int
    mentions: int
    findings: int
    failed: int
    withdrawn: int
    digest: str | None
    failures_digest: str | None

    def files(self) -> Iterator[tuple[str, str]]:
        """Names and digests of its files, below the folder of the shards."""
        if self.digest is not None:
            yield self.name + SHARD_SUFFIXES[self.format], self.digest
        if self.failures_digest is not None:
            yield failures_name(self.name), self.failures_digest


@dataclass(frozen=True, slots=True)
class Whole:
    """An input that was read to its end: its digest, size and number of shards and records."""

    key: str
    input: str
    digest: str
    bytes: int
    records: int
    shards: int


def failures_name(shard: str) -> str:
    """Name of the file with a shard's failures."""
    return f"{shard}.failures.jsonl"


class Manifest:
    """Shards by name and inputs by key; what is added or dropped is on the disk at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._journal: BinaryIO | None = None
        self.settings: Mapping[str, Any] = {}
        self.shards: dict[str, Shard] = {}
        self.inputs: dict[str, Whole] = {}

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Manifest of a folder, empty where it has none.

        Raises OutputError for another's file, and for one that is damaged.
        """
        manifest = cls.saved(folder)
        _read(
            folder / JOURNAL,
            manifest._replay,
            "is damaged ({}); delete it, and what it tells of the last run is made anew",
        )
        return manifest

    @classmethod
    def saved(cls, folder: Path) -> Manifest:
        """As `read`, without what was done since it was written whole."""
        manifest = cls(folder)
        _read(
            folder / MANIFEST,
            lambda content: manifest._load(json.loads(content)),
            "is no manifest of this version of il12nlp ({}); give another folder, or delete "
            "manifest.json to have all shards made anew",
        )
        return manifest

    def _load(self, data: dict[str, Any]) -> None:
        if "manifest_version" not in data:
            path = self._folder / MANIFEST
            raise OutputError(f"{path}: is of something else than a run: give another folder")
        if data["manifest_version"] != VERSION:
            raise ValueError(f"manifest_version {data['manifest_version']}, not {VERSION}")
        self.settings = dict(data["settings"])
        for item in data["inputs"]:
            self._keep(Whole(**item))
        for item in data["shards"]:
            self._keep(Shard(**item))

    def _replay(self, content: bytes) -> None:
        # A last line without its end was cut off by a kill: it was never said.
        for line in content.split(b"\n")[:-1]:
            [(kind, value)] = json.loads(line).items()
            if kind == "drop":
                self.shards.pop(value, None)
            else:
                self._keep(Shard(**value) if kind == "shard" else Whole(**value))

    def _keep(self, item: Shard | Whole) -> None:
        if isinstance(item, Shard):
            self.shards[item.name] = item
        else:
            self.inputs[item.key] = item

    def add(self, item: Shard | Whole) -> None:
        """Note a shard that stands, or an input that is done."""
        self._keep(item)
        self._say("shard" if isinstance(item, Shard) else "input", asdict(item))

    def drop(self, name: str) -> None:
        """Forget a shard."""
        del self.shards[name]
        self._say("drop", name)

    def _say(self, kind: str, value: object) -> None:
        path = self._folder / JOURNAL
        with told(path):
            if self._journal is None:
                self._journal = path.open("ab")
            self._journal.write(json_line({kind: value}))
            self._journal.flush()
            os.fsync(self._journal.fileno())

    def save(self, settings: Settings) -> None:
        """Write the manifest whole, in an order of its own, and empty the journal."""
        head = {"manifest_version": VERSION, "settings": asdict(settings)}
        with WholeFile(str(self._folder / MANIFEST)) as file, file.told():
            file.stream.write(json_line(head)[:-2])
            for name, items in (("inputs", self.inputs), ("shards", self.shards)):
                file.stream.write(f',\n"{name}": ['.encode())
                for i, key in enumerate(sorted(items)):
                    file.stream.write((b",\n" if i else b"\n") + json_line(asdict(items[key]))[:-1])
                file.stream.write(b"\n]")
            file.stream.write(b"}\n")
        self.settings = asdict(settings)
        self.close()
        (self._folder / JOURNAL).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the journal."""
        journal, self._journal = self._journal, None
        if journal is not None:
            with told(self._folder / JOURNAL):  # it tries once more what a full disk did not take
                journal.close()

    def path(self, file: str) -> Path:
        """Where a file of a shard stands."""
        return self._folder / SHARDS / file


def _read(path: Path, take: Callable[[bytes], object], wrong: str) -> None:
    """Let a file that is there be taken; OutputError, `wrong` about it, where that fails."""
    try:
        if path.exists():
            take(path.read_bytes())
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise OutputError(f"{path}: {wrong.format(error)}") from error
