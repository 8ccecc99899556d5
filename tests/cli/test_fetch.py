from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.cli import app
from tests.cli.conftest import Run
from tests.conftest import ROOT
from tests.pubmed.ncbi import FakeNcbi, article, fake_ncbi, file_xml
from tests.pubmed.server import send

KEY = "0123456789abcdef"


@pytest.fixture
def ncbi(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeNcbi]:
    """A local NCBI that `il12nlp fetch` asks, with five records and one file."""
    for name in ("NCBI_EMAIL", "NCBI_TOOL", "http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with fake_ncbi() as state:
        state.add(range(101, 106))
        state.add_file("baseline/pubmed26n0001.xml.gz", file_xml(article(1, "a"), article(2, "b")))
        monkeypatch.setenv("NCBI_API_KEY", KEY)  # ten requests a second are quicker to test
        monkeypatch.setenv("IL12NLP_EUTILS_URL", state.eutils)
        monkeypatch.setenv("IL12NLP_BASELINE_URL", state.pubmed)
        yield state


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "pubmed"


def test_fetch_of_a_query_is_read_by_our_readers(run: Run, ncbi: FakeNcbi, out: Path) -> None:
    result = run("fetch", "--query", "IL-12 AND neoplasms", "-o", out, "--email", "a@b.org")
    assert result.exit_code == 0
    assert result.stderr == f"5 of 5 records in {out}, 5 of them new\n"
    assert [d.pmid for d in formats.read_documents([out])] == ["101", "102", "103", "104", "105"]
    assert {a.form["email"] for a in ncbi.asked} == {"a@b.org"}
    assert {a.form["api_key"] for a in ncbi.asked} == {KEY}


def test_fetch_of_pmids_lists_the_missing(run: Run, ncbi: FakeNcbi, tmp_path: Path) -> None:
    pmids, out = tmp_path / "my.txt", tmp_path / "out"
    pmids.write_text("103\n999\n101\n")
    result = run("fetch", "--pmids", pmids, "-o", out, "--slice", 2)
    assert result.exit_code == 3
    assert f"1 PMIDs have no record in PubMed, listed in {out}/missing.pmids" in result.stderr
    assert [d.pmid for d in formats.read_documents([out])] == ["103", "101"]


def test_fetch_of_the_baseline_tells_files_and_citations(
    run: Run, ncbi: FakeNcbi, out: Path
) -> None:
    result = run("fetch", "--baseline", "-o", out)
    assert result.exit_code == 0
    assert result.stderr == f"1 of 1 files in {out}, 1 of them new\n2 citations, 0 withdrawn\n"
    ncbi.add_file("updatefiles/pubmed26n0002.xml.gz", file_xml(deleted=(2,)), md5="0" * 32)
    ncbi.add_file("updatefiles/pubmed26n0003.xml.gz", file_xml(article(3, "c")))
    result = run("fetch", "--baseline", "-o", out, "--files", "3-")
    assert (result.exit_code, "1 of 1 files" in result.stderr) == (0, True)


def test_annotate_sees_each_citation_of_the_baseline_once(
    run: Run, ncbi: FakeNcbi, out: Path, tmp_path: Path, model_folder: Path
) -> None:
    update = file_xml(article(1, "revised"), article(3, "new"), deleted=(2,))
    ncbi.add_file("updatefiles/pubmed26n0002.xml.gz", update)
    run("fetch", "--baseline", "-o", out)
    annotated = tmp_path / "annotated.jsonl"
    result = run("annotate", out, "-o", annotated, "-m", model_folder, "--device", "cpu")
    assert result.exit_code == 0
    documents = formats.read_documents([annotated])
    assert [(d.pmid, d.text.strip()) for d in documents] == [("1", "revised"), ("3", "new")]


def test_fetch_that_fails_in_part_says_how_to_go_on(
    run: Run, ncbi: FakeNcbi, out: Path, tmp_path: Path
) -> None:
    pmids = tmp_path / "my.txt"
    pmids.write_text("101\n102\n")
    bad = send(400, f'{{"error": "API key invalid", "api-key": "{KEY}"}}'.encode())
    ncbi.failures = [send(200, ncbi.article_set(["101"])), bad]
    result = run("fetch", "--pmids", pmids, "-o", out, "--slice", 1)
    assert result.exit_code == 3
    assert "error: " in result.stderr
    assert "API key invalid" in result.stderr
    assert "1 records could not be had: the same command asks for them again" in result.stderr
    assert KEY not in result.stderr
    assert run("fetch", "--pmids", pmids, "-o", out).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["fetch"],
        ["fetch", "-o", "out"],
        ["fetch", "--query", "x"],
        ["fetch", "--query", " ", "-o", "out"],
        ["fetch", "--query", "x", "--baseline", "-o", "out"],
        ["fetch", "--query", "x", "--files", "1", "-o", "out"],
        ["fetch", "--baseline", "--files", "x", "-o", "out"],
        ["fetch", "--query", "x", "--slice", "0", "-o", "out"],
        ["fetch", "--baseline", "--slice", "9", "-o", "out"],
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_fetch_refuses_wrong_usage(run: Run, ncbi: FakeNcbi, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert ncbi.asked == []


def test_fetch_names_the_line_that_is_no_pmid(run: Run, ncbi: FakeNcbi, tmp_path: Path) -> None:
    pmids = tmp_path / "my.txt"
    pmids.write_text("101\nPMC7\n")
    result = run("fetch", "--pmids", pmids, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {pmids}:2: 'PMC7' is no PMID")
    assert not (tmp_path / "out").exists()


def test_fetch_without_hits_does_nothing(run: Run, ncbi: FakeNcbi, out: Path) -> None:
    result = run("fetch", "--query", "nothing", "-o", out)
    assert result.exit_code == 1
    assert "error: the query 'nothing' finds no record" in result.stderr


@pytest.mark.parametrize("what", [["--query", "IL-12"], ["--baseline"]], ids=" ".join)
def test_fetch_refuses_an_address_that_is_none(run: Run, out: Path, what: list[str]) -> None:
    result = run("fetch", *what, "-o", out, "--base-url", "file:///etc/")
    assert result.exit_code == 1
    assert "must start with https://" in result.stderr


def test_fetch_ends_with_a_line_when_it_is_interrupted(
    run: Run, ncbi: FakeNcbi, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("il12nlp.pubmed.folder.Kept.add", interrupt)
    result = run("fetch", "--query", "IL-12", "-o", out)
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")
    monkeypatch.undo()


def test_fetch_of_a_server_that_is_not_there_is_told(out: Path) -> None:
    # A proxy of the environment would answer in the server's place.
    clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    code = "import time\ntime.sleep = lambda seconds: None\nfrom il12nlp.cli import main\nmain()"
    command = ["fetch", "--query", "IL-12", "-o", str(out), "--base-url", "http://127.0.0.1:9/"]
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True, text=True, env=clean, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: http://127.0.0.1:9/esearch.fcgi: no answer")
    assert "check the connection" in last
    assert "Traceback" not in done.stderr


def test_fetch_page_names_every_option() -> None:
    from typer.main import get_command

    page = (ROOT / "docs" / "fetch.md").read_text(encoding="utf-8")
    command = get_command(app).commands["fetch"]  # type: ignore[attr-defined]
    options = [o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"]
    assert len(options) >= 9
    assert [
        option for option in options if f"`{option}" not in page and f"fetch {option}" not in page
    ] == []
