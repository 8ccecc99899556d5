import csv
import io
from dataclasses import fields
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from il12nlp import formats
from il12nlp.document import Concept, Document, Finding, Mention, Passage, Sentence, Span
from il12nlp.formats.rows import COLUMNS, FindingRow, finding_rows
from il12nlp.schema import Benefit, Claim, Direction, Role

TEXT = 'IL-12 in B16\nIL-12 and -18 by "mRNA" cut\ttumor growth.\r\nIt held; in CT26 too.'


def mention(name: str, kind: str, surface: str, concept: Concept | None = None) -> Mention:
    start = TEXT.index(surface)
    return Mention(name, start, start + len(surface), kind, surface, concept=concept)


DOCUMENT = Document(
    id="11",
    pmid="11",
    text=TEXT,
    passages=(Passage("title", 0, 12),),
    sentences=(Sentence(0, 12), Sentence(13, 54), Sentence(56, len(TEXT))),
    mentions=(
        mention("T1", "CYTOKINE", "IL-12", Concept("HGNC:5969", "interleukin 12A")),
        mention("T2", "CYTOKINE", "-18"),
        mention("T3", "THERAPY", "mRNA"),
        mention("T4", "OUTCOME", "tumor growth", Concept("O:1", "tumour growth", polarity=-1)),
        mention("T5", "CANCER", "B16"),
        mention("T6", "CANCER", "CT26"),
    ),
    findings=(
        Finding(
            id="F1",
            cytokines=("T1", "T2"),
            therapies=(),
            outcome="T4",
            direction=Direction.DECREASE,
            benefit=Benefit.BENEFIT,
            delivery=("T3",),
            cancers=("T5", "T6"),
            speculative=True,
            score=0.875,
            evidence=(1, 2),
            role=Role.GIVEN,
            claim=Claim.RESULT,
            comparators=("T2",),
            routes=(Span(27, 29),),
            doses=(Span(37, 40), Span(31, 35)),
            species=("mouse",),
        ),
        Finding("F2", ("T2",), (), "T4", Direction.NO_EFFECT, Benefit.NONE),
    ),
    study_type="animal",
).check()

ROW = FindingRow(
    document_id="11",
    pmid="11",
    title="IL-12 in B16",
    cytokines=("IL-12", "-18"),
    role="given",
    therapies=(),
    delivery=("mRNA",),
    routes=("by",),
    doses=("cut", "mRNA"),
    comparators=("-18",),
    outcome="tumor growth",
    direction="decrease",
    benefit="benefit",
    cancers=("B16", "CT26"),
    species=("mouse",),
    study_type="animal",
    claim="result",
    speculative=True,
    score=0.875,
    evidence=('IL-12 and -18 by "mRNA" cut\ttumor growth.', "It held; in CT26 too."),
    finding_id="F1",
    evidence_spans=("13-54", "56-77"),
    cytokine_ids=("HGNC:5969", ""),
    cytokine_names=("interleukin 12A", ""),
    cytokine_spans=("0-5", "23-26"),
    therapy_ids=(),
    therapy_names=(),
    therapy_spans=(),
    delivery_ids=("",),
    delivery_names=("",),
    delivery_spans=("31-35",),
    outcome_id="O:1",
    outcome_name="tumour growth",
    outcome_span="41-53",
    cancer_ids=("", ""),
    cancer_names=("", ""),
    cancer_spans=("9-12", "68-72"),
    comparator_ids=("",),
    comparator_names=("",),
    comparator_spans=("23-26",),
    route_spans=("27-29",),
    dose_spans=("37-40", "31-35"),
)


def table(folder: Path, suffix: str, *documents: Document) -> Path:
    path = folder / f"out{suffix}"
    with formats.open_writer(path) as writer:
        for document in documents:
            writer.write(document)
    return path


def test_row_names_everything_that_the_finding_refers_to() -> None:
    first, second = finding_rows(DOCUMENT)
    assert first == ROW
    assert (second.finding_id, second.cytokines, second.evidence) == ("F2", ("-18",), ())


