from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.errors import InputError, NetworkError, OutputError
from il12nlp.pubmed import baseline as module
from il12nlp.pubmed.baseline import (
    BaselineSummary,
    baseline_settings,
)
from tests.pubmed.baseline_case import ALL, ONE, THREE, TWO, run_baseline, texts_in
from tests.pubmed.ncbi import FakeNcbi, article, file_xml
from tests.pubmed.server import Reply, cut, hang_up, send


@pytest.mark.parametrize(
    "failure",
    [send(500), send(429, Retry_After="1"), cut, hang_up, send(200, b"not the file")],
    ids=["500", "429", "cut", "hang up", "other bytes"],
)
def test_a_failed_download_is_tried_again(served: FakeNcbi, out: Path, failure: Reply) -> None:
    served.failures = [served.right()] * 3 + [failure]
    assert run_baseline(served, out).held == 3
    assert texts_in(out) == ALL


def test_a_wrong_md5_is_told_and_the_file_does_not_stay(served: FakeNcbi, out: Path) -> None:
    served.add_file(f"baseline/{TWO}", file_xml(article(202, "two")), md5="0" * 32)
    done = run_baseline(served, out)
    assert done.held == 2
    digest = hashlib.md5(served.files[f"baseline/{TWO}"]).hexdigest()
    assert f"MD5 is {digest}, not {'0' * 32}" in done.reasons[0]
    assert sorted(p.name for p in out.iterdir() if p.name.endswith(("gz", "part"))) == [ONE, THREE]


@pytest.mark.parametrize(
    "text",
    [b"", b"<html>", b"MD5(pubmed26n0009.xml.gz)= " + b"0" * 32, b"0" * 32, b"x" * 2000],
    ids=["empty", "html", "other file", "bare", "long"],
)
def test_a_malformed_md5_file_is_told(served: FakeNcbi, out: Path, text: bytes) -> None:
    served.files[f"baseline/{TWO}.md5"] = text
    done = run_baseline(served, out)
    assert done.held == 2
    assert f"{TWO}.md5" in done.reasons[0]


def test_right_md5_of_what_is_no_gzip_is_told(served: FakeNcbi, out: Path) -> None:
    served.files[f"baseline/{TWO}"] = b"plain"
    digest = hashlib.md5(b"plain").hexdigest()
    served.files[f"baseline/{TWO}.md5"] = f"MD5({TWO})= {digest}".encode()
    done = run_baseline(served, out)
    assert "is no gzip file" in done.reasons[0]
    assert not (out / TWO).exists()
    assert texts_in(out).keys() == {"101", "102", "301"}


def test_a_server_that_is_down_is_not_asked_for_every_file(ncbi: FakeNcbi, out: Path) -> None:
    for number in range(1, 11):
        name = f"baseline/pubmed26n{number:04d}.xml.gz"
        ncbi.add_file(name, file_xml(article(number + 100, "x")))
        if number > 1:
            ncbi.broken[f"/pubmed/{name}.md5"] = send(500)
    done = run_baseline(ncbi, out)
    assert (done.held, len(done.reasons)) == (1, 3)
    assert len(ncbi.paths(".md5")) == 1 + 3 * 2


def test_nothing_at_all_is_an_error(served: FakeNcbi, out: Path) -> None:
    listed = [path for path in served.files if path.endswith(".md5")]
    served.broken = {f"/pubmed/{path}": send(500) for path in listed}
    with pytest.raises(NetworkError, match=r"HTTP status 500"):
        run_baseline(served, out)


def test_a_file_that_was_not_entered_is_not_downloaded_again(served: FakeNcbi, out: Path) -> None:
    run_baseline(served, out)
    (out / "newest.sqlite3").unlink()
    served.asked.clear()
    assert run_baseline(served, out) == BaselineSummary(3, 3, 3, 4, 1, ())
    assert all(path.endswith((".md5", "/")) for path in served.paths())
    assert texts_in(out) == ALL


