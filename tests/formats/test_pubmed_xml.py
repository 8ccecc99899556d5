import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest

from il12nlp.document import Document
from il12nlp.errors import FormatError
from il12nlp.formats import Deletion, Failure, get_format
from il12nlp.formats.base import MAX_RECORD_BYTES
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


@pytest.mark.parametrize("cut", ["tail", "tag", "entity", "mismatch"])
def test_broken_xml_gives_what_stands_before_the_break(tmp_path: Path, cut: str) -> None:
    text = article_set(article("1"), article("2"), article("3"))
    at = text.index("<PMID", text.index("<PMID", text.index("<PMID") + 1) + 1)
    broken = {
        "tail": text[:at],
        "tag": text[: at + 3],
        "entity": text[:at] + "&#0;" + text[at:],
        "mismatch": text[:at] + "</Article>" + text[at:],
    }[cut]
    *before, last = read(tmp_path, "a.xml", broken)
    assert [r.id for r in before] == ["1", "2"]
    assert isinstance(last, Failure)
    assert last.line is not None
    assert last.line >= text[:at].count("\n")
    assert "breaks off or is malformed" in last.reason


def test_truncated_gzip_gives_what_stands_before_the_break(tmp_path: Path) -> None:
    articles = [article(str(i), title=f"{i} {TITLE}") for i in range(1, 1500)]
    packed = gzip.compress(article_set(*articles).encode())
    *before, last = read(tmp_path, "a.xml.gz", packed[: len(packed) * 2 // 3])
    assert len(before) > 200
    assert [r.id for r in before] == [str(i) for i in range(1, len(before) + 1)]
    assert isinstance(last, Failure)
    assert "compressed data" in last.reason


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE PubmedArticleSet [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE PubmedArticleSet [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE PubmedArticleSet SYSTEM "http://127.0.0.1/x.dtd" [<!ENTITY % p "x">]>',
        '<!-- [ --><?x ?><!DOCTYPE PubmedArticleSet PUBLIC "a" "b" [<!ENTITY a "lol">]>',
    ],
)
def test_entities_of_the_files_own_are_refused(tmp_path: Path, doctype: str) -> None:
    text = article_set(article(title="&xxe;&a;"), doctype=doctype)
    with pytest.raises(FormatError, match="never resolved"):
        read(tmp_path, "a.xml", text)


def test_entity_reference_stays_as_it_is_written(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.xml", article_set(article(title="IFN-&gamma; here"))))
    assert found.text.startswith("IFN-&gamma; here\n")


def test_external_dtd_is_not_loaded(tmp_path: Path) -> None:
    dtd = tmp_path / "evil.dtd"
    dtd.write_text('<!ENTITY evil "resolved"><!BROKEN')  # would be an error if it were read
    doctype = f'<!DOCTYPE PubmedArticleSet SYSTEM "{dtd.as_uri()}">'
    text = article_set(article(title="&evil;"), doctype=doctype)
    assert "resolved" not in document(read(tmp_path, "a.xml", text)).text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<eFetchResult><ERROR>no</ERROR></eFetchResult>", "root element is <eFetchResult>"),
        ("PMID: none of it", "no root element"),
        ("<PubmedArticleSet></PubmedArticleSet>", "holds no record"),
    ],
)
def test_other_xml_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, "a.xml", content)


def test_single_article_without_a_set_is_read(tmp_path: Path) -> None:
    assert document(read(tmp_path, "a.xml", article("5"))).id == "5"


def test_declared_encoding_is_used(tmp_path: Path) -> None:
    text = article_set(article(title="Müller & µ".replace("&", "&amp;")))
    text = text.replace('<?xml version="1.0" ?>', '<?xml version="1.0" encoding="ISO-8859-1"?>')
    found = document(read(tmp_path, "a.xml", text.replace("α", "a").encode("latin-1")))
    assert found.text.startswith("Müller & µ\n")


def test_utf16_is_read_by_its_mark(tmp_path: Path) -> None:
    text = article_set(article()).replace("1.0", '1.0" encoding="UTF-16', 1)
    assert document(read(tmp_path, "a.xml", text.encode("utf-16"))).text == TEXT


def test_wrong_bytes_are_read_as_windows_1252(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = article_set(article(title="TNF-α @ 5 ~g")).encode().replace(b"~", b"\xb5")
    found = document(read(tmp_path, "a.xml", data.replace(b"@", b"\x96")))
    assert found.text.startswith("TNF-α – 5 µg\n")
    assert caplog.text.count("not valid UTF-8") == 1


def test_endless_record_is_a_failure_without_filling_memory(tmp_path: Path) -> None:
    filler = "<x>" + "a" * 1000 + "</x>\n"
    data = "<PubmedArticleSet><y>" + filler * (MAX_RECORD_BYTES // len(filler) + 70)
    found = failure(read(tmp_path, "a.xml", data))
    assert "no record ends within" in found.reason


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(article_set(*(article(str(i)) for i in range(1, 4001))))
    # In a process of its own, as the parser's memory is not Python's.
    program = """if True:
        import resource, sys
        from il12nlp import formats
        def used():
            with open("/proc/self/statm") as stream:
                return int(stream.read().split()[1]) * resource.getpagesize()
        sizes = [used() for i, _ in enumerate(formats.read(sys.argv[1])) if i % 500 == 499]
        print(len(sizes), max(sizes) - sizes[0])
    """
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
    )
    count, growth = map(int, done.stdout.split())
    assert count == 8
    assert growth < 5_000_000
