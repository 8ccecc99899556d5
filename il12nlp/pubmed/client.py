"""Client of the NCBI E-utilities: PubMed records by PMID.

Nothing here touches the network until `fetch_xml` or `fetch` is called. Requests are spaced as NCBI
asks (three a second, ten with an API key), failed ones are repeated with growing pauses, and an
answer is bounded in size and time. https://www.ncbi.nlm.nih.gov/books/NBK25497/
"""

from __future__ import annotations

import http.client
import io
import itertools
import logging
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from il12nlp.errors import ConfigError, InputError, NetworkError
from il12nlp.formats import Record

log = logging.getLogger(__name__)

EUTILS_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"

_PMID = re.compile(r"[1-9][0-9]{0,8}")
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_CHUNK = 1 << 16
_QUOTED = 500
_LAST_TAG = re.compile(rb"(?:</PubmedArticleSet>|<PubmedArticleSet\s*/>)\s*\Z")


@dataclass(frozen=True, slots=True)
class EutilsSettings:
    """How to talk to the service.

    `tool` and `email` tell NCBI whom to write to before blocking an address. Pauses and timeouts
    are in seconds; `timeout` is for each wait on the network, `deadline` for a whole answer.
    """

    base_url: str = EUTILS_URL
    tool: str = "il12nlp"
    email: str | None = None
    api_key: str | None = field(default=None, repr=False)
    batch_size: int = 200
    attempts: int = 5
    first_pause: float = 1.0
    longest_pause: float = 120.0
    timeout: float = 30.0
    deadline: float = 300.0
    max_bytes: int = 1 << 27

    def __post_init__(self) -> None:
        if urllib.parse.urlsplit(self.base_url).scheme not in ("http", "https"):
            raise ConfigError(f"base URL {self.base_url!r}: must start with https:// or http://")
        if min(self.batch_size, self.attempts, self.max_bytes) < 1:
            raise ConfigError("batch_size, attempts and max_bytes must be at least 1")

    @classmethod
    def from_environment(cls, *, base_url: str = EUTILS_URL) -> EutilsSettings:
        """Settings with the API key of NCBI_API_KEY and the address of NCBI_EMAIL, if set."""
        return cls(
            base_url=base_url,
            email=os.environ.get("NCBI_EMAIL") or None,
            api_key=os.environ.get("NCBI_API_KEY") or None,
        )

    @property
    def interval(self) -> float:
        """Shortest time between two requests: 10 a second with an API key, 3 without."""
        return 1 / 10 if self.api_key else 1 / 3


class _Trouble(Exception):
    """One failed attempt: why, whether to try again, and how long the server asks to wait."""

    def __init__(self, reason: str, *, passing: bool, pause: float | None = None) -> None:
        super().__init__(reason)
        self.passing = passing
        self.pause = pause


