from __future__ import annotations

import io
import re

import pytest

from il12nlp.document import Document
from il12nlp.errors import RecordError
from il12nlp.formats import medline, pubmed_xml
from il12nlp.pubmed.imitation import split_sections, to_efetch_xml, to_nbib
from il12nlp.pubmed.imitation_page import to_page

NOTICE = {"invented": True, "notice": "Invented abstract."}


def _document(abstract: str, **fields: object) -> Document:
    fields = {"meta": NOTICE, "study_type": "animal", **fields}
    return Document.from_text("Title of <it>", abstract, id="A1-001", **fields)


def test_split_sections_takes_labels_at_the_start_of_sentences() -> None:
    title, sections = split_sections(_document("AIM: To see. Methods: By eye. Note: none."))
    assert title == "Title of <it>"
    assert sections == [("AIM", "To see."), ("Methods", "By eye. Note: none.")]


def test_split_sections_keeps_text_before_the_first_label() -> None:
    assert split_sections(_document("First. RESULTS: More."))[1] == [
        (None, "First."),
        ("RESULTS", "More."),
    ]


@pytest.mark.parametrize("abstract", ["CD8+ T cells, p < 0.05 & more.", "αβ " * 60 + "end."])
def test_xml_and_nbib_read_back(abstract: str) -> None:
    document = _document(abstract)
    for read, made in (
        (pubmed_xml.read, to_efetch_xml([document])),
        (medline.read, to_nbib([document])),
    ):
        (found,) = read(io.BytesIO(made.encode()), "made")
        assert isinstance(found, Document)
        assert (found.id, found.text) == ("A1-001", document.text)
        assert found.meta["copyright"] == "Invented abstract."


def test_xml_raises_the_plus_of_cell_markers() -> None:
    assert "CD8<sup>+</sup> T" in to_efetch_xml([_document("CD8+ T cells.")])


def test_nbib_lines_are_short_and_indented() -> None:
    lines = to_nbib([_document("word " * 100)]).splitlines()
    assert all(len(line) <= 88 for line in lines)
    assert all(re.match(r"[A-Z]{2,4} *- | {6}\S|$", line) for line in lines)


def test_page_of_a_review_says_so_above_the_journal() -> None:
    page = to_page(_document("Text.", study_type="review"), others=[])
    assert "\nReview\nJ Invent Abstr\n" in page
    assert "\nReview\n" not in to_page(_document("Text."), others=[])


@pytest.mark.parametrize("make", [lambda d: to_efetch_xml([d]), lambda d: to_nbib([d])])
def test_only_invented_abstracts_are_imitated(make: object) -> None:
    assert callable(make)
    with pytest.raises(RecordError, match="only invented abstracts"):
        make(_document("Real.", meta={}))
