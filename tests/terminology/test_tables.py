from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from il12nlp.errors import InputError
from il12nlp.schema import MentionType
from il12nlp.terminology import tables
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


def test_licences_cover_every_concept() -> None:
    rows = (tables.TABLES / "licences.tsv").read_text(encoding="utf-8").splitlines()[1:]
    counted = dict.fromkeys(MentionType, 0)
    for row in rows:
        mention_type, _, licence, number = row.split("\t")
        assert licence
        counted[MentionType(mention_type)] += int(number)

    assert counted == {t: sum(1 for _ in tables.read_concepts(t)) for t in MentionType}


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
