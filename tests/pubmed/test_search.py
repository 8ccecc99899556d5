from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from il12nlp.errors import InputError, NetworkError
from il12nlp.pubmed import search
from il12nlp.pubmed.answers import MOST_FOUND
from il12nlp.pubmed.client import EutilsSettings, PubMedClient
from il12nlp.pubmed.fetch import fetch_query
from il12nlp.pubmed.search import find
from tests.pubmed.ncbi import FakeNcbi
from tests.pubmed.server import send


def _client(ncbi: FakeNcbi) -> PubMedClient:
    settings = EutilsSettings(base_url=ncbi.eutils, attempts=2)
    return PubMedClient(settings, sleep=lambda _: None)


def test_a_small_search_is_one_request(ncbi: FakeNcbi) -> None:
    ncbi.add(range(101, 104))
    [found] = find("IL-12", _client(ncbi)).parts
    assert (found.count, found.pmids) == (3, ("101", "102", "103"))
    assert "mindate" not in ncbi.asked[0].form


def test_a_large_search_is_cut_by_date_and_loses_nothing(ncbi: FakeNcbi) -> None:
    for year in range(1970, 2025):
        ncbi.add(range(year * 1000, year * 1000 + 500), date(year, 3, 1))
    parts = find("IL-12", _client(ncbi)).parts
    pmids = [pmid for part in parts for pmid in part.pmids]
    assert len(parts) > 2
    assert all(part.count <= MOST_FOUND for part in parts)
    assert len(pmids) == len(set(pmids)) == 55 * 500
    assert {a.form.get("datetype") for a in ncbi.asked[1:]} == {"edat"}


def test_what_was_entered_today_or_long_ago_is_found(
    ncbi: FakeNcbi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 10)
    ncbi.add(range(1, 7), date(1800, 1, 1))
    ncbi.add(range(7, 13), date.today())
    search_result = find("IL-12", _client(ncbi))
    assert (len(search_result.parts), search_result.lacking) == (2, 0)


def test_records_of_a_large_search_are_fetched_each_once(
    ncbi: FakeNcbi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(40):
        ncbi.add(range(1000 + day, 1001 + day), date(2020, 1, 1) + timedelta(days=day))
    monkeypatch.setattr(search, "MOST_FOUND", 15)
    done = fetch_query("IL-12", tmp_path / "out", client=_client(ncbi), slice_size=10)
    assert (done.wanted, done.held, done.missing) == (40, 40, 0)
    assert all("id" not in asked.form for asked in ncbi.asked)


def test_a_day_with_too_many_records_is_told(
    ncbi: FakeNcbi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 10)
    ncbi.add(range(1, 12), date(2020, 1, 1))
    with pytest.raises(InputError, match=r"11 records entered on 2020-01-01.*narrow it"):
        find("IL-12", _client(ncbi))


def test_a_search_for_too_much_names_the_baseline(
    ncbi: FakeNcbi, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncbi.add(range(1, 10_002))
    monkeypatch.setattr(search, "MOST_WANTED", 10_000)
    with pytest.raises(InputError, match=r"10,001 records, at most 10,000.*--baseline"):
        find("IL-12", _client(ncbi))


def test_phrases_that_pubmed_does_not_know_are_told(
    ncbi: FakeNcbi, caplog: pytest.LogCaptureFixture
) -> None:
    ncbi.add(range(1, 3))
    ncbi.search_says = {
        "errorlist": {"phrasesnotfound": ["interlukin"], "fieldsnotfound": ["tit"]},
        "warninglist": {"phrasesignored": ["the"], "quotedphrasesnotfound": ['"il-12 plasmid"']},
    }
    find('interlukin AND the "il-12 plasmid" AND neoplasms[tit]', _client(ncbi))
    assert """does not know: 'interlukin', 'tit', '"il-12 plasmid"'\n""" in caplog.text


def test_what_pubmed_counts_but_does_not_list_is_told(
    ncbi: FakeNcbi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 10)
    ncbi.add(range(1, 11))
    ncbi.add(range(11, 14), date(1700, 1, 1))
    done = fetch_query("IL-12", tmp_path / "out", client=_client(ncbi))
    assert (done.wanted, done.held, done.failed) == (13, 10, 3)
    assert done.reasons == ("PubMed counts 13 records of the query but lists 10",)


def test_a_pmid_that_is_listed_twice_does_not_hide_one_that_is_not(
    ncbi: FakeNcbi, tmp_path: Path
) -> None:
    ncbi.add(range(1, 4))
    ncbi.search_says = {"idlist": ["1", "2", "1"]}
    done = fetch_query("IL-12", tmp_path / "out", client=_client(ncbi))
    assert (done.wanted, done.held, done.failed) == (3, 2, 1)
    assert done.reasons == ("PubMed counts 3 records of the query but lists 2",)


@pytest.mark.parametrize(
    "body",
    [
        b'{"esearchresult": {"ERROR": "Search Backend failed:\tno\nreason"}}',
        b'{"esearchresult": {"count": "2", "idlist": [], "webenv": "M", "querykey": "1"}}',
        b'{"esearchresult": {"count": "1", "idlist": ["1", "2"], "webenv": "M", "querykey": "1"}}',
        b'{"esearchresult": {"count": "1", "idlist": ["../1"], "webenv": "M", "querykey": "1"}}',
        b'{"esearchresult": {"count": "1", "idlist": ["1"], "querykey": "1"}}',
        b'{"esearchresult": {"count": "1", "idlist": ["1"], "webenv": "M&x=1", "querykey": "1"}}',
        b'{"esearchresult": []}',
        b"[" * 100_000,
        b"<html>busy</html>",
    ],
    ids=["error", "none", "too many", "path", "no history", "odd history", "list", "deep", "html"],
)
def test_a_malformed_result_is_asked_for_again(ncbi: FakeNcbi, body: bytes) -> None:
    ncbi.add(range(101, 104))
    ncbi.failures = [send(200, body)]
    assert find("IL-12", _client(ncbi)).count == 3
    ncbi.failures = [send(200, body)] * 2
    with pytest.raises(NetworkError, match=r"no result of a search.*the query 'IL-12'"):
        find("IL-12", _client(ncbi))
