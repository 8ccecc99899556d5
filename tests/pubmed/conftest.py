from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pubmed.documents import SENTENCES, in_sections
from tests.pubmed.ncbi import FakeNcbi, fake_ncbi
from tests.pubmed.server import FakeEutils, fake_eutils


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "NCBI_API_KEY",
        "NCBI_EMAIL",
        "NCBI_TOOL",
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def eutils() -> Iterator[FakeEutils]:
    """A local E-utilities with the PMIDs 101 to 105."""
    sections = [(label, text) for label, text in (s.split(": ", 1) for s in SENTENCES)]
    with fake_eutils([in_sections(sections, str(pmid)) for pmid in range(101, 106)]) as state:
        yield state


@pytest.fixture
def ncbi() -> Iterator[FakeNcbi]:
    """A local NCBI without records yet."""
    with fake_ncbi() as state:
        yield state
