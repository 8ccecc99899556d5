from pathlib import Path

import pytest

from il12nlp.document import Document
from il12nlp.formats import Failure
from tests.formats.samples import (
    LABELLED,
    META,
    NBIB,
    TEXT,
    article,
    article_set,
    document,
    failure,
    parts,
    read,
)


def test_record_becomes_document_with_labelled_passages(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.nbib", NBIB))
    assert (found.id, found.pmid, found.text) == ("101", "101", TEXT)
    assert parts(found) == LABELLED
    assert found.meta == META


def test_medline_and_xml_of_one_record_are_the_same_document(tmp_path: Path) -> None:
    from_xml = document(read(tmp_path, "a.xml", article_set(article())))
    assert document(read(tmp_path, "a.nbib", NBIB)) == from_xml


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_several_records_with_any_line_end(tmp_path: Path, end: str) -> None:
    text = NBIB + NBIB.replace("101", "102").lstrip() + "\n\n" + NBIB.replace("101", "103")
    found = read(tmp_path, "a.nbib", text.replace("\n", end))
    assert [(r.id, r.text) for r in found if isinstance(r, Document)] == [
        ("101", TEXT),
        ("102", TEXT),
        ("103", TEXT),
    ]


def test_medline_in_a_txt_file_is_recognised(tmp_path: Path) -> None:
    assert document(read(tmp_path, "pubmed-set.txt", NBIB)).text == TEXT


def test_byte_order_mark_is_no_part_of_the_first_tag(tmp_path: Path) -> None:
    found = read(tmp_path, "a.nbib", "\ufeffPMID- 5\nTI  - IL-12.\n")
    assert document(found).id == "5"


def test_missing_abstract_leaves_the_title(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.nbib", "PMID- 5\nTI  - IL-12.\n"))
    assert parts(found) == [("title", None, "IL-12.")]


def test_missing_title_leaves_the_abstract(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.nbib", "PMID- 5\nAB  - It acts.\n"))
    assert parts(found) == [("abstract", None, "It acts.")]


def test_missing_both_is_a_failure_with_line_and_pmid(tmp_path: Path) -> None:
    good, bad = read(tmp_path, "a.nbib", "PMID- 5\nTI  - IL-12.\n\nPMID- 6\nAU  - X\n")
    assert isinstance(good, Document)
    assert isinstance(bad, Failure)
    assert (bad.id, bad.line) == ("6", 4)


def test_vernacular_title_stands_in_for_a_missing_one(tmp_path: Path) -> None:
    text = "PMID- 5\nTI  - [Not Available].\nTT  - Über IL-12.\nAB  - It acts.\n"
    assert document(read(tmp_path, "a.nbib", text)).text == "Über IL-12.\nIt acts."


def test_other_abstract_is_left_out_but_noted(tmp_path: Path) -> None:
    text = "PMID- 5\nTI  - IL-12.\nOAB - Publisher: Hola.\nOABL- spa\n"
    found = document(read(tmp_path, "a.nbib", text))
    assert found.text == "IL-12."
    assert found.meta == {"other_abstracts": ["spa"]}


def test_continuation_lines_that_lost_their_indentation_are_kept(tmp_path: Path) -> None:
    text = "PMID- 5\nTI  - IL-12 and\nIL-18.\nAB  - It acts. Il-2\n  - too.\n"
    found = document(read(tmp_path, "a.nbib", text))
    assert found.text == "IL-12 and IL-18.\nIt acts. Il-2 - too."


def test_unicode_line_separators_are_text(tmp_path: Path) -> None:
    text = "PMID- 5\nTI  - IL-12\u2028and\x0bIL-18\x85.\n"
    assert document(read(tmp_path, "a.nbib", text)).text == "IL-12\u2028and\x0bIL-18\x85."


def test_text_before_the_first_record_is_a_failure(tmp_path: Path) -> None:
    bad, good = read(tmp_path, "a.nbib", "\nhello\nthere\n" + NBIB)
    assert isinstance(bad, Failure)
    assert bad.line == 2
    assert good.id == "101"


def test_text_without_any_record_is_one_failure(tmp_path: Path) -> None:
    assert "PMID- " in failure(read(tmp_path, "a.nbib", "hello\nthere\n")).reason


def test_record_without_pmid_value_gets_an_id_from_its_text(tmp_path: Path) -> None:
    first = document(read(tmp_path, "a.nbib", "PMID- \nTI  - IL-12.\n"))
    again = document(read(tmp_path, "b.nbib", "PMID- \nTI  - IL-12.\nAU  - X\n"))
    assert first.pmid is None
    assert first.id == again.id
    assert first.id.startswith("sha256-")


def test_line_over_the_limit_is_a_failure_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("il12nlp.formats.lines.numbered_lines.__kwdefaults__", {"limit": 100})
    text = "PMID- 5\nTI  - IL-12.\nAD  - " + "x" * 300 + "\nAB  - It acts.\n"
    bad, good = read(tmp_path, "a.nbib", text)
    assert isinstance(bad, Failure)
    assert bad.line == 3
    assert isinstance(good, Document)
    assert good.text == "IL-12.\nIt acts."


def test_record_over_the_limit_is_a_failure_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("il12nlp.formats.medline.MAX_RECORD_BYTES", 200)
    text = "PMID- 5\nTI  - IL-12.\n" + "AU  - Someone\n" * 50 + "\nPMID- 6\nTI  - IL-18.\n"
    found = read(tmp_path, "a.nbib", text)
    assert [(type(r), r.id) for r in found] == [(Failure, "5"), (Document, "6")]


@pytest.mark.parametrize("between", ["", "\n", "\ufeff", "\n\ufeff", "\r\n\ufeff"])
def test_files_put_together_without_a_line_end_or_with_their_marks_give_each_record(
    tmp_path: Path, between: str
) -> None:
    text = "\ufeff" + between.join(NBIB.strip().replace("101", str(n)) for n in (101, 102, 103))
    found = read(tmp_path, "a.nbib", text)
    assert [(r.id, r.text, r.meta) for r in found if isinstance(r, Document)] == [
        (str(n), TEXT, META) for n in (101, 102, 103)
    ]


@pytest.mark.parametrize("tag", ["OWN ", "TI  ", "AB  "])
def test_record_without_its_pmid_line_is_a_failure_and_not_part_of_the_one_before(
    tmp_path: Path, tag: str
) -> None:
    one = f"PMID- 5\nOWN - NLM\nTI  - IL-12.\nAB  - It acts.\nAU  - X\n{tag}- IL-18.\nLA  - ger\n"
    before, lost, after = read(tmp_path, "a.nbib", f"{one}\nPMID- 7\nTI  - IL-15.\n")
    assert isinstance(before, Document)
    assert (before.text, dict(before.meta)) == ("IL-12.\nIt acts.", {})
    assert isinstance(lost, Failure)
    assert lost.line == 6
    assert f"a second {tag.strip()!r} below 'PMID- 5'" in lost.reason
    assert after.id == "7"


def test_pmid_in_the_middle_of_a_value_begins_no_record(tmp_path: Path) -> None:
    text = "PMID- 5\nTI  - IL-12 (see PMID- 6\n      and PMID- 7) with PMID- 8\n"
    found = document(read(tmp_path, "a.nbib", text))
    assert found.text == "IL-12 (see PMID- 6 and PMID- 7) with PMID- 8"
