from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.report import BY
from tests.cli.conftest import Run
from tests.report.build import finding, paper

DOCUMENTS = [
    paper("7", finding(therapies=("nivolumab",), score=0.9)),
    paper("8", finding("harm", therapies=("nivolumab",), score=0.6), study_type="clinical"),
    paper("A1", finding("none", outcome="fever"), invented=True),
    paper("9"),
    paper("10", finding(speculative=True), study_type="review"),
]


def write(path: Path, documents: list[Document]) -> Path:
    with formats.open_writer(path) as writer:
        for document in documents:
            writer.write(document)
    return path


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    return write(tmp_path / "annotated.jsonl", DOCUMENTS)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_summarise_writes_a_row_for_each_question(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    out = tmp_path / "evidence.csv"
    result = run("summarise", annotated, "-o", out)
    assert result.exit_code == 0
    first, second = table(out)
    assert (first["partner_class"], first["papers"]) == ("immune checkpoint inhibitor", "2")
    assert (first["benefit_papers"], first["harm_papers"]) == ("7", "8")
    assert first["conflict"] == "between papers"
    assert second["no_effect_papers"] == "id:A1 [invented]"
    assert "5 documents, 1 of them without findings; 3 findings count" in result.stderr
    assert "findings left out: 1 of reviews" in result.stderr
    assert "2 rows, 1 of them with papers on both sides" in result.stderr


def test_summarise_reads_a_folder_of_shards(run: Run, tmp_path: Path) -> None:
    shards = tmp_path / "shards"
    shards.mkdir()
    for number, document in enumerate(DOCUMENTS):
        write(shards / f"{number}.jsonl.gz", [document])
    out = shards / "evidence.jsonl"
    # What an earlier run wrote into the folder is no input.
    for _ in range(2):
        assert run("summarise", shards, "-o", out).exit_code == 0
        first, second = map(json.loads, out.read_text().splitlines())
        assert (first["papers"], second["papers"]) == (2, 1)


def test_summarise_takes_no_list_of_failures_for_documents(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    (folder / "shards").mkdir(parents=True)
    write(folder / "shards" / "a.jsonl.zst", DOCUMENTS)
    failure = '{"source": "a.xml", "line": 3, "id": null, "reason": "not XML"}\n'
    for name in ("failures.jsonl", "shards/a.failures.jsonl"):
        (folder / name).write_text(failure)
    out = tmp_path / "evidence.csv"
    assert run("summarise", folder, "-o", out).exit_code == 0
    assert len(table(out)) == 2
    # Named, it is read, and is no document.
    assert run("summarise", folder, folder / "failures.jsonl", "-o", out).exit_code == 3


def test_summarise_does_not_write_over_what_it_reads(run: Run, annotated: Path) -> None:
    before = annotated.read_bytes()
    result = run("summarise", annotated, "-o", annotated)
    assert result.exit_code == 2
    assert "would take the place of an input" in result.stderr
    assert annotated.read_bytes() == before


def test_summarise_stands_in_a_pipe(run: Run, annotated: Path) -> None:
    result = run("summarise", "-", input=annotated.read_bytes())
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 2)


def test_summarise_counts_what_the_options_say(run: Run, annotated: Path, tmp_path: Path) -> None:
    def papers(*options: object) -> list[tuple[str, int]]:
        out = tmp_path / "evidence.jsonl"
        assert run("summarise", annotated, "--by", "cytokine", "-o", out, *options).exit_code == 0
        rows = map(json.loads, out.read_text().splitlines())
        return [(row["cytokine"], row["papers"]) for row in rows]

    assert papers() == [("IL-12", 3)]
    assert papers("--min-score", 0.9) == [("IL-12", 2)]
    assert papers("--include-reviews") == [("IL-12", 3)]
    assert papers("--include-reviews", "--include-speculative") == [("IL-12", 4)]
    assert papers("--include-background", "--role", "unknown") == [("IL-12", 3)]


def test_summarise_groups_by_what_is_asked(run: Run, annotated: Path, tmp_path: Path) -> None:
    out = tmp_path / "evidence.tsv"
    assert run("summarise", annotated, "-o", out, "--by", "study_type,partner").exit_code == 0
    [heading, *lines] = out.read_text().splitlines()
    assert heading.startswith("study_type\tpartner\tpapers")
    groups = [tuple(line.split("\t")[:2]) for line in lines]
    assert groups == [("animal", "nivolumab"), ("animal", "none"), ("clinical", "nivolumab")]


def test_summarise_takes_blanks_between_columns(run: Run, annotated: Path, tmp_path: Path) -> None:
    out = tmp_path / "evidence.tsv"
    assert run("summarise", annotated, "-o", out, "--by", "study_type, partner").exit_code == 0
    assert out.read_text().startswith("study_type\tpartner\tpapers")


def test_summarise_groups_as_python_does_by_default(run: Run, annotated: Path) -> None:
    result = run("summarise", annotated)
    assert tuple(json.loads(result.stdout.splitlines()[0]))[: len(BY)] == BY


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--by", "dose"], "unknown column 'dose'"),
        (["--by", ""], "unknown column ''"),
        (["--role", "taken"], "taken"),
        (["--min-score", "2"], "2"),
        (["-o", "evidence.docx"], ".docx"),
    ],
)
def test_summarise_names_wrong_usage(
    run: Run, annotated: Path, options: list[str], message: str
) -> None:
    result = run("summarise", annotated, *options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_summarise_goes_on_after_a_bad_record(run: Run, annotated: Path, tmp_path: Path) -> None:
    with annotated.open("a") as file:
        file.write('{"id": "bad", "text": ""}\n')
    out = tmp_path / "evidence.csv"
    result = run("summarise", annotated, "-o", out)
    assert result.exit_code == 3
    assert "1 records failed" in result.stderr
    [failure] = map(json.loads, Path(f"{out}.failures.jsonl").read_text().splitlines())
    assert failure["id"] == "bad"
    assert len(table(out)) == 2


def test_summarise_leaves_no_table_where_nothing_counts(run: Run, tmp_path: Path) -> None:
    path, out = write(tmp_path / "plain.jsonl", [paper("1")]), tmp_path / "evidence.csv"
    result = run("summarise", path, "-o", out)
    assert result.exit_code == 1
    assert "no finding is left to count" in result.stderr
    assert not out.exists()


def test_summarise_names_a_place_that_cannot_be_written(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    result = run("summarise", annotated, "-o", tmp_path / "no" / "evidence.csv")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
