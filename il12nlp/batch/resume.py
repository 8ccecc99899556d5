"""What an earlier run left that still holds, and what is to be done."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from il12nlp.batch.files import digest_of, shard_files
from il12nlp.batch.inputs import Source, take
from il12nlp.batch.manifest import Manifest, Shard, failures_name
from il12nlp.batch.settings import Settings
from il12nlp.batch.work import Work
from il12nlp.errors import InputError, OutputError
from il12nlp.formats import Failure


@dataclass(frozen=True, slots=True)
class Plan:
    """The inputs of a run, those that cannot be read, and what an earlier run left besides.

    `replaced` names, by the key of a source, shards of its earlier content or settings: they go
    when the new ones stand. `vanished` are inputs of earlier runs that are not given now: their
    shards stay.
    """

    sources: tuple[Source, ...]
    lost: tuple[Failure, ...]
    replaced: Mapping[str, tuple[str, ...]]
    vanished: tuple[str, ...]
    notices: tuple[str, ...]


def make_plan(
    manifest: Manifest,
    paths: Sequence[str],
    work: Work,
    *,
    retry_failed: bool,
) -> Plan:
    """Take the inputs, and keep in the manifest what still holds.

    Raises InputError where no input can be read, and OutputError for a shard whose file is not
    the one that was written.
    """
    sources, lost, twice = take(paths, work.settings)
    if not sources:
        raise InputError(lost[0].reason, path=lost[0].source)
    current = {source.key: source for source in sources}
    notices = [f"{path}: left out, as another input has its name and content" for path in twice]
    notices += _changes(manifest, work.settings)
    notices += _missing(manifest, current)
    if retry_failed:
        for shard in [s for s in manifest.shards.values() if s.key in current and s.failed]:
            del manifest.shards[shard.name]
    notices += _superseded(manifest, current)
    _move(manifest, current)
    notices += _other_versions(manifest, current, work.made_by)
    replaced, vanished = _left_over(manifest, current)
    notices += _told(vanished)
    return Plan(tuple(sources), tuple(lost), replaced, tuple(vanished), tuple(notices))


def _changes(manifest: Manifest, settings: Settings) -> Iterator[str]:
    changed = settings.differing(manifest.settings)
    if changed and manifest.shards:
        yield f"{', '.join(changed)} changed since the last run: shards are made anew"


def _missing(manifest: Manifest, current: Mapping[str, Source]) -> Iterator[str]:
    """Forget shards whose files are gone; raise OutputError for files that are not as written."""
    gone, given = 0, {source.path for source in current.values()}
    for shard in list(manifest.shards.values()):
        paths = [(manifest.path(name), digest) for name, digest in shard.files()]
        if not all(path.exists() for path, _ in paths):
            del manifest.shards[shard.name]
            gone += shard.key in current
            if shard.key not in current and _path(shard) in given:
                # A kill came between its two files when it was replaced.
                for path, _ in paths:
                    path.unlink(missing_ok=True)
            continue
        for path, digest in paths:
            # Of inputs that are not given now, the failures are read again all the same.
            used = shard.key in current or path.name == failures_name(shard.name)
            if used and digest_of(path) != digest:
                raise OutputError(
                    f"{path}: is not as it was written (its SHA-256 is not {digest[:12]}…): "
                    "bring it back, or delete it and it is made anew"
                )
    if gone:
        yield f"{gone} shards are gone from the folder and are made anew"


def _superseded(manifest: Manifest, current: Mapping[str, Source]) -> Iterator[str]:
    """Keep whole inputs whose records later files replaced, and forget shards of unfinished ones.

    In these the records still to come would be counted otherwise than those that stand.
    """
    shards: defaultdict[str, list[Shard]] = defaultdict(list)
    for shard in manifest.shards.values():
        if shard.key in current and shard.state != current[shard.key].state:
            shards[shard.key].append(shard)
    kept = [key for key in shards if stands(manifest, current[key])]
    for key in shards.keys() - kept:
        for shard in [s for s in manifest.shards.values() if s.key == key]:
            del manifest.shards[shard.name]
    if kept:
        yield (
            f"{len(kept)} inputs were annotated before PubMed's index grew: records that later "
            "files replace stay in their shards, unless you delete these"
        )


def stands(manifest: Manifest, source: Source) -> bool:
    """Whether an input was read to its end and all its shards are there."""
    whole = manifest.inputs.get(source.key)
    if whole is None:
        return False
    return all(source.shard(i) in manifest.shards for i in range(whole.shards))


def _move(manifest: Manifest, current: Mapping[str, Source]) -> None:
    """Name inputs as they are named now."""
    for name, shard in manifest.shards.items():
        if shard.key in current:
            manifest.shards[name] = replace(shard, input=current[shard.key].path)
    for key, whole in manifest.inputs.items():
        if key in current:
            manifest.inputs[key] = replace(whole, input=current[key].path)


def _other_versions(
    manifest: Manifest, current: Mapping[str, Source], made_by: str
) -> Iterator[str]:
    others = Counter(s.made_by for s in manifest.shards.values() if s.key in current)
    del others[made_by]
    for versions, number in sorted(others.items()):
        yield f"{number} shards were made by {versions} and stay; this is {made_by}"


def _left_over(
    manifest: Manifest, current: Mapping[str, Source]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    keys = {source.path: key for key, source in current.items()}
    replaced: defaultdict[str, list[str]] = defaultdict(list)
    vanished: dict[str, None] = {}
    for shard in _others(manifest, current):
        key = keys.get(_path(shard))
        if key is None:
            vanished[shard.input] = None
        else:
            replaced[key].append(shard.name)
    return {key: tuple(names) for key, names in replaced.items()}, sorted(vanished)


def _path(shard: Shard) -> str:
    # Earlier versions noted paths as they were given.
    return os.path.abspath(shard.input)


def _others(manifest: Manifest, current: Mapping[str, Source]) -> Iterator[Shard]:
    return (shard for shard in manifest.shards.values() if shard.key not in current)


def _told(vanished: Sequence[str]) -> Iterator[str]:
    if vanished:
        yield (
            f"{len(vanished)} inputs of earlier runs are not given now ({vanished[0]}"
            f"{', …' if len(vanished) > 1 else ''}): their shards stay in the folder; "
            "manifest.json tells their names"
        )


def strange_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    """A notice of files that look like shards but stand in no manifest."""
    known = {name for shard in manifest.shards.values() for name, _ in shard.files()}
    strange = sorted(set(shard_files(folder)) - known)
    if strange:
        more = f" and {len(strange) - 1} more files" if len(strange) > 1 else ""
        yield (
            f"{manifest.path(strange[0])}{more}: from a run that was killed before its input or "
            "settings changed, or with a manifest that is lost; what reads this folder takes them "
            "for results: delete them"
        )
