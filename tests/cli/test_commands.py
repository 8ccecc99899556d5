from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from il12nlp import __version__, formats
from il12nlp.cli import app
from il12nlp.document import Document, Sentence
from tests.cli.conftest import Run
from tests.formats.samples import article, article_set

COMMANDS = ["annotate", "convert", "evaluate", "fetch", "info", "show", "summarise", "train"]


def test_every_command_has_help(run: Run) -> None:
    assert sorted(c.callback.__name__ for c in app.registered_commands) == COMMANDS
    for command in COMMANDS:
        result = run(command, "--help")
        assert result.exit_code == 0
        assert len(result.stdout.splitlines()) > 5


def test_version_is_the_packages(run: Run) -> None:
    assert run("--version").stdout.strip() == f"il12nlp {__version__}"


def test_python_runs_the_package() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "il12nlp", "--version"], stdout=PIPE, text=True, check=True
    )
    assert done.stdout.strip() == f"il12nlp {__version__}"


def test_convert_turns_annotations_into_a_table(run: Run, annotated: Path, tmp_path: Path) -> None:
    out = tmp_path / "findings.tsv"
    assert run("convert", annotated, "-o", out).exit_code == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert "tumor growth" in lines[1]


def test_show_prints_findings_with_their_sentence_and_the_notice(run: Run, annotated: Path) -> None:
    result = run("show", annotated)
    assert result.exit_code == 0
    assert "decrease of tumor growth" in result.stdout
    assert "“IL-12 reduced tumor growth.”" in result.stdout
    assert "Note: Invented." in result.stdout


def test_show_finds_sentences_where_a_file_has_none(run: Run, annotated: Path) -> None:
    record = json.loads(annotated.read_text())
    del record["sentences"]
    for finding in record["findings"]:
        del finding["evidence"]
    annotated.write_text(json.dumps(record))
    result = run("show", annotated)
    assert result.exit_code == 0
    assert "“IL-12 reduced tumor growth.”" in result.stdout


