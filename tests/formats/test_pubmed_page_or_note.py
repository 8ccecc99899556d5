"""Telling a PubMed page from a user's own text with a citation or a PMID in it."""

from pathlib import Path

import pytest

from il12nlp.errors import FormatError
from tests.formats.samples import document, failure, read

NOTE = {
    "title": "IL-12 in sarcoma",
    "authors": "Nobody AB, van Nowhere C.",
    "citation": "J Made Up Oncol. 2006;12:3177-83.",
    "abstract": "IL-12 plasmid cured mice.",
    "pmid": "PMID: 101",
    "both": "J Made Up Oncol. 2006;12:3177-83. PMID: 101",
    "indexed": "PMID: 101 [Indexed for MEDLINE]",
    "heading": "Abstract",
}


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "order",
    [
        "title abstract both",
        "title citation abstract pmid",
        "title authors citation abstract indexed",
        "title authors citation heading abstract pmid",
        "citation title abstract pmid",
        "citation abstract pmid",
        "both title abstract",
        "title heading abstract pmid",
        "title authors abstract citation pmid",
    ],
)
def test_note_with_citation_and_pmid_is_no_page(tmp_path: Path, order: str, between: str) -> None:
    text = between.join(NOTE[part] for part in order.split()) + "\n"
    assert document(read(tmp_path, "note.txt", text)).text == text


@pytest.mark.parametrize(
    "order",
    [
        "citation title authors abstract pmid",
        "citation title authors heading abstract pmid",
        "title authors pmid heading abstract",
    ],
)
def test_article_in_the_order_of_the_page_is_one_without_its_marks(
    tmp_path: Path, order: str
) -> None:
    text = "\n\n".join(NOTE[part] for part in order.split())
    found = document(read(tmp_path, "a.txt", text))
    assert (found.pmid, found.text) == ("101", "IL-12 in sarcoma\nIL-12 plasmid cured mice.")


@pytest.mark.parametrize("top", ["", f"{NOTE['citation']}\n", "PMID: 101\n"])
def test_full_text_with_a_pmid_among_its_references_stays_plain(tmp_path: Path, top: str) -> None:
    body = "Abstract\nIL-12 cured mice.\n\nIntroduction\nIL-12 acts.\n\nReferences\n\n"
    cited = (
        "1. Doe J. Early work. J Early. 1999;1:1-2.\nPMID: 998\n\n2. J Later. 2001;2:3.\n\nEnd.\n"
    )
    text = f"{top}IL-12 in sarcoma\nNobody AB\n{body}{cited}"
    assert document(read(tmp_path, "a.txt", text)).text == text


def test_page_that_is_forced_and_has_no_citation_names_the_plain_format(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"no PubMed page.*from plain"):
        read(tmp_path, "a.txt", NOTE["abstract"], format="pubmed_page")


def test_page_that_is_forced_and_holds_no_text_names_the_plain_format(tmp_path: Path) -> None:
    text = f"{NOTE['title']}\n\n{NOTE['abstract']}\n\n{NOTE['both']}\n"
    found = failure(read(tmp_path, "a.txt", text, format="pubmed_page"))
    assert (found.line, found.id) == (5, "101")
    assert "--from plain" in found.reason
