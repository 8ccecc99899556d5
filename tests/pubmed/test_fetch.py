from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from il12nlp.errors import InputError
from il12nlp.pubmed.fetch import Summary, fetch_pmids, fetch_query
from tests.conftest import ROOT
from tests.pubmed.fetch_case import QUERY, client_of, ids_in, run_query, slices_in
from tests.pubmed.ncbi import FakeNcbi
from tests.pubmed.server import send


def test_query_is_fetched_from_the_history_in_slices(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 111))
    assert run_query(ncbi, out) == Summary(10, 10, 10, 0, 0, ())
    assert ids_in(out) == [str(pmid) for pmid in range(101, 111)]
    assert slices_in(out) == [f"slice-{n:06d}.xml.gz" for n in (1, 2, 3)]
    [search, *fetches] = ncbi.asked
    assert (search.form["usehistory"], search.form["term"]) == ("y", QUERY)
    assert [f.form["retstart"] for f in fetches] == ["0", "4", "8"]
    assert {f.form["WebEnv"] for f in fetches} == set(ncbi.history)


def test_requests_say_who_asks(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 102))
    client = client_of(ncbi, email="a@b.org", tool="t", api_key="k")
    fetch_query(QUERY, out, client=client)
    for asked in ncbi.asked:
        assert (asked.form["email"], asked.form["tool"], asked.form["api_key"]) == (
            "a@b.org", "t", "k")  # fmt: skip


def test_manifest_tells_what_the_folder_holds(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 107))
    run_query(ncbi, out)
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["source"], manifest["of"]) == ("query", QUERY)
    assert [(s["name"], s["records"]) for s in manifest["slices"]] == [
        ("slice-000001.xml.gz", 4), ("slice-000002.xml.gz", 2)]  # fmt: skip


def test_fetch_again_adds_only_what_is_new(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 106))
    run_query(ncbi, out)
    ncbi.add(range(106, 108))
    ncbi.asked.clear()
    assert run_query(ncbi, out) == Summary(7, 7, 2, 0, 0, ())
    assert [a.form.get("id") for a in ncbi.asked] == [None, "106,107"]
    assert sorted(ids_in(out)) == [str(pmid) for pmid in range(101, 108)]


def test_fetch_that_is_complete_asks_for_no_record(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 106))
    run_query(ncbi, out)
    ncbi.asked.clear()
    assert run_query(ncbi, out).new == 0
    assert ncbi.paths("efetch") == []


@pytest.mark.parametrize("damage", ["gone", "cut", "changed"])
def test_a_slice_that_is_not_whole_is_fetched_again(ncbi: FakeNcbi, out: Path, damage: str) -> None:
    ncbi.add(range(101, 111))
    run_query(ncbi, out)
    path = out / "slice-000002.xml.gz"
    good = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(good[:-9] if damage == "cut" else good[:-1] + b"\1")
    ncbi.asked.clear()
    assert run_query(ncbi, out) == Summary(10, 10, 4, 0, 0, ())
    assert [a.form["id"] for a in ncbi.asked[1:]] == ["105,106,107,108"]
    assert sorted(ids_in(out)) == [str(pmid) for pmid in range(101, 111)]


def test_fetch_goes_on_after_a_kill(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(1001, 1041))
    code = (
        "import os, signal\n"
        "from il12nlp.pubmed import folder\n"
        "from il12nlp.pubmed.client import EutilsSettings, PubMedClient\n"
        "from il12nlp.pubmed.fetch import fetch_query\n"
        "write, left = folder.write_manifest, [4]\n"
        "def kill(*given):\n"
        "    left[0] -= 1\n"
        "    if not left[0]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    write(*given)\n"
        "folder.write_manifest = kill\n"
        f"client = PubMedClient(EutilsSettings(base_url={ncbi.eutils!r}, api_key='k'))\n"
        f"fetch_query({QUERY!r}, {str(out)!r}, client=client, slice_size=5)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert len(slices_in(out)) == 3
    assert len(json.loads((out / "manifest.json").read_text())["slices"]) == 2
    assert run_query(ncbi, out, size=5) == Summary(40, 40, 30, 0, 0, ())
    assert sorted(ids_in(out)) == [str(pmid) for pmid in range(1001, 1041)]


def test_only_half_written_files_of_a_fetch_are_removed(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 103))
    run_query(ncbi, out)
    other = out / ".annotated.jsonl.7.part"  # `annotate` is at work in the folder
    names = ["manifest.json.7", "missing.pmids.7", "slice-000001.xml.gz.7", "pubmed26n0001.xml.gz"]
    for path in (other, *(out / f".{name}.part" for name in names)):
        path.touch()
    run_query(ncbi, out)
    assert list(out.glob(".*.part")) == [other]


def test_same_answers_give_the_same_files(ncbi: FakeNcbi, tmp_path: Path) -> None:
    ncbi.add(range(101, 111))
    for name in ("a", "b"):
        run_query(ncbi, tmp_path / name)
    for name in [*slices_in(tmp_path / "a"), "manifest.json"]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_what_the_history_leaves_out_is_asked_for_by_pmid(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 105))
    ncbi.failures = [ncbi.right(), send(200, ncbi.article_set(["101", "103"]))]
    assert run_query(ncbi, out) == Summary(4, 4, 4, 0, 0, ())
    assert ncbi.asked[-1].form["id"] == "102,104"


def test_a_history_that_is_gone_is_done_without(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 105))
    ncbi.failures = [ncbi.right(), send(400, b'{"error":"Unable to obtain query #1"}')]
    assert run_query(ncbi, out) == Summary(4, 4, 4, 0, 0, ())


def test_query_without_hits_says_so_and_can_be_mended(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 103))
    with pytest.raises(InputError, match=r"'nothing' finds no record"):
        fetch_query("nothing", out, client=client_of(ncbi))
    assert slices_in(out) == []
    assert run_query(ncbi, out).held == 2


def test_pmids_are_fetched_and_the_missing_are_listed(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 106))
    wanted = ["105", "999", "101", "998", "103"]
    done = fetch_pmids(wanted, out, client=client_of(ncbi), slice_size=2)
    assert done == Summary(5, 3, 3, 2, 0, ())
    assert sorted(ids_in(out)) == ["101", "103", "105"]
    assert (out / "missing.pmids").read_text() == "999\n998\n"
    ncbi.add(range(998, 1000))
    assert fetch_pmids(wanted, out, client=client_of(ncbi)) == Summary(5, 5, 2, 0, 0, ())
    assert not (out / "missing.pmids").exists()


def test_pmids_that_are_all_unknown_leave_no_slice(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.failures = [send(400, b"ID list is empty! Possibly it has no correct IDs.")]
    assert fetch_pmids(["999"], out, client=client_of(ncbi)) == Summary(1, 0, 0, 1, 0, ())
    assert slices_in(out) == []


def test_what_an_answer_leaves_out_is_asked_for_once_more(ncbi: FakeNcbi, out: Path) -> None:
    ncbi.add(range(101, 104))
    ncbi.failures = [send(200, ncbi.article_set(["101"]))]
    done = fetch_pmids(["101", "102", "103", "999"], out, client=client_of(ncbi))
    assert done == Summary(4, 3, 3, 1, 0, ())
    assert [a.form["id"] for a in ncbi.asked] == ["101,102,103,999", "102,103,999"]
