"""Client of the NCBI E-utilities: PubMed records by PMID or by search.

Nothing here touches the network until a method is called. Requests are spaced as NCBI asks (three
a second, ten with an API key), failed ones are repeated with growing pauses, and an answer is
bounded in size and time. https://www.ncbi.nlm.nih.gov/books/NBK25497/
"""

from __future__ import annotations

import io
import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPResponse
from typing import TypeVar
from urllib.parse import urlencode

from il12nlp.errors import ConfigError, InputError, NetworkError
from il12nlp.formats import Record
from il12nlp.pubmed.answers import (
    EMPTY_SET,
    MOST_FOUND,
    Answer,
    Found,
    is_pmid,
    records_asked_for,
    search_result,
    whole_set,
)
from il12nlp.pubmed.transport import HttpSettings, Transport, Trouble

EUTILS_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"

T = TypeVar("T")

_NONE_OF_THEM = re.compile(r"HTTP status 400 .*(?:no correct ID|ID list is empty|empty ID)", re.I)
"""How efetch says that PubMed has none of the PMIDs that were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EutilsSettings(HttpSettings):
    """How to talk to E-utilities; `tool` and `email` tell NCBI whom to write to before blocking."""

    base_url: str = EUTILS_URL
    email: str | None = None
    api_key: str | None = field(default=None, repr=False)
    batch_size: int = 200

    def __post_init__(self) -> None:
        HttpSettings.__post_init__(self)  # super() does not know a class with slots
        if self.batch_size < 1:
            raise ConfigError("batch_size must be at least 1")

    @classmethod
    def from_environment(cls, *, base_url: str | None = None) -> EutilsSettings:
        """Settings with the API key of NCBI_API_KEY and the address of NCBI_EMAIL, if set.

        The base URL is the one given, else that of IL12NLP_EUTILS_URL, else NCBI's.
        """
        return cls(
            base_url=base_url or os.environ.get("IL12NLP_EUTILS_URL") or EUTILS_URL,
            email=os.environ.get("NCBI_EMAIL") or None,
            # What a file's line end left behind it would keep the key from being known as such.
            api_key=os.environ.get("NCBI_API_KEY", "").strip() or None,
        )

    @property
    def interval(self) -> float:
        """Shortest time between two requests: 10 a second with an API key, 3 without."""
        return 1 / 10 if self.api_key else 1 / 3

    @property
    def secret(self) -> str | None:
        """The API key, which NCBI repeats where it is a bad one."""
        return self.api_key

    @property
    def advice(self) -> str:
        """What to do when the service does not answer."""
        return "check the connection or try again later; NCBI_API_KEY allows more requests"


class PubMedClient:
    """Fetches PubMed records; one client spaces all its requests, and is for one thread.

    `sleep`, `clock` (monotonic seconds) and `jitter` (0 to 1) can be replaced in tests.
    """

    def __init__(
        self,
        settings: EutilsSettings | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings or EutilsSettings.from_environment()
        self._transport = Transport(self.settings, sleep=sleep, clock=clock, jitter=jitter)

    def fetch(self, pmids: Sequence[str]) -> Iterator[Record]:
        """Documents of the PMIDs, batch by batch as they come; what PubMed lacks is left out.

        Raises NetworkError at the first batch that cannot be had, InputError for a PMID that is
        none.
        """
        from il12nlp.formats.pubmed_xml import read

        size = self.settings.batch_size
        for start in range(0, len(pmids), size):
            body = self.fetch_xml(pmids[start : start + size])
            yield from read(io.BytesIO(body), self.settings.url("efetch.fcgi"))

    def fetch_xml(self, pmids: Sequence[str]) -> bytes:
        """One answer of efetch, a complete PubmedArticleSet, for up to a few hundred PMIDs.

        Raises NetworkError when all attempts fail, InputError for a PMID that is none.
        """
        return self._by_pmid(pmids, whole_set)

    def fetch_answer(self, pmids: Sequence[str]) -> Answer:
        """As `fetch_xml`, of an answer that was read to its end and holds nothing else.

        PMIDs that PubMed lacks are not in it.
        """
        asked = frozenset(pmids)
        return self._by_pmid(pmids, lambda body: records_asked_for(body, asked))

    def fetch_found(self, found: Found, *, start: int, size: int) -> Answer:
        """Records `start` to `start + size` of a search, from the history server.

        Raises NetworkError when all attempts fail, or the server holds the search no more.
        """
        asked = frozenset(found.pmids)
        return self._ask(
            "efetch.fcgi",
            {
                "retmode": "xml",
                "WebEnv": found.web_env,
                "query_key": found.query_key,
                "retstart": str(start),
                "retmax": str(size),
            },
            lambda body: records_asked_for(body, asked),
            about=f"records {start + 1} to {min(start + size, found.count)} of a search",
            remedy="check the base URL, or ask for fewer at a time",
        )

    def search(self, query: str, *, between: tuple[date, date] | None = None) -> Found:
        """What a query finds, entered into PubMed on the days `between`, both included.

        Raises NetworkError when all attempts fail.
        """
        form = {"retmode": "json", "term": query, "retmax": str(MOST_FOUND), "usehistory": "y"}
        if between:
            first, last = (f"{day:%Y/%m/%d}" for day in between)
            form |= {"datetype": "edat", "mindate": first, "maxdate": last}
        return self._ask(
            "esearch.fcgi",
            form,
            search_result,
            about=f"the query {query!r}",
            remedy="check the query and the base URL",
        )

    def _by_pmid(self, pmids: Sequence[str], parse: Callable[[bytes], T]) -> T:
        for pmid in pmids:
            if not is_pmid(pmid):
                raise InputError(f"{pmid!r} is no PMID: up to nine digits, not starting with 0")
        named = ", ".join(pmids[:3]) + (", …" if len(pmids) > 3 else "")
        try:
            return self._ask(
                "efetch.fcgi",
                {"retmode": "xml", "id": ",".join(pmids)},
                parse,
                about=f"{len(pmids)} PMIDs ({named})",
                remedy="check the PMIDs and the base URL, or ask for fewer at a time",
            )
        except NetworkError as error:
            if _NONE_OF_THEM.search(str(error)):
                return parse(EMPTY_SET)
            raise

    def _ask(
        self,
        utility: str,
        form: dict[str, str],
        parse: Callable[[bytes], T],
        *,
        about: str,
        remedy: str,
    ) -> T:
        """What `parse` makes of a utility's answer; one that it refuses is asked for again."""

        def take(response: HTTPResponse) -> T:
            body = self._transport.body(response)
            try:
                return parse(body)
            except ValueError as error:
                # Cut after the key is taken out, of which a part would stay.
                words = self._transport.shown(str(error))[:200]
                reason = f"{words}: {self._transport.quote(body)}"
                raise Trouble(reason, passing=True) from error

        who = {"tool": self.settings.tool, "email": self.settings.email}
        asked = {"db": "pubmed", **form, **who, "api_key": self.settings.api_key}
        return self._transport.ask(
            self.settings.url(utility),
            take,
            data=urlencode({k: v for k, v in asked.items() if v}).encode(),
            about=about,
            remedy=remedy,
        )
