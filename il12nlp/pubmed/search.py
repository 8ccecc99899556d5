"""Searches of any size: PubMed gives out 9,999 records of one, so larger ones are cut by date."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from il12nlp.errors import InputError
from il12nlp.pubmed.answers import MOST_FOUND, Found
from il12nlp.pubmed.client import PubMedClient

log = logging.getLogger(__name__)

MOST_WANTED = 1_000_000
"""Most records of a query that are fetched; beyond, the baseline files are quicker for all."""

_FIRST_DAY = date(1800, 1, 1)


@dataclass(frozen=True, slots=True)
class Search:
    """What a query finds: `count` records, in parts of at most MOST_FOUND, none in two."""

    count: int
    parts: tuple[Found, ...]

    @property
    def lacking(self) -> int:
        """Records that were counted but not listed."""
        listed = {pmid for part in self.parts for pmid in part.pmids}
        return max(0, self.count - len(listed))


def find(query: str, client: PubMedClient) -> Search:
    """All that a query finds; a part is what was entered into PubMed in a span of days.

    Spans are halved until they hold few enough. Raises InputError for a query that finds nothing
    or too much, NetworkError as the client does.
    """
    found = client.search(query)
    if found.unknown:
        log.warning("PubMed does not know: %s", ", ".join(map(repr, found.unknown)))
    if not found.count:
        raise InputError(f"the query {query!r} finds no record: try it on pubmed.ncbi.nlm.nih.gov")
    if found.count <= MOST_FOUND:
        return Search(found.count, (found,))
    if found.count > MOST_WANTED:
        raise InputError(
            f"the query {query!r} finds {found.count:,} records, at most {MOST_WANTED:,} are "
            "fetched: narrow it, or take the files of all PubMed with --baseline"
        )
    # A day more, for where it is tomorrow already.
    today = datetime.now(UTC).date() + timedelta(days=1)
    return Search(found.count, tuple(_parts(query, client, _FIRST_DAY, today)))


def _parts(query: str, client: PubMedClient, first: date, last: date) -> Iterator[Found]:
    found = client.search(query, between=(first, last))
    if found.count <= MOST_FOUND:
        if found.count:
            yield found
        return
    if first == last:
        raise InputError(
            f"the query {query!r} finds {found.count:,} records entered on {first}, and PubMed "
            f"gives out {MOST_FOUND:,}: narrow it, or take --baseline"
        )
    middle = first + (last - first) // 2
    yield from _parts(query, client, first, middle)
    yield from _parts(query, client, middle + timedelta(days=1), last)
