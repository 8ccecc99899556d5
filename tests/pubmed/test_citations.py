from __future__ import annotations

import io
import time

import pytest

from il12nlp.formats.pubmed_xml import read
from il12nlp.pubmed import citations as module
from il12nlp.pubmed.citations import Citation, citations
from tests.conftest import ROOT
from tests.pubmed.ncbi import article, file_xml


def _found(xml: str) -> list[Citation]:
    return list(citations(io.BytesIO(xml.encode())))


def test_own_pmids_are_found_and_no_others() -> None:
    xml = file_xml(article(101, "a"), article(102, "b", version=2), deleted=(5, 6))
    assert _found(xml) == [
        Citation(101, 1),
        Citation(102, 2),
        Citation(5, 1, deleted=True),
        Citation(6, 1, deleted=True),
    ]


def test_pmids_are_found_wherever_chunks_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    xml = file_xml(*(article(n, "long " * 30) for n in range(100, 130)), deleted=(5, 6))
    whole = _found(xml)
    monkeypatch.setattr(module, "_LONGEST", 300)
    for size in (301, 333, 512, 1000):
        monkeypatch.setattr(module, "_CHUNK", size)
        assert _found(xml) == whole


def test_books_and_old_forms_are_found() -> None:
    book = "<PubmedBookArticle><BookDocument><PMID>33</PMID></BookDocument></PubmedBookArticle>"
    assert _found(book) == [Citation(33, 1)]
    assert _found("<MedlineCitation>\n  <PMID Version='3'> 34 </PMID>") == [Citation(34, 3)]


def test_what_is_found_is_what_the_reader_reads() -> None:
    xml = (ROOT / "corpora" / "demo" / "efetch.xml").read_bytes()
    # The demo's ids are no PMIDs; numbers stand in for them.
    for number, record in enumerate(list(read(io.BytesIO(xml), "demo")), start=501):
        xml = xml.replace(f">{record.id}</PMID>".encode(), f">{number}</PMID>".encode())
    read_ids = [record.id for record in read(io.BytesIO(xml), "demo")]
    assert len(read_ids) > 3
    assert [str(c.pmid) for c in citations(io.BytesIO(xml))] == read_ids


def test_hostile_text_takes_no_long_time() -> None:
    for text in (
        "<PMID " * 50_000,
        "<MedlineCitation " * 20_000,
        "<MedlineCitation>" + " " * 300_000,
    ):
        before = time.process_time()
        assert _found(text) == []
        assert time.process_time() - before < 5
