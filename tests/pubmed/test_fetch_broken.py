from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from il12nlp.errors import InputError, NetworkError, OutputError
from il12nlp.pubmed import folder as folders
from il12nlp.pubmed.client import EutilsSettings, PubMedClient
from il12nlp.pubmed.fetch import fetch_pmids, fetch_query
from tests.pubmed.fetch_case import QUERY, client_of, ids_in, run_query
from tests.pubmed.ncbi import FakeNcbi, article
from tests.pubmed.server import cut, hang_up, send


@pytest.mark.parametrize(
    "failure",
    [
        send(500),
        send(503, b"busy"),
        send(429, Retry_After="1"),
        cut,
        hang_up,
        send(200, b"<PubmedArticleSet><a></b></PubmedArticleSet>"),
        send(200, b"<!DOCTYPE PubmedArticleSet [<!ENTITY a 'b'>]><PubmedArticleSet/>"),
        send(200, f"<PubmedArticleSet>{article(5, 'unasked')}</PubmedArticleSet>".encode()),
        send(200, f"<PubmedArticleSet>{article(101, 'a') * 2}</PubmedArticleSet>".encode()),
        send(200, b"<eFetchResult><ERROR>no</ERROR></eFetchResult>"),
    ],
    ids=["500", "503", "429", "cut", "hang up", "torn", "entities", "unasked", "twice", "error"],
)
def test_a_wrong_answer_is_asked_for_again(ncbi: FakeNcbi, out: Path, failure: object) -> None:
    ncbi.add(range(101, 104))
    ncbi.failures = [failure]  # type: ignore[list-item]
    assert fetch_pmids(["101", "102", "103"], out, client=client_of(ncbi)).held == 3
    assert len(ncbi.asked) == 2
    assert ids_in(out) == ["101", "102", "103"]


def test_a_slice_that_cannot_be_had_is_told_and_the_others_go_on(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 107))
    pmids = [str(pmid) for pmid in range(101, 107)]
    ncbi.failures = [send(200, ncbi.article_set(pmids[:2])), send(500), send(500)]
    done = fetch_pmids(pmids, out, client=client_of(ncbi), slice_size=2)
    assert (done.held, done.failed, done.missing) == (4, 2, 0)
    assert "HTTP status 500" in done.reasons[0]
    assert "103, 104" in done.reasons[0]
    assert fetch_pmids(pmids, out, client=client_of(ncbi)).held == 6


def test_a_service_that_is_down_is_not_asked_for_every_slice(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 121))
    pmids = [str(pmid) for pmid in range(101, 121)]
    ncbi.failures = [send(200, ncbi.article_set(["101"])), *[send(500)] * 40]
    done = fetch_pmids(pmids, out, client=client_of(ncbi), slice_size=1)
    assert (done.held, done.failed) == (1, 19)
    assert len(ncbi.asked) == 1 + 3 * 2


def test_nothing_at_all_is_an_error(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 102))
    ncbi.failures = [send(500)] * 9
    with pytest.raises(NetworkError, match=r"HTTP status 500 .*try again later"):
        fetch_pmids(["101"], out, client=client_of(ncbi))


def test_answers_are_bounded(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 104))
    with pytest.raises(NetworkError, match=r"longer than 50 bytes.*ask for fewer"):
        fetch_pmids(["101", "102"], out, client=client_of(ncbi, max_bytes=50))


def test_requests_keep_to_the_rate_that_the_server_allows(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 107))
    ncbi.limit = 3
    settings = EutilsSettings(base_url=ncbi.eutils, attempts=1)
    pmids = [str(pmid) for pmid in range(101, 107)]
    fetch_pmids(pmids, out, client=PubMedClient(settings), slice_size=1)
    times = [asked.at for asked in ncbi.asked]
    assert len(times) == 6
    # What the way to the server takes may differ from one request to the next.
    assert all(b - a > 0.25 for a, b in pairwise(times))


def test_folder_of_another_query_is_left_alone(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 103))
    run_query(ncbi, out)
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    with pytest.raises(OutputError, match=r"holds query 'interleukin-12 AND neoplasms', not"):
        fetch_query("IL-2", out, client=client_of(ncbi))
    with pytest.raises(OutputError, match="not pmids"):
        fetch_pmids(["1"], out, client=client_of(ncbi))
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


def test_folder_with_other_files_is_left_alone(ncbi: FakeNcbi, out: Path) -> None:
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="is not empty"):
        run_query(ncbi, out)
    assert ncbi.asked == []
    assert os.listdir(out) == ["thesis.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"source": "query", "of": "x", "version": 9, "slices": []}',
        '{"source": "query", "of": "x", "version": 1, "slices": [{"name": "../a.xml.gz", '
        '"sha256": "", "records": 1}]}',
        '{"source": "query", "of": "x", "version": 1, "slices": [1]}',
    ],
    ids=["text", "list", "version", "path", "slice"],
)
def test_manifest_that_is_none_is_refused(ncbi: FakeNcbi, out: Path, text: str) -> None:
    out.mkdir()
    (out / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest.json: is no manifest of a fetch"):
        run_query(ncbi, out)
    assert (out / "manifest.json").read_text() == text
    assert os.listdir(out) == ["manifest.json"]


def test_two_fetches_into_one_folder_are_refused(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 103))
    with (
        folders.claimed(out, source="query", of=QUERY),
        pytest.raises(OutputError, match="another il12nlp fetch is at work"),
    ):
        run_query(ncbi, out)
    assert run_query(ncbi, out).held == 2


def test_full_disk_is_told_and_nothing_is_damaged(
    ncbi: FakeNcbi, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncbi.add(range(101, 111))
    fsync, left = os.fsync, [6]

    def full(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match=r"No space left on device.*same command again"):
            run_query(ncbi, out)
    assert list(out.glob(".*.part")) == []
    assert run_query(ncbi, out).held == 10
    assert sorted(ids_in(out)) == [str(pmid) for pmid in range(101, 111)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder_is_told(ncbi: FakeNcbi, out: Path) -> None:
    out.mkdir(mode=0o555)
    with pytest.raises(OutputError, match=r"pubmed.*cannot be written"):
        run_query(ncbi, out)


def test_a_file_in_the_place_of_the_folder_is_told(ncbi: FakeNcbi, out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(OutputError, match="no folder that can be written"):
        run_query(ncbi, out)
    assert out.read_text() == "mine"