def test_a_file_that_is_gone_or_short_comes_again(served: FakeNcbi, out: Path) -> None:
    run_baseline(served, out)
    (out / ONE).unlink()
    (out / TWO).write_bytes(b"short")
    assert run_baseline(served, out).new == 2
    assert texts_in(out) == ALL


def test_a_run_that_ends_while_entering_leaves_no_double(
    served: FakeNcbi, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = []

    def interrupt(source: Path, target: Path) -> None:
        source.rename(target)
        replaced.append(target)
        if target.name == THREE:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module.os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_baseline(served, out)
    # In its place, but not in the index: its citations would come out twice.
    told = [r for r in formats.read_many([out]) if isinstance(r, formats.Failure)]
    assert [(t.source, "fetch --baseline` again" in t.reason) for t in told] == [
        (str(out / THREE), True)]  # fmt: skip
    assert run_baseline(served, out).new == 1
    assert texts_in(out) == ALL


def test_only_names_of_pubmeds_form_are_taken(served: FakeNcbi, out: Path) -> None:
    rows = "".join(
        f'<a href="{name}">x</a>'
        for name in ("../../evil.xml.gz", "/pubmed26n0009.xml.gz", "pubmed26n0008.xml.gz/../x",
                     "http://127.0.0.1/pubmed26n0007.xml.gz", "stats.html", ONE, f"{ONE}.md5")
    )  # fmt: skip
    served.broken = {"/pubmed/baseline/": send(200, rows.encode())}
    assert run_baseline(served, out).files == 2
    assert {p.name for p in out.iterdir() if p.suffix == ".gz"} == {ONE, THREE}


def test_a_place_without_a_baseline_is_told(ncbi: FakeNcbi, out: Path) -> None:
    with pytest.raises(NetworkError, match="lists no file of a baseline; check the base URL"):
        run_baseline(ncbi, out)
    ncbi.broken = {"/pubmed/baseline/": send(404)}
    with pytest.raises(NetworkError, match=r"baseline/: HTTP status 404 .*check the address"):
        run_baseline(ncbi, out)
    assert not out.exists()


def test_downloads_are_bounded(served: FakeNcbi, out: Path) -> None:
    settings = replace(baseline_settings(served.pubmed), max_bytes=100, attempts=1)
    with pytest.raises(NetworkError, match="longer than 100 bytes"):
        run_baseline(served, out, settings=settings)
    assert list(out.glob("*.gz")) == []


def test_full_disk_is_told_and_nothing_is_damaged(
    served: FakeNcbi, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [3]  # the manifest and its folder, and the first file

    def full(_: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module.os, "fsync", full)
        with pytest.raises(OutputError, match=r"No space left on device.*same command again"):
            run_baseline(served, out)
    assert list(out.glob(".*.part")) == []
    assert run_baseline(served, out).held == 3
    assert texts_in(out) == ALL


@pytest.mark.parametrize("content", [b"not a database" * 100, b""], ids=["text", "empty"])
def test_a_damaged_index_is_told_with_its_remedy(
    served: FakeNcbi, out: Path, content: bytes
) -> None:
    run_baseline(served, out)
    (out / "newest.sqlite3").write_bytes(content)
    with pytest.raises(InputError, match=r"newest.sqlite3: cannot be used .*remove it"):
        list(formats.read(out / ONE))
    if content:
        with pytest.raises(InputError, match=r"newest.sqlite3: .*remove it"):
            run_baseline(served, out)
    (out / "newest.sqlite3").unlink()
    run_baseline(served, out)
    assert texts_in(out) == ALL


def test_an_index_of_another_version_is_told(served: FakeNcbi, out: Path) -> None:
    run_baseline(served, out)
    database = sqlite3.connect(out / "newest.sqlite3")
    database.execute("PRAGMA user_version = 9")
    database.close()
    for use in (lambda: run_baseline(served, out), lambda: list(formats.read(out / ONE))):
        with pytest.raises(InputError, match="its version is 9, not 1"):
            use()


def test_a_listing_that_is_cut_is_asked_for_again(served: FakeNcbi, out: Path) -> None:
    served.failures = [cut]
    assert run_baseline(served, out).files == 3
