"""What the tests of fetching share: a query, a client that never waits, and reading the folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from il12nlp import formats
from il12nlp.pubmed.client import EutilsSettings, PubMedClient
from il12nlp.pubmed.fetch import Summary, fetch_query
from tests.pubmed.ncbi import FakeNcbi

QUERY = "interleukin-12 AND neoplasms"


def client_of(ncbi: FakeNcbi, **settings: object) -> PubMedClient:
    """A client of the local PubMed."""
    base = EutilsSettings(base_url=ncbi.eutils, attempts=2)
    return PubMedClient(replace(base, **settings), sleep=lambda _: None)  # type: ignore[arg-type]


def run_query(ncbi: FakeNcbi, out: Path, size: int = 4) -> Summary:
    """Fetch the query's records in small slices."""
    return fetch_query(QUERY, out, client=client_of(ncbi), slice_size=size)


def ids_in(out: Path) -> list[str]:
    """Ids of what `annotate` would see of the folder."""
    return [record.id or "" for record in formats.read_many([out])]


def slices_in(out: Path) -> list[str]:
    """Names of the slices of the folder."""
    return sorted(path.name for path in out.glob("slice-*"))
