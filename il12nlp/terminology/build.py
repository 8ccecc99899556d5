"""Building the packaged tables from a folder of upstream tables.

The same folder and the same curated terms give the same bytes: rows are sorted and gzip carries
no time stamp.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from il12nlp.document import Concept
from il12nlp.errors import InputError
from il12nlp.schema import MentionType
from il12nlp.terminology.ambiguity import PINNED, AmbiguousName, restriction, strictest
from il12nlp.terminology.names import match_key
from il12nlp.terminology.tables import FORMAT, Restriction
from il12nlp.terminology.terms import read_terms

_FILES = {
    MentionType.CYTOKINE: ("cytokine.tsv",),
    MentionType.THERAPY: ("therapy.tsv",),
    MentionType.OUTCOME: ("outcome.tsv", "outcome_ctcae_extra.tsv"),
    MentionType.CANCER: ("cancer.tsv",),
    MentionType.CELL: ("cell.tsv",),
}
_NEEDED = {"id", "preferred_name", "synonyms", "category", "xrefs", "source", "licence"}
_UNNAMED = re.compile(r"\bother, specify\b|\bNOS$", re.IGNORECASE)
"""Grading terms that name no event, such as "Investigations - Other, specify"."""
_CORRECTED = {("p40", MentionType.CYTOKINE): "HGNC:5970"}
"""Ambiguous names whose upstream id is another's: p40 was IL-9 once, but beside IL-12 is IL12B."""
_ENTITY = re.compile(r"(CYTOKINE|THERAPY|OUTCOME|CANCER|CELL):(.+?) \(")


@dataclass(slots=True)
class _Row:
    """A concept in the making."""

    concept: Concept
    xrefs: str = ""
    source: str = "il12nlp curated"
    licence: str = "own work (CC0)"
    names: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """All that is known of one mention type."""

    rows: dict[str, _Row] = field(default_factory=dict)
    restrictions: dict[str, Restriction] = field(default_factory=dict)
    pinned: dict[str, str] = field(default_factory=dict)


def build(folder: Path, target: Path, *, version: str, curated: Path) -> Mapping[str, int]:
    """Write all tables of `target` from the upstream tables of `folder` and the curated terms.

    Returns the number of names by mention type. Raises InputError for a table that lacks a
    column, with its path.
    """
    tables = {str(t): _read_table(folder, files) for t, files in _FILES.items()}
    _add_parents(folder, tables)
    _add_restrictions(folder, tables)
    _add_curated(curated, tables)
    return _write(tables, target, version)


def _read(path: Path, needed: Iterable[str]) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = sorted(set(needed) - set(reader.fieldnames or ()))
        if missing:
            raise InputError(
                f"lacks column {', '.join(missing)}: not the upstream table that this version "
                "of il12nlp builds from",
                path=path,
                line=1,
            )
        yield from reader


def _read_table(folder: Path, files: Iterable[str]) -> _Table:
    table = _Table()
    for name in files:
        for row in _read(folder / name, _NEEDED):
            names = [n for n in (row["preferred_name"], *row["synonyms"].split("|")) if n]
            if row["id"] in table.rows:
                table.rows[row["id"]].names += names
            elif not _UNNAMED.search(row["preferred_name"]):
                polarity = int(row.get("polarity") or 0)
                concept = Concept(row["id"], row["preferred_name"], row["category"], polarity)
                table.rows[row["id"]] = _Row(
                    concept, row["xrefs"], row["source"], row["licence"], names
                )
    return table


def _add_parents(folder: Path, tables: Mapping[str, _Table]) -> None:
    """Families and heterodimers of cytokines, the disease that a tumour model stands for."""
    links = (
        (MentionType.CYTOKINE, "cytokine_members.tsv", "member_id", "family_id"),
        (MentionType.CANCER, "cancer_model_links.tsv", "model_id", "disease_id"),
    )
    for mention_type, file, child, parent in links:
        parents: dict[str, list[str]] = defaultdict(list)
        for link in _read(folder / file, (child, parent)):
            parents[link[child]].append(link[parent])
        for id_, row in tables[mention_type].rows.items():
            if id_ in parents:
                c = row.concept
                known = tuple(dict.fromkeys(parents[id_]))
                row.concept = Concept(c.id, c.name, c.category, c.polarity, known)


