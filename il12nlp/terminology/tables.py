"""The packaged lexicon tables: what lies in them and how they are read.

    <type>.tsv.gz        concepts: id, name, category, polarity, parents, species, part_of, xrefs,
                         source, licence
    <type>.names.tsv.gz  names: key (see `match_key`), name, id
    mesh.tsv.gz          MeSH's drugs and procedures, for therapies that the above do not know
    mesh.names.tsv.gz    their names, as above
    rules.tsv.gz         names that may not be taken at face value: type, key, rule, context
    curated.tsv          the project's own terms, in the form that users' terms have
    cell_lines.tsv       the diseases that human cell lines come from; read by the build only
    licences.tsv         sources and licences with their number of rows
    manifest.json        version, SHA-256 and rows of every file, SHA-256 of what they come from

They are made by `scripts/build_terminology.py`; docs/terminology.md tells from what.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from il12nlp.document import Concept
from il12nlp.errors import InputError

TABLES = Path(__file__).parent / "tables"
FORMAT = 2
"""Version of the files' layout; other code than this cannot read another layout."""


class Rule(StrEnum):
    """What it takes to believe that an ambiguous name means its concept."""

    CASE = "case"
    """The letters' case must be the table's: "ALL", not "all"."""
    DEFINED = "defined"
    """The abstract must define the abbreviation or name the concept otherwise."""
    CONTEXT = "context"
    """A word of the context column must stand in the abstract."""
    NEVER = "never"
    """Only an abbreviation's long form can say what it means."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """The rules of one name; all must hold. `context` words are in lower case."""

    rules: frozenset[Rule]
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept, its identifiers elsewhere ("UniProtKB:P29459"), and the wholes it is part of.

    `part_of` are those of the concept's parents that it is a subunit of; of the others it is a
    kind, a member or an engineered form.
    """

    concept: Concept
    references: tuple[str, ...]
    part_of: tuple[str, ...]


@cache
def manifest() -> Mapping[str, Any]:
    """Version, digests and counts of the packaged tables.

    Raises InputError where the tables are of another layout than this code reads.
    """
    path = TABLES / "manifest.json"
    found: dict[str, Any] = json.loads(path.read_bytes())
    if found.get("format") != FORMAT:
        raise InputError(
            f"terminology tables of layout {found.get('format')!r}, but this version reads "
            f"layout {FORMAT}; install il12nlp again or build the tables again",
            path=path,
        )
    return found


def version() -> str:
    """Version of the packaged tables, such as "2026.11"."""
    return str(manifest()["version"])


def read_concepts(mention_type: str) -> Iterator[Concept]:
    """The concepts of one mention type."""
    for row in _rows(f"{mention_type.lower()}.tsv.gz"):
        yield concept_of(row.split("\t"))


def concept_of(cells: Sequence[str]) -> Concept:
    """The concept of one row of a table of concepts."""
    id_, name, category, polarity, parents, species, *_ = cells
    return Concept(
        id_, name, category or None, int(polarity or 0), _several(parents), species or None
    )


@cache
def entries(mention_type: str) -> Mapping[str, Entry]:
    """By id, the concepts of one mention type with what else the tables say of them."""
    rows = [row.split("\t") for row in _rows(f"{mention_type.lower()}.tsv.gz")]
    return {r[0]: Entry(concept_of(r), _several(r[7]), _several(r[6])) for r in rows}


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def read_names(mention_type: str) -> Iterator[list[str]]:
    """Key, name and concept id of each name of one mention type, sorted by key."""
    return (row.split("\t") for row in _rows(f"{mention_type.lower()}.names.tsv.gz"))


def read_restrictions(mention_type: str) -> Mapping[str, Restriction]:
    """Restricted names of one mention type, by key."""
    found: dict[str, Restriction] = {}
    for row in _rows("rules.tsv.gz"):
        type_, key, rules, context = row.split("\t")
        if type_ == mention_type:
            words = tuple(context.split("|")) if context else ()
            found[key] = Restriction(frozenset(Rule(r) for r in rules.split("|")), words)
    return found


def _rows(name: str) -> list[str]:
    """Lines of a table without its header."""
    return read_table(name).decode("utf-8").splitlines()[1:]


def read_table(name: str) -> bytes:
    """A table with its header, proved to be the file that the manifest means."""
    path = TABLES / name
    data = path.read_bytes()
    expected = manifest()["files"].get(name, {}).get("sha256")
    if hashlib.sha256(data).hexdigest() != expected:
        raise InputError(
            f"not the table of version {version()}: its digest differs from manifest.json; "
            "install il12nlp again or build all tables again",
            path=path,
        )
    return gzip.decompress(data)
