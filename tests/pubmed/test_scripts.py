"""The scripts around stand-off corpora, run as a user runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.formats.canonical import document_to_dict
from il12nlp.pubmed.standoff import read_standoff, write_standoff
from tests.pubmed.documents import annotated
from tests.pubmed.server import FakeEutils

SCRIPTS = Path(__file__).parents[2] / "scripts"


def _run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NCBI_")}
    return subprocess.run(
        [sys.executable, SCRIPTS / script, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


def _texts(path: Path, *pmids: str) -> Path:
    title, abstract = annotated().text.split("\n")
    rows = [{"pmid": pmid, "title": title, "abstract": abstract} for pmid in pmids]
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_standoff([annotated("101"), annotated("102")], tmp_path / "standoff.jsonl")
    return tmp_path / "standoff.jsonl"


def test_hydrate_script_fetches_and_tells_the_counts(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    done = _run("hydrate.py", corpus, tmp_path / "out.jsonl", "--base-url", eutils.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 documents: 2 with the very text that was annotated, 0 anchored anew" in done.stdout
    assert "22 mentions (0 lost), 10 relations (0 lost)" in done.stdout


def test_hydrate_script_takes_a_file_and_exits_3_where_records_fail(
    corpus: Path, tmp_path: Path
) -> None:
    texts = _texts(tmp_path / "texts.jsonl", "102")
    done = _run("hydrate.py", corpus, tmp_path / "out.jsonl", "--from", texts)
    assert done.returncode == 3
    assert "1 without text" in done.stdout
    assert "out.jsonl.failures.jsonl" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["none.jsonl"], ["standoff.jsonl", "--from", "none.xml"]],
    ids=["corpus", "source"],
)
def test_hydrate_script_exits_1_where_nothing_can_be_done(
    corpus: Path, tmp_path: Path, arguments: list[str]
) -> None:
    paths = [a if a.startswith("--") else str(corpus.with_name(a)) for a in arguments]
    done = _run("hydrate.py", paths[0], tmp_path / "out.jsonl", *paths[1:])
    assert done.returncode == 1
    assert "none." in done.stderr
    assert "Traceback" not in done.stderr


def test_hydrate_script_exits_2_on_wrong_usage() -> None:
    assert _run("hydrate.py").returncode == 2


def test_make_standoff_script_writes_what_hydrate_reads(tmp_path: Path) -> None:
    folder, out = tmp_path / "full", tmp_path / "standoff"
    folder.mkdir()
    documents = [annotated("7"), annotated("8").replace(pmid=None, id="A1-001")]
    lines = [orjson.dumps(document_to_dict(d)) for d in documents]
    (folder / "dev.jsonl").write_bytes(b"\n".join(lines))
    done = _run("make_standoff.py", folder, out)
    assert (done.returncode, done.stdout) == (0, "dev.jsonl: 1 of 2 documents have a PMID\n")
    assert [r.pmid for r in read_standoff(out / "dev.jsonl")] == ["7"]
    texts = _texts(tmp_path / "texts.jsonl", "7")
    assert (
        _run("hydrate.py", out / "dev.jsonl", tmp_path / "o.jsonl", "--from", texts).returncode == 0
    )
    (restored,) = formats.read(tmp_path / "o.jsonl")
    assert isinstance(restored, Document)
    assert restored.replace(passages=()) == annotated("7")


def test_scripts_make_and_hydrate_a_corpus_without_surfaces(tmp_path: Path) -> None:
    folder, out = tmp_path / "full", tmp_path / "standoff"
    folder.mkdir()
    document = annotated("8").replace(pmid=None, id="invented-1")
    (folder / "train.jsonl").write_bytes(orjson.dumps(document_to_dict(document)))
    done = _run("make_standoff.py", folder, out, "--no-surfaces")
    assert done.stdout == "train.jsonl: 1 of 1 documents have a PMID or a source\n"
    texts = [_texts(tmp_path / "a.jsonl", "7"), tmp_path / "b.jsonl"]
    texts[1].write_bytes(orjson.dumps({"id": "1", "text": document.text}))
    done = _run("hydrate.py", out / "train.jsonl", tmp_path / "o.jsonl", "--from", *texts)
    assert (done.returncode, done.stderr) == (0, "")
    (restored,) = formats.read(tmp_path / "o.jsonl")
    assert isinstance(restored, Document)
    assert restored.replace(passages=()) == document


def test_make_standoff_script_names_the_bad_line(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "dev.jsonl").write_text('{"id": "1", "text": 5}\n')
    done = _run("make_standoff.py", tmp_path / "full", tmp_path / "out")
    assert done.returncode == 1
    assert "dev.jsonl:1: " in done.stderr


def test_make_demo_script_names_what_is_missing(tmp_path: Path) -> None:
    texts = _texts(tmp_path / "texts.jsonl", "7")
    done = _run("make_demo.py", texts, tmp_path / "demo")
    assert done.returncode == 1
    assert "texts.jsonl: lacks A1-010" in done.stderr


@pytest.mark.parametrize("name", ["hydrate.py", "make_standoff.py", "make_demo.py"])
def test_script_is_thin(name: str) -> None:
    assert len((SCRIPTS / name).read_text().splitlines()) <= 80
