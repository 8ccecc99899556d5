from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pubmed.baseline_case import ONE, THREE, TWO
from tests.pubmed.documents import SENTENCES, in_sections
from tests.pubmed.ncbi import FakeNcbi, article, fake_ncbi, file_xml
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


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder to fetch into."""
    return tmp_path / "pubmed"


@pytest.fixture
def served(ncbi: FakeNcbi) -> FakeNcbi:
    """Two files of a baseline and an update that revises 102, withdraws 201 and adds 301."""
    ncbi.add_file(f"baseline/{ONE}", file_xml(article(101, "one"), article(102, "old")))
    ncbi.add_file(f"baseline/{TWO}", file_xml(article(201, "gone"), article(202, "two")))
    update = file_xml(article(102, "revised"), article(301, "new"), deleted=(201,))
    ncbi.add_file(f"updatefiles/{THREE}", update)
    return ncbi
