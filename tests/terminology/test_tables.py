from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from il12nlp.errors import InputError
from il12nlp.schema import MentionType
from il12nlp.terminology import Linker, tables
from il12nlp.terminology.names import match_key


@pytest.mark.parametrize("mention_type", MentionType)
def test_tables_name_only_their_own_concepts(mention_type: str) -> None:
    ids = {c.id for c in tables.read_concepts(mention_type)}
    names = list(tables.read_names(mention_type))

    assert {id_ for _, _, id_ in names} <= ids
    assert all(match_key(name) == key for key, name, _ in names)
    assert [key for key, _, _ in names] == sorted(key for key, _, _ in names)


def test_tables_of_outcomes_have_signs() -> None:
    polarities = {c.polarity for c in tables.read_concepts(MentionType.OUTCOME)}

    assert polarities == {-1, 0, 1}


def test_tables_point_subunits_and_models_to_their_parents() -> None:
    cytokines = {c.id: c for c in tables.read_concepts(MentionType.CYTOKINE)}
    cancers = {c.id: c for c in tables.read_concepts(MentionType.CANCER)}

    assert "FPLX:IL12" in cytokines["HGNC:5969"].parents
    assert "FPLX:IL12" in cytokines["NCIT:C97961"].parents
    assert cancers["Cellosaurus:CVCL_0159"].parents == ("DOID:1909",)
    assert cancers["Cellosaurus:CVCL_0031"].parents == ("DOID:1612",)


def test_tables_lead_from_a_disease_up_to_cancer() -> None:
    cancers = {c.id: c for c in tables.read_concepts(MentionType.CANCER)}

    above, found = ["DOID:684"], set()
    while above:
        id_ = above.pop()
        if id_ not in found:
            found.add(id_)
            above += cancers[id_].parents if id_ in cancers else ()
    assert {"DOID:3571", "DOID:162"} <= found  # liver cancer, cancer


def test_tables_have_parents_for_nearly_all_cancers() -> None:
    cancers = list(tables.read_concepts(MentionType.CANCER))

    assert sum(bool(c.parents) for c in cancers) / len(cancers) > 0.95


@pytest.mark.parametrize(
    ("name", "species", "disease"),
    [
        ("B16", "mouse", "DOID:1909"),
        ("4T1", "mouse", "DOID:3459"),
        ("CT26", "mouse", "DOID:1520"),
        ("MC38", "mouse", "DOID:234"),
        ("C6 glioma", "rat", "DOID:3070"),
        ("MCF-7", "human", "DOID:1612"),
    ],
)
def test_models_have_a_species_and_a_kind_of_tumour(
    linker: Linker, name: str, species: str, disease: str
) -> None:
    concept = linker.concept("CANCER", name)

    assert concept is not None
    assert concept.species == species
    assert concept.parents == (disease,)


def test_entry_tells_part_from_kind_and_the_ids_elsewhere(linker: Linker) -> None:
    subunit = linker.entry("CYTOKINE", "HGNC:5969")
    engineered = linker.entry("CYTOKINE", "NCIT:C97961")

    assert "UniProtKB:P29459" in subunit.references
    assert subunit.part_of == ("FPLX:IL12", "IL12:IL35")
    assert engineered.concept.parents == ("FPLX:IL12",)
    assert engineered.part_of == ()


def test_cytokines_of_hgnc_carry_uniprot(linker: Linker) -> None:
    found = [e for id_, e in tables.entries(MentionType.CYTOKINE).items() if id_[:5] == "HGNC:"]
    named = [e for e in found if any(r.startswith("UniProtKB:") for r in e.references)]

    assert len(named) / len(found) > 0.95


def test_licences_cover_every_concept() -> None:
    rows = (tables.TABLES / "licences.tsv").read_text(encoding="utf-8").splitlines()[1:]
    counted = dict.fromkeys([*MentionType, "MeSH"], 0)
    for row in rows:
        mention_type, _, licence, number = row.split("\t")
        assert licence
        counted[mention_type] += int(number)

    assert counted == {
        **{t: sum(1 for _ in tables.read_concepts(t)) for t in MentionType},
        "MeSH": tables.read_table("mesh.tsv.gz").count(b"\n") - 1,
    }


def test_tables_carry_no_identifier_of_a_non_commercial_source() -> None:
    prefixes = {c.id.split(":")[0] for t in MentionType for c in tables.read_concepts(t)}

    assert prefixes.isdisjoint({"ATC", "CHEMBL", "PHARMGKB", "DRUGCENTRAL"})


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    target = tmp_path / "tables"
    shutil.copytree(tables.TABLES, target)
    monkeypatch.setattr(tables, "TABLES", target)
    tables.manifest.cache_clear()
    yield target
    tables.manifest.cache_clear()


def test_tables_of_another_version_are_refused(copied: Path) -> None:
    shutil.copy(copied / "cell.tsv.gz", copied / "cancer.tsv.gz")

    with pytest.raises(InputError, match=r"cancer\.tsv\.gz: not the table of version"):
        list(tables.read_concepts("CANCER"))


def test_tables_of_another_layout_are_refused(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text())
    (copied / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))

    with pytest.raises(InputError, match="layout 99"):
        tables.version()
