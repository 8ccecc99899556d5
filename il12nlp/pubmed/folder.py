"""The folder that records are fetched into: files that are whole, and a manifest of them.

`manifest.json` says what the folder holds, and lists each slice with its SHA-256 once it is on
disk; so a run that was cut off, killed or interrupted goes on with what is missing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from il12nlp.errors import InputError, OutputError
from il12nlp.formats.whole_file import WholeFile
from il12nlp.pubmed.answers import Answer
from il12nlp.pubmed.citations import citations

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
MISSING = "missing.pmids"

_VERSION = 1
_REMEDY = "make room or rights and run the same command again"
_SLICE = re.compile(r"slice-[0-9]{6}\.xml\.gz")
_PART = re.compile(
    r"\.(manifest\.json|missing\.pmids|(slice-|pubmed)\w+\.xml\.gz)(\.[0-9]+)?\.part"
)
"""Half-written files of a fetch; `annotate` may be writing one into the folder just now."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One file of fetched records: its name in the folder, and the SHA-256 of its bytes."""

    name: str
    sha256: str
    records: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder is for: the `source` query, pmids or baseline, and `of` which query or year."""

    source: str
    of: str
    slices: tuple[Slice, ...] = ()
    version: int = _VERSION


@dataclass(slots=True)
class Kept:
    """Slices of a folder that are on disk and whole; `pmids` are those of their records."""

    path: Path
    manifest: Manifest
    pmids: set[str] = field(default_factory=set)

    def add(self, answer: Answer) -> None:
        """Write an answer as the next slice and enter it in the manifest."""
        last = max((s.name for s in self.manifest.slices), default="slice-000000")
        name = f"slice-{int(last[6:12]) + 1:06d}.xml.gz"
        write_whole(self.path / name, answer.xml)
        digest = hashlib.sha256((self.path / name).read_bytes()).hexdigest()
        new = Slice(name, digest, len(answer.pmids))
        self.manifest = replace(self.manifest, slices=(*self.manifest.slices, new))
        write_manifest(self.path, self.manifest)
        self.pmids.update(answer.pmids)

    def note_missing(self, pmids: list[str]) -> None:
        """Write the list of PMIDs that PubMed has no record for; none where there are none."""
        path = self.path / MISSING
        if pmids:
            write_whole(path, "".join(f"{pmid}\n" for pmid in pmids).encode())
        else:
            path.unlink(missing_ok=True)


@contextmanager
def open_folder(path: Path, *, source: str, of: str) -> Iterator[Kept]:
    """A folder for slices, made where it is not there; for one run at a time.

    A slice that is gone or not what was written is dropped, so that its records are fetched
    again. Raises OutputError for a folder that cannot be written, is in use, or holds something
    else.
    """
    with claimed(path, source=source, of=of) as manifest:
        kept = Kept(path, manifest)
        whole = []
        for piece in manifest.slices:
            pmids = _pmids(path / piece.name, piece)
            if pmids is None:
                log.warning("%s: gone or damaged; fetched again", path / piece.name)
                (path / piece.name).unlink(missing_ok=True)
            else:
                whole.append(piece)
                kept.pmids |= pmids
        kept.manifest = replace(manifest, slices=tuple(whole))
        yield kept


@contextmanager
def claimed(path: Path, *, source: str, of: str) -> Iterator[Manifest]:
    """The manifest of a folder, made where it is not there; no other run has it meanwhile."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        others = any(not name.startswith(".") for name in os.listdir(path))
    except OSError as error:
        raise OutputError(f"{path}: no folder that can be written: {error.strerror}") from error
    wanted = Manifest(source, of)
    _found(path, wanted, others=others)  # in a folder of somebody else's nothing is left
    with _locked(path):
        for part in filter(_PART.fullmatch, os.listdir(path)):
            (path / part).unlink(missing_ok=True)
        manifest = _found(path, wanted, others=others)
        if manifest is None:
            write_manifest(path, wanted)
        yield manifest or wanted


def _found(path: Path, wanted: Manifest, *, others: bool) -> Manifest | None:
    """The folder's manifest, None where nothing was fetched yet; OutputError for another's."""
    if (path / MANIFEST).exists():
        found = _read_manifest(path / MANIFEST)
        if (found.source, found.of) == (wanted.source, wanted.of):
            return found
        if found.slices or found.source == "baseline":
            raise OutputError(
                f"{path}: holds {found.source} {found.of!r}, not {wanted.source} {wanted.of!r}: "
                "name another folder"
            )
    elif others:
        raise OutputError(f"{path}: is not empty and no folder of a fetch: name another one")
    return None


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Put a manifest in the place of the one before."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    write_whole(path / MANIFEST, (text + "\n").encode())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there once it is on disk; .gz is compressed."""
    try:
        with WholeFile(str(path)) as file, file.told():
            file.stream.write(data)
    except OutputError as error:
        raise OutputError(f"{error}; {_REMEDY}") from error


def cannot_write(path: Path, error: OSError) -> OutputError:
    """What a full disk or a read-only folder becomes."""
    return OutputError(f"{path}: cannot be written: {error.strerror or error}; {_REMEDY}")


def _read_manifest(path: Path) -> Manifest:
    try:
        found = json.loads(path.read_bytes())
        slices = tuple(Slice(**piece) for piece in found.pop("slices"))
        manifest = Manifest(**found, slices=slices)
        if manifest.version != _VERSION or not all(_SLICE.fullmatch(s.name) for s in slices):
            raise ValueError("another version, or a name that is none of a slice")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"is no manifest of a fetch ({error}): name another folder"
        raise InputError(reason, path=path) from error
    return manifest


def _pmids(path: Path, piece: Slice) -> set[str] | None:
    """PMIDs of a slice, or None where it is not whole."""
    try:
        packed = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(packed).hexdigest() != piece.sha256:
        return None
    with gzip.open(path) as stream:
        return {str(c.pmid) for c in citations(stream) if not c.deleted}


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """The folder is this run's alone; the system frees it when the run ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # a system without such locks
        yield
        return
    lock = path / ".lock"
    try:
        file = lock.open("w")
    except OSError as error:
        raise cannot_write(lock, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            busy = "another il12nlp fetch is at work here: wait for it, or name another folder"
            raise OutputError(f"{path}: {busy}") from error
        yield