def test_convert_does_not_list_failures_in_the_place_of_an_input(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.failures.jsonl"
    path.write_text('{"id": "1", "text": "IL-2."}\n')
    result = run("convert", path, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 2
    assert path.exists()


def test_convert_does_not_add_its_output_to_other_inputs(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    out = tmp_path / "all.jsonl"
    for code in (0, 2):  # the second time the shell would find the output too
        assert run("convert", *sorted(tmp_path.iterdir()), "-o", out).exit_code == code
    assert out.read_bytes() == annotated.read_bytes()
    assert run("convert", out, "-o", out).exit_code == 0


def test_convert_in_place_loses_no_record_that_failed(run: Run, annotated: Path) -> None:
    before = annotated.read_text() + "{broken\n"
    annotated.write_text(before)
    result = run("convert", annotated, "-o", annotated)
    assert result.exit_code == 1
    assert "left as it is, as 1 of its records failed" in result.stderr
    assert annotated.read_text() == before


def test_show_keeps_to_the_least_score(run: Run, annotated: Path) -> None:
    result = run("show", annotated, "--min-score", "1.0", "--limit", "1")
    assert "… and 1 more" in result.stdout


def test_show_tells_failures_as_they_are(run: Run, annotated: Path) -> None:
    with annotated.open("a") as file:
        file.write('{"id": "[/red] [bold]7", "text": ""}\n')
    result = run("show", annotated)
    assert result.exit_code == 3
    assert f"{annotated}:2: [/red] [bold]7: " in result.stderr
    assert "decrease of tumor growth" in result.stdout


def test_show_says_where_findings_come_from(run: Run, annotated: Path) -> None:
    assert "no finding" not in run("show", annotated, "--min-score", "1.0").stderr
    result = run("show", "corpora/demo/export.nbib")
    assert result.exit_code == 0
    assert "no finding in it: show reads what `il12nlp annotate" in result.stderr


def test_show_names_the_line_of_a_record_without_an_id(run: Run, annotated: Path) -> None:
    with annotated.open("a") as file:
        file.write('{"id": "2", "text": oops}\n')
    assert f"{annotated}:2: not JSON" in run("show", annotated).stderr


def test_show_heads_a_document_with_its_whole_title(run: Run, tmp_path: Path) -> None:
    title = "IL-12 in\nmelanoma. A trial that has a title of more than one hundred letters. " * 2
    title, path = title.strip(), tmp_path / "titles.jsonl"
    document = Document.from_text(title, "IL-12 was given. It helped.", id="1")
    cut = title.index(" A trial")
    with formats.open_writer(path) as writer:
        writer.write(document)
        writer.write(document.replace(id="2", sentences=(Sentence(0, cut),)))
        writer.write(Document("3", "IL-12 was given. It helped."))
    lines = run("show", path).stdout.splitlines()
    heading = " ".join(title.split())
    assert lines[1].startswith(f"1  {heading}  (")
    assert lines[3].startswith(f"2  {heading}  (")
    assert lines[5].startswith("3  IL-12 was given.  (")


@pytest.mark.parametrize("command", ["convert", "show"])
def test_a_reader_that_goes_is_no_failure(annotated: Path, tmp_path: Path, command: str) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(annotated.read_text() * 400)
    line = [sys.executable, "-m", "il12nlp.cli", command, str(many)]
    with subprocess.Popen(line, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (0, b"")


def test_show_replaces_what_a_terminal_cannot_show(annotated: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "il12nlp.cli", "show", str(annotated)],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"decrease of tumor growth" in done.stdout


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_commands_end_with_a_line_and_leave_nothing(
    run: Run,
    annotated: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(formats.Writer, "write", fail)
    result = run("convert", annotated, "-o", tmp_path / "out.tsv")
    assert result.exit_code == (1 if isinstance(error, OSError) else 130)
    assert len(result.stderr.splitlines()) == 1
    assert [p.name for p in tmp_path.iterdir()] == [annotated.name]


def test_failures_tell_what_pubmed_withdrew_as_those_of_a_folder_do(
    run: Run, tmp_path: Path
) -> None:
    path, out = tmp_path / "update.xml", tmp_path / "out.jsonl"
    path.write_text(article_set(article("1"), "<DeleteCitation><PMID>9</PMID></DeleteCitation>"))
    assert run("convert", path, "-o", out).exit_code == 0
    [line] = Path(f"{out}.failures.jsonl").read_text().splitlines()
    failure = json.loads(line)
    assert list(failure) == ["source", "line", "id", "reason", "withdrawn"]
    assert (failure["id"], failure["withdrawn"]) == ("9", True)


def test_failures_of_a_name_that_is_no_utf8_are_json(run: Run, tmp_path: Path) -> None:
    odd, out = tmp_path / os.fsdecode(b"a\xff.jsonl"), tmp_path / "out.tsv"
    odd.write_text('{"id": "1", "text": "IL-2"}\n{}\n')
    assert run("convert", odd, "-o", out).exit_code == 3
    [failure] = map(json.loads, Path(f"{out}.failures.jsonl").read_text().splitlines())
    assert failure["source"] == str(odd)


def test_info_tells_versions_model_and_formats(run: Run, model_folder: Path) -> None:
    result = run("info", "-m", model_folder)
    assert result.exit_code == 0
    for word in (__version__, "CYTOKINE", "DELIVERED_BY", "pubmed_xml", "torch", "float32"):
        assert word in result.stdout


def test_info_tells_the_rest_where_the_model_is_broken(run: Run, tmp_path: Path) -> None:
    result = run("info", "-m", tmp_path)
    assert result.exit_code == 1
    assert "config.json" in result.stdout
    assert __version__ in result.stdout


def test_train_names_a_wrong_setting(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("output: x\ntrain: [a.jsonl]\nepoch: 3\n")
    result = run("train", "--config", path)
    assert result.exit_code == 1
    assert f"{path}: epoch" in result.stderr
