import gzip
import io
from pathlib import Path

import pytest

from il12nlp.document import Document
from il12nlp.formats import Deletion, get_format
from tests.formats.samples import (
    LABELLED,
    META,
    TEXT,
    TITLE,
    article,
    article_set,
    document,
    failure,
    parts,
    read,
)


def test_efetch_record_becomes_document_with_labelled_passages(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.xml", article_set(article())))
    assert (found.id, found.pmid, found.text) == ("101", "101", TEXT)
    assert parts(found) == LABELLED
    assert found.meta == META


def test_baseline_file_is_read_compressed(tmp_path: Path) -> None:
    packed = gzip.compress(article_set(article("1"), article("2")).encode())
    found = read(tmp_path, "pubmed25n0001.xml.gz", packed)
    assert [r.id for r in found] == ["1", "2"]


def test_inline_markup_is_flattened_without_losing_text_or_tails(tmp_path: Path) -> None:
    abstract = (
        "<AbstractText>A <b>bold <i>both</i> b</b> IFN-<sup>γ</sup>R 10<sub>6</sub> x <mml:math "
        'xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo>'
        "<mml:mn>0.05</mml:mn></mml:math> tail <!-- no --> end<?no pi?>.</AbstractText>"
    )
    title = "<i>Il12</i>-<sup>/-</sup> mice &amp; TNF-&#945;"
    found = document(read(tmp_path, "a.xml", article_set(article(title=title, abstract=abstract))))
    expected = "A bold both b IFN-γR 106 x p<0.05 tail  end."
    assert found.text == f"Il12-/- mice & TNF-α\n{expected}"


def test_layout_becomes_spaces_and_other_spaces_stay(tmp_path: Path) -> None:
    abstract = "<AbstractText>\n   one\r\n      two\u2009three  four\u00a0\n  </AbstractText>"
    found = document(read(tmp_path, "a.xml", article_set(article(title="T", abstract=abstract))))
    assert found.text == "T\none two\u2009three  four\u00a0"


@pytest.mark.parametrize("label", ["UNLABELLED", "", "Unlabelled"])
def test_sections_without_real_label_have_none(tmp_path: Path, label: str) -> None:
    abstract = f'<AbstractText Label="{label}">One.</AbstractText><AbstractText>Two.</AbstractText>'
    found = document(read(tmp_path, "a.xml", article_set(article(title="T", abstract=abstract))))
    assert parts(found) == [
        ("title", None, "T"),
        ("abstract", None, "One."),
        ("abstract", None, "Two."),
    ]


def test_labels_that_stand_in_the_text_are_labels_too(tmp_path: Path) -> None:
    abstract = "<AbstractText>PURPOSE: To test. RESULTS: It acts.</AbstractText>"
    found = document(read(tmp_path, "a.xml", article_set(article(title="T", abstract=abstract))))
    assert parts(found)[1:] == [
        ("abstract", "PURPOSE", "To test."),
        ("abstract", "RESULTS", "It acts."),
    ]


def test_record_without_abstract_is_kept(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.xml", article_set(article(abstract=""))))
    assert parts(found) == [("title", None, TITLE)]


def test_record_without_title_and_abstract_is_a_failure(tmp_path: Path) -> None:
    found = failure(read(tmp_path, "a.xml", article_set(article("9", title="", abstract=""))))
    assert found.id == "9"
    assert "nothing to annotate" in found.reason


@pytest.mark.parametrize("title", ["", "[Not Available]."])
def test_vernacular_title_stands_in_for_a_missing_one(tmp_path: Path, title: str) -> None:
    text = article_set(article(title=title)).replace(
        "<Language>eng</Language>",
        "<Language>ger</Language><VernacularTitle>Über IL-12.</VernacularTitle>",
    )
    found = document(read(tmp_path, "a.xml", text))
    assert parts(found)[0] == ("title", None, "Über IL-12.")
    assert found.meta["languages"] == ["ger"]


def test_other_abstract_is_left_out_but_noted(tmp_path: Path) -> None:
    other = '<OtherAbstract Type="Publisher" Language="spa"><AbstractText>Hola.</AbstractText>'
    text = article_set(article()).replace(
        "</MedlineCitation>", f"{other}</OtherAbstract></MedlineCitation>"
    )
    found = document(read(tmp_path, "a.xml", text))
    assert "Hola" not in found.text
    assert found.meta["other_abstracts"] == ["spa"]


def test_year_of_a_medline_date_and_copyright_are_kept(tmp_path: Path) -> None:
    abstract = "<AbstractText>A.</AbstractText><CopyrightInformation>© X</CopyrightInformation>"
    text = article_set(article(abstract=abstract)).replace(
        "<Year>2001</Year>", "<MedlineDate>1998 Dec-1999 Jan</MedlineDate>"
    )
    meta = document(read(tmp_path, "a.xml", text)).meta
    assert (meta["year"], meta["copyright"]) == (1998, "© X")


def test_identifiers_of_references_are_not_the_records_own(tmp_path: Path) -> None:
    text = article_set(article()).replace("<ELocationID", "<x").replace("</ELocationID", "</x")
    assert "doi" not in document(read(tmp_path, "a.xml", text)).meta


def test_an_id_that_is_no_pmid_is_only_an_id(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.xml", article_set(article("A1-010"))))
    assert (found.id, found.pmid) == ("A1-010", None)


def test_book_chapter_is_read(tmp_path: Path) -> None:
    book = """<PubmedBookArticle><BookDocument><PMID Version="1">202</PMID><Book>
    <BookTitle>Handbook of <i>cytokines</i></BookTitle><PubDate><Year>2012</Year></PubDate></Book>
    <ArticleTitle>IL-12</ArticleTitle><Language>eng</Language><PublicationType>Review
    </PublicationType><Abstract><AbstractText Label="SUMMARY">It acts.</AbstractText></Abstract>
    </BookDocument><PubmedBookData><ArticleIdList><ArticleId IdType="doi">10.5555/b</ArticleId>
    </ArticleIdList></PubmedBookData></PubmedBookArticle>"""
    found = document(read(tmp_path, "a.xml", article_set(book)))
    assert found.text == "IL-12\nIt acts."
    assert found.passages[1].label == "SUMMARY"
    assert found.meta == {
        "year": 2012,
        "languages": ["eng"],
        "publication_types": ["Review"],
        "doi": "10.5555/b",
        "book": "Handbook of cytokines",
    }


def test_book_without_chapter_title_has_the_books(tmp_path: Path) -> None:
    book = """<PubmedBookArticle><BookDocument><PMID>202</PMID><Book><BookTitle>IL-12</BookTitle>
    </Book></BookDocument></PubmedBookArticle>"""
    assert document(read(tmp_path, "a.xml", article_set(book))).text == "IL-12"


def test_deleted_citations_are_reported_and_left_out(tmp_path: Path) -> None:
    deleted = '<DeleteCitation><PMID Version="1">2</PMID>\n<PMID Version="1"> 77 </PMID>'
    text = article_set(article("1"), article("2"), f"{deleted}</DeleteCitation>")
    found = read(tmp_path, "a.xml", text)
    assert [(type(r), r.id) for r in found] == [
        (Document, "1"),
        (Deletion, "2"),
        (Deletion, "77"),
    ]


def test_deletion_from_a_pipe_follows_its_record() -> None:
    deleted = "<DeleteCitation><PMID>2</PMID></DeleteCitation>"
    data = article_set(article("2"), deleted).encode()

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    reader = get_format("pubmed_xml").read
    assert reader is not None
    assert [(type(r), r.id) for r in reader(Pipe(data), "-")] == [(Document, "2"), (Deletion, "2")]
