from __future__ import annotations

import json
import re
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from il12nlp.document import Document
from il12nlp.errors import ConfigError, InputError, NetworkError
from il12nlp.formats import Failure
from il12nlp.pubmed.client import EUTILS_URL, EutilsSettings, PubMedClient
from tests.pubmed.ncbi import FakeNcbi
from tests.pubmed.server import FakeEutils, cut, hang_up, send

SECRET = "0123456789abcdef"


class Time:
    """A clock that only sleeping moves, and which remembers the pauses."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 3))
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def _client(eutils: FakeEutils, time: Time, **settings: object) -> PubMedClient:
    base = EutilsSettings(base_url=eutils.url, first_pause=1.0)
    return PubMedClient(
        replace(base, **settings),  # type: ignore[arg-type]
        sleep=time.sleep,
        clock=time.clock,
        jitter=lambda: 0.0,
    )


def test_fetch_yields_the_documents_of_the_pmids(eutils: FakeEutils, time: Time) -> None:
    found = list(_client(eutils, time).fetch(["102", "101"]))
    documents = [d for d in found if isinstance(d, Document)]
    assert [d.pmid for d in documents] == ["102", "101"]
    assert documents[0].text.startswith("Local IL-12 in B16 melanoma.\nIL-12 with TNF-α may")


def test_fetch_posts_what_ncbi_asks_for(eutils: FakeEutils, time: Time) -> None:
    list(_client(eutils, time, email="a@b.org", api_key=SECRET).fetch(["101", "102"]))
    assert eutils.paths == ["/entrez/eutils/efetch.fcgi"]
    assert eutils.requests == [
        {
            "db": "pubmed",
            "retmode": "xml",
            "id": "101,102",
            "tool": "il12nlp",
            "email": "a@b.org",
            "api_key": SECRET,
        }
    ]


def test_fetch_asks_in_batches(eutils: FakeEutils, time: Time) -> None:
    found = list(_client(eutils, time, batch_size=2).fetch(["101", "102", "103", "104", "105"]))
    assert len(found) == 5
    assert [r["id"] for r in eutils.requests] == ["101,102", "103,104", "105"]


def test_fetch_leaves_out_what_pubmed_lacks(eutils: FakeEutils, time: Time) -> None:
    assert list(_client(eutils, time).fetch(["999"])) == []


def test_a_refusal_of_pmids_that_are_all_unknown_is_no_error(
    eutils: FakeEutils, time: Time
) -> None:
    eutils.failures = [send(400, b"ID list is empty! Possibly it has no correct IDs.")]
    assert list(_client(eutils, time).fetch(["999"])) == []


@pytest.mark.parametrize(("key", "interval"), [(None, 0.333), (SECRET, 0.1)])
def test_requests_are_spaced_as_ncbi_asks(
    eutils: FakeEutils, time: Time, key: str | None, interval: float
) -> None:
    list(_client(eutils, time, batch_size=1, api_key=key).fetch(["101", "102", "103"]))
    assert time.pauses == [interval, interval]


def test_nothing_is_sent_before_a_record_is_asked_for(eutils: FakeEutils, time: Time) -> None:
    _client(eutils, time).fetch(["101"])
    assert eutils.requests == []


@pytest.mark.parametrize(
    "failure",
    [
        send(500),
        send(503, b"busy"),
        cut,
        hang_up,
        send(200, b'{"error":"API rate limit exceeded"}'),
        send(200, b"<PubmedArticleSet><PubmedArticle>"),
    ],
    ids=["500", "503", "cut", "hang up", "error with status 200", "truncated XML"],
)
def test_passing_failures_are_tried_again(eutils: FakeEutils, time: Time, failure: object) -> None:
    eutils.failures = [failure, failure]  # type: ignore[list-item]
    assert len(list(_client(eutils, time).fetch(["101"]))) == 1
    assert time.pauses == [1.0, 2.0]


def test_a_cut_connection_is_told(eutils: FakeEutils, time: Time) -> None:
    eutils.failures = [cut]
    with pytest.raises(NetworkError, match=r"connection was cut with \d+ bytes to come"):
        _client(eutils, time, attempts=1).fetch_xml(["101"])


def test_pauses_double_up_to_the_longest(eutils: FakeEutils, time: Time) -> None:
    eutils.failures = [send(500)] * 4
    list(_client(eutils, time, longest_pause=3.0).fetch(["101"]))
    assert time.pauses == [1.0, 2.0, 3.0, 3.0]


def test_pauses_are_scattered_so_that_clients_do_not_come_back_together(
    eutils: FakeEutils, time: Time
) -> None:
    eutils.failures = [send(500)] * 2
    settings = EutilsSettings(base_url=eutils.url)
    client = PubMedClient(settings, sleep=time.sleep, clock=time.clock, jitter=lambda: 1.0)
    client.fetch_xml(["101"])
    assert time.pauses == [1.5, 3.0]


def test_redirection_away_from_http_is_an_error(eutils: FakeEutils, time: Time) -> None:
    eutils.failures = [send(302, Location="file:///etc/passwd")]
    with pytest.raises(NetworkError, match="status 302"):
        list(_client(eutils, time).fetch(["101"]))


def test_retry_after_in_seconds_is_kept(eutils: FakeEutils, time: Time) -> None:
    eutils.failures = [send(429, Retry_After="7")]
    list(_client(eutils, time).fetch(["101"]))
    assert time.pauses == [7.0]


def test_retry_after_as_a_date_is_kept(eutils: FakeEutils, time: Time) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    eutils.failures = [send(503, Retry_After=at)]
    list(_client(eutils, time).fetch(["101"]))
    assert 25 < time.pauses[0] <= 30


@pytest.mark.parametrize("value", ["soon", "²", "-1", f"Wed, 21 Oct 2026 07:28:00 +{10**20}"])
def test_senseless_retry_after_is_passed_over(eutils: FakeEutils, time: Time, value: str) -> None:
    eutils.failures = [send(503, Retry_After=value.encode().decode("latin-1"))]
    list(_client(eutils, time).fetch(["101"]))
    assert time.pauses == [1.0]


def test_too_long_a_retry_after_is_an_error(eutils: FakeEutils, time: Time) -> None:
    eutils.failures = [send(429, Retry_After="86400")]
    with pytest.raises(NetworkError, match=r"status 429 .* asks to wait 86400 s; attempt 1"):
        list(_client(eutils, time).fetch(["101"]))
    assert time.pauses == []


def test_error_names_url_status_pmids_and_remedy(eutils: FakeEutils, time: Time) -> None:
    eutils.failures = [send(500, b"Backend failure")] * 9
    with pytest.raises(NetworkError) as caught:
        list(_client(eutils, time).fetch(["101", "102", "103", "104"]))
    message = str(caught.value)
    assert eutils.url + "efetch.fcgi" in message
    assert "HTTP status 500" in message
    assert "Backend failure" in message
    assert "attempt 5 for 4 PMIDs (101, 102, 103, …)" in message
    assert "NCBI_API_KEY" in message
    assert len(eutils.requests) == 5


def test_lasting_refusal_is_not_repeated(eutils: FakeEutils, time: Time) -> None:
    eutils.failures = [send(400, b"no such database")]
    with pytest.raises(NetworkError, match=r"status 400 .*no such database.*check the PMIDs"):
        list(_client(eutils, time).fetch(["101"]))
    assert len(eutils.requests) == 1


def test_api_key_stays_out_of_errors_log_and_settings(
    eutils: FakeEutils, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    eutils.failures = [send(400, b'{"error":"API key invalid","api-key":"%s"}' % SECRET.encode())]
    client = _client(eutils, time, api_key=SECRET)
    with pytest.raises(NetworkError, match="API key invalid") as caught:
        list(client.fetch(["101"]))
    assert SECRET not in str(caught.value)
    eutils.failures = [send(500, SECRET.encode())]
    list(client.fetch(["101"]))
    assert "again in" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in repr(client.settings)


@pytest.mark.parametrize("end", ["\r", "\n", " "])
def test_api_key_with_a_line_end_stays_out_of_errors(
    eutils: FakeEutils, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setenv("NCBI_API_KEY", SECRET + end)
    body = json.dumps({"error": "API key invalid", "api-key": SECRET + end}).encode()
    eutils.failures = [send(400, body)]
    client = PubMedClient(EutilsSettings.from_environment(base_url=eutils.url))
    with pytest.raises(NetworkError, match="API key invalid") as caught:
        client.fetch_xml(["101"])
    assert SECRET not in str(caught.value)


def test_no_part_of_an_api_key_is_in_an_error_that_is_cut(ncbi: FakeNcbi, time: Time) -> None:
    ncbi.search_says = {"ERROR": "x" * 150 + SECRET * 2}
    settings = EutilsSettings(base_url=ncbi.eutils, attempts=1, api_key=SECRET)
    with pytest.raises(NetworkError) as caught:
        PubMedClient(settings, sleep=time.sleep, clock=time.clock).search("IL-12")
    assert SECRET[:8] not in str(caught.value)


def test_unreachable_service_is_an_error(time: Time) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        client = PubMedClient(
            EutilsSettings(base_url=url, attempts=2), sleep=time.sleep, clock=time.clock
        )
        with pytest.raises(NetworkError, match=r"no answer .*attempt 2"):
            client.fetch_xml(["101"])


def test_silent_service_is_an_error_after_the_timeout(time: Time) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        settings = EutilsSettings(base_url=url, attempts=1, timeout=0.05)
        with pytest.raises(NetworkError, match="timed out"):
            PubMedClient(settings, sleep=time.sleep, clock=time.clock).fetch_xml(["101"])


def test_answer_is_bounded_in_size(eutils: FakeEutils, time: Time) -> None:
    with pytest.raises(NetworkError, match="longer than 100 bytes"):
        list(_client(eutils, time, max_bytes=100).fetch(["101"]))


def test_answer_is_bounded_in_time(eutils: FakeEutils, time: Time) -> None:
    client = _client(eutils, time, deadline=-1.0, attempts=1)
    with pytest.raises(NetworkError, match="took more than"):
        client.fetch_xml(["101"])


def test_malformed_record_inside_an_answer_is_a_failure(eutils: FakeEutils, time: Time) -> None:
    good = eutils.answer(["101"])
    eutils.failures = [
        send(200, good.replace(b"</PubmedArticleSet>", b"<a></b></PubmedArticleSet>"))
    ]
    document, failure = _client(eutils, time).fetch(["101", "102"])
    assert isinstance(document, Document)
    assert isinstance(failure, Failure)
    assert "malformed" in failure.reason


@pytest.mark.parametrize("pmid", ["A1-001", "0", "", "12 or 1=1", "1234567890123", "１２"])
def test_fetch_refuses_what_is_no_pmid(eutils: FakeEutils, time: Time, pmid: str) -> None:
    with pytest.raises(InputError, match="is no PMID"):
        list(_client(eutils, time).fetch([pmid]))
    assert eutils.requests == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "eutils.example", "ftp://x.example/"])
def test_settings_take_web_addresses_only(url: str) -> None:
    with pytest.raises(ConfigError, match="must start with https"):
        EutilsSettings(base_url=url)


@pytest.mark.parametrize("url", ["http://[::1/", "http://x.example:99999/", "http://x..example/"])
def test_settings_refuse_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConfigError, match=f"base URL '{re.escape(url)}': "):
        EutilsSettings(base_url=url)


@pytest.mark.parametrize("tool", ["IL-12β miner", "il12nlp\r", "a\nb"])
def test_settings_refuse_a_tool_that_no_request_can_name(tool: str) -> None:
    with pytest.raises(ConfigError, match=f"tool {re.escape(repr(tool))}: "):
        EutilsSettings(tool=tool)


@pytest.mark.parametrize("name", ["batch_size", "attempts", "max_bytes"])
def test_settings_refuse_zero(name: str) -> None:
    with pytest.raises(ConfigError, match="at least 1"):
        replace(EutilsSettings(), **{name: 0})  # type: ignore[arg-type]


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert EutilsSettings.from_environment() == EutilsSettings(base_url=EUTILS_URL)
    monkeypatch.setenv("NCBI_API_KEY", SECRET)
    monkeypatch.setenv("NCBI_EMAIL", "a@b.org")
    settings = EutilsSettings.from_environment()
    assert (settings.api_key, settings.email) == (SECRET, "a@b.org")