def test_every_span_of_a_row_leads_back_to_its_text() -> None:
    row = finding_rows(DOCUMENT)[0]
    for texts, spans in (
        (row.evidence, row.evidence_spans),
        (row.cytokines, row.cytokine_spans),
        (row.delivery, row.delivery_spans),
        (row.cancers, row.cancer_spans),
        (row.comparators, row.comparator_spans),
        (row.routes, row.route_spans),
        (row.doses, row.dose_spans),
        ((row.outcome,), (row.outcome_span,)),
    ):
        cut = [TEXT[slice(*map(int, span.split("-")))] for span in spans]
        assert tuple(cut) == texts


def test_document_without_findings_or_title_gives_no_rows() -> None:
    assert finding_rows(Document(id="x", text="IL-12")) == []


def test_csv_opens_in_spreadsheets_and_joins_lists(tmp_path: Path) -> None:
    data = table(tmp_path, ".csv", DOCUMENT).read_bytes()
    assert data.startswith(b"\xef\xbb\xbfdocument_id,pmid,title,cytokines,")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 2
    first = rows[0]
    assert first["cytokines"] == "IL-12; -18"
    assert first["therapies"] == ""
    assert first["evidence"] == 'IL-12 and -18 by "mRNA" cut tumor growth.; It held; in CT26 too.'
    assert (first["speculative"], first["score"]) == ("true", "0.875")
    assert first["cancer_spans"] == "9-12; 68-72"


@pytest.mark.parametrize("character", list("=+-@＝＋－＠"))
def test_cell_that_would_run_as_a_formula_is_led_by_an_apostrophe(
    tmp_path: Path, character: str
) -> None:
    text = f"{character}18 acts on it"
    document = Document(
        id=f"{character}x",
        text=text,
        mentions=(
            Mention("T1", 0, 3, "CYTOKINE", text[:3]),
            Mention("T2", 4, 8, "OUTCOME", "acts"),
        ),
        findings=(Finding("F1", ("T1",), (), "T2", Direction.INCREASE, Benefit.UNKNOWN),),
    )
    with table(tmp_path, ".csv", document).open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (row["document_id"], row["cytokines"]) == (f"'{character}x", f"'{character}18")
    assert row["outcome"] == "acts"


def test_tsv_has_one_line_a_row(tmp_path: Path) -> None:
    lines = table(tmp_path, ".tsv", DOCUMENT, DOCUMENT).read_bytes().split(b"\n")
    assert lines[0].decode().split("\t") == list(COLUMNS)
    assert len(lines) == 1 + 4 + 1
    assert b"\r" not in b"".join(lines)
    assert all(line.count(b"\t") == len(COLUMNS) - 1 for line in lines[:-1])


def test_parquet_keeps_lists_types_and_raw_text(tmp_path: Path) -> None:
    rows = pq.read_table(table(tmp_path, ".parquet", DOCUMENT)).to_pylist()
    assert len(rows) == 2
    expected = {f.name: getattr(ROW, f.name) for f in fields(ROW)}
    assert rows[0] == {k: list(v) if isinstance(v, tuple) else v for k, v in expected.items()}
    assert rows[1]["cytokines"] == ["-18"]


def test_parquet_is_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("il12nlp.formats.tables.ROW_GROUP", 4)
    path = table(tmp_path, ".parquet", *[DOCUMENT] * 5)
    assert pq.ParquetFile(path).num_row_groups == 3
    assert pq.read_table(path).num_rows == 10


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_text_that_no_table_can_hold_is_a_failure_and_the_others_go_on(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"out{suffix}"
    half = DOCUMENT.replace(id="12", text=f"{TEXT}\ud83d")
    with formats.open_writer(path) as writer:
        made = [writer.write_or_fail(d) for d in (DOCUMENT, half, DOCUMENT)]
    assert isinstance(made[1], formats.Failure)
    assert (made[1].id, made[1].reason[:19]) == ("12", "cannot be written: ")
    assert path.stat().st_size > 0


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_table_without_rows_still_has_its_columns(tmp_path: Path, suffix: str) -> None:
    path = table(tmp_path, suffix, Document(id="x", text="IL-12"))
    if suffix == ".parquet":
        names = pq.read_table(path).column_names
    else:
        (line,) = path.read_text(encoding="utf-8-sig").splitlines()
        names = line.split("," if suffix == ".csv" else "\t")
    assert names == list(COLUMNS)
