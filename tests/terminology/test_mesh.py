from __future__ import annotations

from pathlib import Path

import pytest

from il12nlp.document import Concept
from il12nlp.errors import InputError
from il12nlp.terminology.kinship import disease_parents, species_of
from il12nlp.terminology.mesh import (
    DESCRIPTORS,
    SUPPLEMENT,
    MeshEntry,
    read_mesh,
    with_known_ids,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / DESCRIPTORS).write_text(
        "D000001\tFlavones\tFlavone\tD03.1\t\n"
        "D000002\tApigenin\tApigenine|Thing, Long Inverted\tD03.1.2\t\n"
        "D000003\tSurgery, Open\tOpen Surgery\tE04.5\t\n"
        "D000004\tBrain\t\tA08.186\t\n"
        "D000005\tTransferases\t\tD08.811\t\n"
    )
    (tmp_path / SUPPLEMENT).write_text(
        "C000001\thonokiol\tHNK|HNK-12\tD000001,*D000002\nC000002\tABC1 protein, human\t\tD000001\n"
        'C000003\t"odd\nname"\t\tD000004\n'
    )
    return tmp_path


def test_mesh_reads_treatments_with_class_and_parents(folder: Path) -> None:
    assert list(read_mesh(folder)) == [
        MeshEntry(Concept("MESH:D000001", "Flavones", "other"), ("Flavones", "Flavone")),
        MeshEntry(
            Concept("MESH:D000002", "Apigenin", "other", 0, ("MESH:D000001",)),
            ("Apigenin", "Apigenine"),
        ),
        MeshEntry(Concept("MESH:D000003", "Surgery, Open", "surgery"), ("Open Surgery",)),
        MeshEntry(
            Concept("MESH:C000001", "honokiol", "other", 0, ("MESH:D000001", "MESH:D000002")),
            ("honokiol", "HNK-12"),
        ),
    ]


def test_mesh_of_another_shape_is_refused(folder: Path) -> None:
    (folder / DESCRIPTORS).write_text("D000001\tFlavones\n")

    with pytest.raises(InputError, match=r"mesh_id_label_mappings\.tsv:1: not a row of 5 cells"):
        list(read_mesh(folder))


def test_mesh_entries_take_the_ids_that_are_known_and_leave_names_that_are_taken() -> None:
    entries = [
        MeshEntry(Concept("MESH:D1", "one", "other", 0, ("MESH:D2",)), ("one", "uno")),
        MeshEntry(Concept("MESH:D2", "two", "other"), ("two",)),
    ]

    known = {("MESH:D2", "two"): "NCIT:C2", ("MESH:D1", "salt"): "NCIT:C1"}
    found = list(with_known_ids(entries, known, {"two", "one"}.__contains__))

    assert found == [MeshEntry(Concept("MESH:D1", "one", "other", 0, ("NCIT:C2",)), ("uno",))]


def test_disease_parents_climb_over_unknown_ones(tmp_path: Path) -> None:
    path = tmp_path / "doid.json"
    path.write_text(
        '[{"id": "A", "relations": {"is_a": ["B", "C"]}},'
        ' {"id": "B", "relations": {"is_a": ["D"]}},'
        ' {"id": "C", "relations": {"is_a": ["B"]}}, {"id": "D"}]'
    )

    parents = disease_parents(path, {"A", "D", "E"})

    assert parents == {"A": ("D",), "D": ()}


@pytest.mark.parametrize(
    "content", ["{}", "no json", '[{"name": "x"}]', '[{"id": "A", "relations": [1]}]']
)
def test_disease_parents_need_the_ontology(tmp_path: Path, content: str) -> None:
    path = tmp_path / "doid.json"
    path.write_text(content)

    with pytest.raises(InputError, match=r"doid\.json"):
        disease_parents(path, {"A"})


@pytest.mark.parametrize(
    ("id_", "category", "species"),
    [
        ("Cellosaurus:X", "mouse tumour model", "mouse"),
        ("Cellosaurus:CVCL_0194", "rodent/other tumour model", "rat"),
        ("MGI:1", "interleukin", "mouse"),
        ("DOID:1", "breast cancer", None),
    ],
)
def test_species_of_models(id_: str, category: str, species: str | None) -> None:
    assert species_of(id_, category) == species
