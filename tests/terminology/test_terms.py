from __future__ import annotations

from pathlib import Path

import pytest

from il12nlp.document import Concept
from il12nlp.errors import InputError
from il12nlp.terminology import Linker
from il12nlp.terminology.tables import TABLES
from il12nlp.terminology.terms import read_terms

HEADER = "type\tterm\tid\tname\tcategory\tpolarity\tparents\tspecies\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "terms.tsv"


def test_terms_make_concepts_and_names(table: Path) -> None:
    table.write_text(
        HEADER
        + "OUTCOME\ttumour doubling time\tMY:1\ttumor doubling time\ttumour growth\t+1\tMY:0\n"
        + "# a comment\n\n"
        + "THERAPY\tpembro biosimilar\tNCIT:C106432\n",
        encoding="utf-8",
    )
    linker = Linker(terms=table)

    assert linker.concept("OUTCOME", "Tumor Doubling Time") == Concept(
        "MY:1", "tumor doubling time", "tumour growth", 1, ("MY:0",)
    )
    known = linker.concept("THERAPY", "pembro biosimilar")
    assert known is not None
    assert known.category == "immune checkpoint inhibitor"


def test_terms_give_a_model_its_species(table: Path) -> None:
    table.write_text(HEADER + "CANCER\tK7M2\tMY:K7\t\tmouse tumour model\t\tDOID:3347\tmouse\n")

    concept = Linker(terms=table).concept("CANCER", "K7M2 osteosarcoma")

    assert concept is not None
    assert (concept.id, concept.species) == ("MY:K7", "mouse")


def test_terms_override_the_packaged_meaning_and_its_rules(table: Path) -> None:
    table.write_text(HEADER + "CYTOKINE\tLIGHT\tMY:LIGHT\n", encoding="utf-8")

    assert Linker().concept("CYTOKINE", "LIGHT") is None
    assert Linker(terms=table).concept("CYTOKINE", "LIGHT") == Concept("MY:LIGHT", "LIGHT")


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ("THERAPY\t\tMY:1\n", 2, "term is empty"),
        ("THERAPY\tdrug X\t\n", 2, "id is empty"),
        ("DRUG\tdrug X\tMY:1\n", 2, "unknown type 'DRUG'"),
        ("THERAPY\t—\tMY:1\n", 2, "no letter or digit"),
        ("OUTCOME\tx\tMY:1\t\t\t2\n", 2, "polarity '2'"),
        ("THERAPY\tdrug X\tMY:1\nTHERAPY\tDrug-X\tMY:1\n", 3, "stands in line 2 already"),
        ("THERAPY\tdrug X\tMY:1\nTHERAPY\tdrug X\tMY:2\n", 3, "but MY:1 in line 2"),
        ("OUTCOME\ta\tMY:1\t\t\t1\nOUTCOME\tb\tMY:1\t\t\t-1\n", 3, "polarity of MY:1 is -1"),
        ("THERAPY\ta\tMY:1\t\t\t\t\t\tmore\n", 2, "9 cells"),
        (
            "CANCER\ta\tMY:1\t\t\t\t\tmouse\nCANCER\tb\tMY:1\t\t\t\t\trat\n",
            3,
            "species of MY:1 is 'rat' here but 'mouse' in line 2",
        ),
    ],
)
def test_terms_refuse_bad_rows_with_their_line(
    table: Path, rows: str, line: int, said: str
) -> None:
    table.write_text(HEADER + rows, encoding="utf-8")

    with pytest.raises(InputError) as caught:
        read_terms(table)

    assert caught.value.line == line
    assert said in str(caught.value)
    assert str(table) in str(caught.value)


def test_terms_tell_of_the_other_bad_lines(table: Path) -> None:
    table.write_text(HEADER + "THERAPY\t\tMY:1\nTHERAPY\ty\tMY:2\nTHERAPY\tz\t\n", encoding="utf-8")

    with pytest.raises(InputError, match=r":2: term is empty \(and line 4\)"):
        read_terms(table)


@pytest.mark.parametrize("content", [b"", b"name,id\n", b"type\tterm\n", b"\xff\xfe\x00"])
def test_terms_refuse_what_is_no_table(table: Path, content: bytes) -> None:
    table.write_bytes(content)

    with pytest.raises(InputError, match=r"terms\.tsv"):
        read_terms(table)


def test_terms_need_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_terms(tmp_path / "absent.tsv")


def test_curated_terms_are_clean() -> None:
    terms = read_terms(TABLES / "curated.tsv")

    assert {t.type for t in terms} <= {"CYTOKINE", "THERAPY", "OUTCOME", "CANCER", "CELL"}
    assert len(terms) > 500