def _add_restrictions(folder: Path, tables: Mapping[str, _Table]) -> None:
    for row in _read(folder / "ambiguous.tsv", ("term", "rule", "entities")):
        ids: dict[str, list[str]] = defaultdict(list)
        for mention_type, id_ in _ENTITY.findall(row["entities"]):
            # Ids of sources that the tables leave out for their licence stay out here, too.
            if id_ in tables[mention_type].rows:
                ids[mention_type].append(id_)
        name = AmbiguousName(row["term"], row["rule"], {t: tuple(i) for t, i in ids.items()})
        key, rule = match_key(name.term), restriction(name)
        for mention_type, found in name.ids.items():
            table = tables[mention_type]
            corrected = _CORRECTED.get((name.term, MentionType(mention_type)))
            if corrected is not None or name.rule in PINNED:
                table.pinned[key] = corrected or found[0]
            both = strictest(table.restrictions.get(key), rule)
            if both is not None:
                table.restrictions[key] = both


def _add_curated(path: Path, tables: Mapping[str, _Table]) -> None:
    for term in read_terms(path):
        table = tables[term.type]
        row = table.rows.get(term.id)
        concept = term.concept(row.concept if row else None)
        if row is None:
            row = table.rows[term.id] = _Row(concept, names=[concept.name])
        row.concept = concept
        row.names.append(term.term)
        key = match_key(term.term)
        table.pinned[key] = term.id
        table.restrictions.pop(key, None)


def _names(table: _Table) -> list[tuple[str, str, str]]:
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


def _write(tables: Mapping[str, _Table], target: Path, version: str) -> dict[str, int]:
    files: dict[str, dict[str, object]] = {}
    licences: Counter[tuple[str, ...]] = Counter()
    counts: dict[str, int] = {}
    restrictions = []
    for mention_type, table in tables.items():
        names, rows = _names(table), sorted(table.rows.values(), key=lambda r: r.concept.id)
        counts[mention_type] = len(names)
        concepts = [_cells(row) for row in rows]
        licences.update((mention_type, row.source, row.licence) for row in rows)
        restrictions += [
            (mention_type, key, "|".join(sorted(r.rules)), "|".join(r.context))
            for key, r in sorted(table.restrictions.items())
        ]
        stem = mention_type.lower()
        header = ("id", "name", "category", "polarity", "parents", "xrefs", "source", "licence")
        files[f"{stem}.tsv.gz"] = _write_table(target / f"{stem}.tsv.gz", header, concepts)
        path = target / f"{stem}.names.tsv.gz"
        files[path.name] = _write_table(path, ("key", "name", "id"), names)
    path = target / "rules.tsv.gz"
    files[path.name] = _write_table(path, ("type", "key", "rule", "context"), restrictions)
    lines = ["type\tsource\tlicence\trows"]
    lines += ["\t".join((*key, str(n))) for key, n in sorted(licences.items())]
    (target / "licences.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    manifest = {"format": FORMAT, "version": version, "files": files}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return counts


def _cells(row: _Row) -> tuple[str, ...]:
    c = row.concept
    polarity = str(c.polarity) if c.polarity else ""
    parents = "|".join(c.parents)
    return (c.id, c.name, c.category or "", polarity, parents, row.xrefs, row.source, row.licence)


def _write_table(
    path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> dict[str, object]:
    lines = ["\t".join(row) for row in (header, *rows)]
    data = gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0)
    path.write_bytes(data)
    return {"rows": len(lines) - 1, "sha256": hashlib.sha256(data).hexdigest()}
