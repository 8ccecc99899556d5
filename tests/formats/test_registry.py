import sys
from pathlib import Path
from types import ModuleType

import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import FormatError
from il12nlp.formats import Format, registry
from il12nlp.formats.registry import suffix_of
from tests.formats import pages
from tests.formats.samples import NBIB, TEXT, article, article_set, document, read

RIS = "TY  - JOUR\nTI  - IL-12 in mice\nAB  - IL-12 cut growth.\nER  - \n"
SUMMARY = """\
1: Smith J, Doe A. IL-12 gene therapy in melanoma. J Immunol. 2001
Mar 1;166(5):3211-8. doi: 10.4049/jimmunol.166.5.3211. PMID: 11238633.

2: Kim K. IL-12 and anti-PD-1 in B16 mice. Cancer Res. 2019 Jan 15;79(2):300-10. PMID:
30401714; PMCID: PMC6335179.
"""


@pytest.mark.parametrize("name", formats.format_names())
def test_format_carries_its_own_name_and_says_what_it_is(name: str) -> None:
    form = formats.get_format(name)
    assert form.name == name
    assert form.description
    assert form.read or form.write
    assert all(s.startswith(".") and s == s.lower() for s in form.suffixes)


@pytest.mark.parametrize(
    ("source", "suffix"),
    [("a.XML.GZ", ".xml"), ("a.b/c", ""), ("a.txt.zst", ".txt"), ("-", ""), (".gz", "")],
)
def test_suffix_is_that_under_the_compression(source: str, suffix: str) -> None:
    assert suffix_of(source) == suffix


def test_new_format_is_one_module_and_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    module = ModuleType("made_up_format")

    def read(stream: object, source: str) -> object:
        yield Document(id="x", text=stream.read().decode()[3:])  # type: ignore[attr-defined]

    module.FORMAT = Format("mine", (".mine",), "made up", lambda head: head.startswith("##"), read)  # type: ignore[attr-defined, arg-type]
    monkeypatch.setitem(sys.modules, "made_up_format", module)
    monkeypatch.setitem(registry._FORMATS, "mine", "made_up_format:FORMAT")
    path = tmp_path / "a.mine"  # type: ignore[operator]
    path.write_text("## IL-12")
    assert [r.id for r in formats.read(path)] == ["x"]
    registry.get_format.cache_clear()


def test_unknown_format_is_an_error_with_the_known_names() -> None:
    with pytest.raises(
        FormatError, match="unknown format 'bioc'; known: pubmed_xml, token_tags, jsonl"
    ):
        formats.get_format("bioc")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", article_set(article())),
        ("a.dat", article_set(article())),
        ("a", article_set(article())),
        ("a.nbib", NBIB),
        ("a.txt", NBIB),
        ("a.txt", article_set(article())),
        ("a.text", '{"id": "101", "text": ' + repr(TEXT).replace("'", '"') + "}"),
        ("A.TXT", pages.NEW),
        ("a.unknown", pages.NEW),
        ("a.json", '{"id": "101", "text": ' + repr(TEXT).replace("'", '"') + "}"),
    ],
)
def test_format_is_found_from_suffix_and_content(tmp_path: Path, name: str, content: str) -> None:
    found = document(read(tmp_path, name, content))
    assert (found.id, found.text) == ("101", TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "IL-12\n38012345\n",
        "1: IL-12 cut growth. PMID: 11238633.\n\nIL-2 did not.",
        "TY is no tag of PubMed's.",
    ],
)
def test_notes_of_the_users_own_stay_plain(tmp_path: Path, text: str) -> None:
    assert document(read(tmp_path, "a.txt", text)).text == text


def test_named_format_wins_over_suffix_and_content(tmp_path: Path) -> None:
    assert document(read(tmp_path, "a.nbib", NBIB, format="plain")).text == NBIB


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xyz", "IL-12 acts.", r"unknown suffix '\.xyz'.*plain"),
        ("README", "IL-12 acts.", "no suffix"),
        ("a.csv", "document_id,pmid\n", r"\.csv is a table that is written, not read: give"),
        ("a.tsv.gz", "document_id\tpmid\n", r"\.tsv is a table that is written, not read"),
        ("a.html", "<!DOCTYPE html><html>PMID: 1 Similar articles", "HTML page"),
        ("a.txt", "  <html><body>IL-12</body></html>", "HTML page"),
        ("a.txt", "<!-- saved from url=(9)x -->\n<!DOCTYPE html>\n<html>IL-12", "HTML page"),
        ("a.txt", '<?xml version="1.0"?>\n<!DOCTYPE HTML PUBLIC "x"><html>IL-12', "HTML page"),
        ("a.txt", '<?xml version="1.0"?><article>IL-12</article>', "root element is <article>"),
        ("a.txt", '[{"id": "a", "text": "IL-12"}]', "JSON array"),
        ("a.txt", '<!DOCTYPE PubmedArticleSet [<!ENTITY a "b">]>', "never resolved"),
        ("pmid-set.txt", "38012345\r\n37123456\r\n", "holds PMIDs and no abstracts.*fetch"),
        ("one", "38012345", "holds PMIDs and no abstracts"),
        ("summary-set.txt", SUMMARY, r"'Summary \(text\)', which has no abstracts"),
        ("one.txt", SUMMARY.partition("\n\n")[0], "which has no abstracts"),
        ("a.ris", RIS, "is a RIS file"),
        ("a.txt", RIS, "is a RIS file"),
        ("a.nbib", RIS, "is a RIS file"),
        ("a.PubTator.txt", "11|t|IL-12\n11|a|It acts.\n11\t0\t5\tIL-12\tGene\t1\n", "of PubTator"),
    ],
)
def test_content_in_no_known_format_is_refused(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        read(tmp_path, name, content)
    assert str(tmp_path / name) in str(caught.value)
