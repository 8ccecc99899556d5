"""Runs over a folder of PubMed's files with the index beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from il12nlp.batch import Summary
from tests.batch.stub import start
from tests.pubmed.baseline_case import ONE, TWO, run_baseline
from tests.pubmed.ncbi import FakeNcbi, article, fake_ncbi, file_xml


@pytest.fixture
def ncbi() -> Iterator[FakeNcbi]:
    """A file of the baseline."""
    with fake_ncbi() as state:
        state.add_file(f"baseline/{ONE}", file_xml(article(101, "one"), article(102, "two")))
        yield state


def annotate(pubmed: Path, out: Path) -> Summary:
    return start(out, *sorted(pubmed.glob("*.gz")))


def reasons(out: Path) -> dict[str, str]:
    """File and reason of each failure."""
    failures = map(json.loads, (out / "failures.jsonl").read_text().splitlines())
    return {Path(failure["source"]).name: failure["reason"] for failure in failures}


def test_file_that_the_index_did_not_know_is_annotated_once_it_does(
    ncbi: FakeNcbi, tmp_path: Path
) -> None:
    pubmed, out = tmp_path / "pubmed", tmp_path / "out"
    run_baseline(ncbi, pubmed)
    ncbi.add_file(f"updatefiles/{TWO}", file_xml(article(201, "three")))
    (pubmed / TWO).write_bytes(ncbi.files[f"updatefiles/{TWO}"])
    summary = annotate(pubmed, out)
    assert (summary.documents, summary.failed) == (2, 1)
    assert "is not in the index beside it yet" in reasons(out)[TWO]
    run_baseline(ncbi, pubmed)
    summary = annotate(pubmed, out)
    assert (summary.documents, summary.failed) == (3, 0)
    assert not (out / "failures.jsonl").exists()


def test_damaged_index_is_named_as_what_to_remove(ncbi: FakeNcbi, tmp_path: Path) -> None:
    pubmed, out = tmp_path / "pubmed", tmp_path / "out"
    run_baseline(ncbi, pubmed)
    (pubmed / "newest.sqlite3").write_bytes(b"not a database" * 100)
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "1", "text": "IL-2 rose."}\n')
    start(out, pubmed / ONE, own)
    assert f"{pubmed / 'newest.sqlite3'}: cannot be used" in reasons(out)[ONE]