class PubMedClient:
    """Fetches PubMed records; one client spaces all its requests, and is for one thread.

    `sleep` and `clock` (monotonic seconds) can be replaced in tests.
    """

    def __init__(
        self,
        settings: EutilsSettings | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings or EutilsSettings.from_environment()
        self._sleep = sleep
        self._clock = clock
        self._free_at = clock()

    def fetch(self, pmids: Sequence[str]) -> Iterator[Record]:
        """Documents of the PMIDs, batch by batch as they come; what PubMed lacks is left out.

        Raises NetworkError at the first batch that cannot be had, InputError for a PMID that is
        none.
        """
        from il12nlp.formats.pubmed_xml import read

        size = self.settings.batch_size
        for start in range(0, len(pmids), size):
            body = self.fetch_xml(pmids[start : start + size])
            yield from read(io.BytesIO(body), self._url)

    def fetch_xml(self, pmids: Sequence[str]) -> bytes:
        """One answer of efetch, a complete PubmedArticleSet, for up to a few hundred PMIDs.

        Raises NetworkError when all attempts fail, InputError for a PMID that is none.
        """
        for pmid in pmids:
            if not _PMID.fullmatch(pmid):
                raise InputError(f"{pmid!r} is no PMID: up to nine digits, not starting with 0")
        data = self._form(pmids)
        pause = self.settings.first_pause
        for attempt in itertools.count(1):
            self._wait_for_turn()
            try:
                return self._post(data)
            except _Trouble as trouble:
                wait = pause if trouble.pause is None else trouble.pause
                last = attempt == self.settings.attempts
                if last or not trouble.passing or wait > self.settings.longest_pause:
                    raise self._error(trouble, attempt, pmids) from trouble
                log.warning("%s: %s; again in %.1f s", self._url, trouble, wait)
            self._sleep(wait)
            pause = min(2 * pause, self.settings.longest_pause)
        raise RuntimeError("never reached: the last attempt returns or raises")

    @property
    def _url(self) -> str:
        return urllib.parse.urljoin(self.settings.base_url.rstrip("/") + "/", "efetch.fcgi")

    def _form(self, pmids: Sequence[str]) -> bytes:
        form = {
            "db": "pubmed",
            "retmode": "xml",
            "id": ",".join(pmids),
            "tool": self.settings.tool,
            "email": self.settings.email,
            "api_key": self.settings.api_key,
        }
        return urllib.parse.urlencode({k: v for k, v in form.items() if v}).encode()

    def _wait_for_turn(self) -> None:
        wait = self._free_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._free_at = max(self._free_at, self._clock()) + self.settings.interval

    def _post(self, data: bytes) -> bytes:
        request = urllib.request.Request(self._url, data, {"User-Agent": self.settings.tool})
        try:
            with urllib.request.urlopen(request, timeout=self.settings.timeout) as response:
                body = self._read(response)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from error
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise _Trouble(f"no answer ({reason!r})", passing=True) from error
        if not _LAST_TAG.search(body[-200:]):
            reason = f"the answer is no complete PubmedArticleSet: {self._quote(body)}"
            raise _Trouble(reason, passing=True)
        return body

    def _refusal(self, error: urllib.error.HTTPError) -> _Trouble:
        try:
            words = self._quote(error.read(_QUOTED))
        except (OSError, http.client.HTTPException):
            words = "no reason given"
        return _Trouble(
            f"HTTP status {error.code} {error.reason}: {words}",
            passing=error.code in _PASSING,
            pause=_retry_after(error.headers.get("Retry-After")),
        )

    def _quote(self, body: bytes) -> str:
        """The start of an answer for a message; NCBI repeats a bad API key, which stays secret."""
        words = " ".join(body[:_QUOTED].decode("utf-8", "replace").split())
        return repr(words.replace(self.settings.api_key or "\0", "…")[:160])

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        until = self._clock() + self.settings.deadline
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > self.settings.max_bytes:
                reason = f"the answer is longer than {self.settings.max_bytes} bytes"
                raise _Trouble(reason, passing=False)
            if self._clock() > until:
                reason = f"the answer took more than {self.settings.deadline:g} s"
                raise _Trouble(reason, passing=True)
        return bytes(body)

    def _error(self, trouble: _Trouble, attempts: int, pmids: Sequence[str]) -> NetworkError:
        named = ", ".join(pmids[:3]) + (", …" if len(pmids) > 3 else "")
        waited = f", asks to wait {trouble.pause:.0f} s" if trouble.pause else ""
        remedy = (
            "check the connection or try again later; NCBI_API_KEY allows more requests"
            if trouble.passing
            else "check the PMIDs and the base URL, or ask for fewer at a time"
        )
        return NetworkError(
            f"{self._url}: {trouble}{waited}; attempt {attempts} for {len(pmids)} PMIDs "
            f"({named}); {remedy}"
        )


def _retry_after(value: str | None) -> float | None:
    """Seconds that the server asks to wait: the header gives a number or a date."""
    if value is None:
        return None
    if value.isascii() and value.strip().isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
