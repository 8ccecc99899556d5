from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from il12nlp.errors import FormatError, OutputError
from il12nlp.report import EvidenceRow, summarise, to_frame, writer_of
from tests.report.build import finding, paper

COLUMNS = [
    *("cytokine", "partner_class", "outcome_class"),
    *("papers", "benefit", "harm", "mixed", "no_effect", "unknown", "also_no_effect"),
    *("conflict", "invented", "study_types", "cancers"),
    *("benefit_papers", "harm_papers", "mixed_papers", "no_effect_papers", "unknown_papers"),
    "also_no_effect_papers",
]


@pytest.fixture
def rows() -> list[EvidenceRow]:
    return summarise(
        [
            paper("7", finding(therapies=("nivolumab",), cancers=("melanoma",))),
            paper("8", finding("harm", therapies=("nivolumab",)), study_type="clinical"),
            paper("A1", finding("none", therapies=("nivolumab",)), invented=True),
            paper("9", finding(cytokines=("-18",))),
        ]
    )


def test_table_has_one_form_of_row_in_every_format(rows: list[EvidenceRow], tmp_path: Path) -> None:
    for suffix in ("csv", "tsv", "jsonl", "parquet"):
        writer_of(str(tmp_path / f"t.{suffix}"))(rows)
    text = (tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    lines = list(csv.reader(text.splitlines()))
    assert lines[0] == COLUMNS
    cells = dict(zip(COLUMNS, lines[1], strict=True))
    assert cells["partner_class"] == "immune checkpoint inhibitor"
    assert [cells[name] for name in ("papers", "benefit", "harm", "no_effect")] == list("3111")
    assert (cells["conflict"], cells["invented"]) == ("between papers", "1")
    assert cells["study_types"] == "animal: 1 benefit, 1 no effect; clinical: 1 harm"
    assert cells["cancers"] == "not stated: 1 harm, 1 no effect; melanoma: 1 benefit"
    assert cells["no_effect_papers"] == "id:A1 [invented]"
    tabs = (tmp_path / "t.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t") for line in tabs] == lines
    records = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text().splitlines()]
    assert list(records[0]) == COLUMNS
    assert records[0]["benefit_papers"] == ["7"]
    table = pq.read_table(tmp_path / "t.parquet")
    assert table.to_pylist() == records
    frame = to_frame(rows)
    assert list(frame.columns) == COLUMNS
    assert frame["papers"].sum() == 4
    assert frame.loc[0, "harm_papers"] == ("8",)


def test_table_guards_cells_that_would_run(rows: list[EvidenceRow], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    writer_of(str(path))(rows)
    assert "\n'-18," in path.read_text(encoding="utf-8-sig")


def test_table_is_packed_where_its_name_says_so(rows: list[EvidenceRow], tmp_path: Path) -> None:
    path = tmp_path / "t.tsv.gz"
    writer_of(str(path))(rows)
    assert gzip.decompress(path.read_bytes()).startswith(b"cytokine\tpartner_class")


def test_table_refuses_another_suffix() -> None:
    with pytest.raises(FormatError, match=r"unknown suffix '.xlsx' .*\.csv, \.tsv"):
        writer_of("evidence.xlsx")


def test_table_that_cannot_be_written_leaves_what_was_there(
    rows: list[EvidenceRow], tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        writer_of(str(tmp_path / "no" / "t.csv"))(rows)
    path = tmp_path / "t.jsonl"
    path.write_text("old")
    broken = [*rows, None]
    with pytest.raises(AttributeError):
        writer_of(str(path))(broken)  # type: ignore[arg-type]
    assert [p.name for p in tmp_path.iterdir()] == ["t.jsonl"]
    assert path.read_text() == "old"


def test_frame_of_nothing_is_empty() -> None:
    assert to_frame([]).empty
