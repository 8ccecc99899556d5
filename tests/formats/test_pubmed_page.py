from pathlib import Path

import pytest

from il12nlp.document import Document
from il12nlp.errors import FormatError
from tests.formats import pages
from tests.formats.samples import (
    BACKGROUND,
    CONCLUSIONS,
    NBIB,
    RESULTS,
    TEXT,
    TITLE,
    document,
    parts,
    read,
)

BODY = f"{BACKGROUND} {RESULTS}"


def test_pasted_page_gives_title_sections_and_meta_alone(tmp_path: Path) -> None:
    found = document(read(tmp_path, "page.txt", pages.NEW))
    assert (found.id, found.pmid, found.text) == ("101", "101", TEXT)
    assert [(kind, label) for kind, label, _ in parts(found)] == [
        ("title", None),
        ("abstract", "Background"),
        ("abstract", "Results"),
        ("abstract", "Conclusions"),
    ]
    assert found.meta == {
        "journal": "J Made Up Immunol",
        "year": 2001,
        "publication_types": ["Review", "Research Support, Non-U.S. Gov't"],
        "mesh": ["Animals", "Interleukin-12/therapeutic use"],
        "keywords": ["cytokine", "melanoma"],
        "doi": "10.5555/made.1",
        "pmcid": "PMC77",
        "copyright": "Copyright © 2001, Nowhere Press.",
    }


def test_page_and_medline_of_one_record_have_the_same_text(tmp_path: Path) -> None:
    from_page = document(read(tmp_path, "page.txt", pages.NEW))
    from_nbib = document(read(tmp_path, "a.nbib", NBIB))
    assert from_page.text == from_nbib.text
    assert [(p.start, p.end) for p in from_page.passages] == [
        (p.start, p.end) for p in from_nbib.passages
    ]


def test_saved_page_with_buttons_on_lines(tmp_path: Path) -> None:
    found = document(read(tmp_path, "page.txt", pages.SAVED))
    assert (found.pmid, found.text) == ("101", f"{TITLE}\n{BODY}")
    assert found.meta == {
        "journal": "J Made Up Immunol",
        "year": 2001,
        "publication_types": ["Review"],
        "mesh": ["Animals"],
        "doi": "10.5555/made.1",
    }


def test_old_page_with_wrapped_title_and_labels_on_lines(tmp_path: Path) -> None:
    found = document(read(tmp_path, "page.txt", pages.OLD))
    assert (found.pmid, found.text) == ("101", TEXT)
    assert [p.label for p in found.passages] == [None, "BACKGROUND", "RESULTS", "CONCLUSIONS"]
    assert found.meta["keywords"] == ["cytokine", "melanoma"]
    assert found.meta["journal"] == "J Made Up Immunol"


def test_text_form_gives_every_record(tmp_path: Path) -> None:
    first, second = read(tmp_path, "abstract-set.txt", pages.TEXT_FORM)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.pmid, first.text) == ("101", TEXT)
    assert [p.label for p in first.passages] == [None, "BACKGROUND", "RESULTS", "CONCLUSIONS"]
    assert first.meta["doi"] == "10.5555/made.1"
    assert first.meta["copyright"] == "Copyright © 2001 Nowhere Press."
    assert (second.pmid, second.text) == (
        "102",
        "Interleukin-18 in another tumor.\nIt did nothing.",
    )
    assert second.meta == {"journal": "J Other", "year": 2003}


def test_retracted_article_has_the_type_that_says_so(tmp_path: Path) -> None:
    text = pages.TEXT_FORM.replace("Comment in", "Retraction in")
    first, second = read(tmp_path, "abstract-set.txt", text)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.text == TEXT
    assert first.meta["publication_types"] == ["Retracted Publication"]
    assert "publication_types" not in second.meta
    page = pages.NEW.replace("PubMed Disclaimer", "PubMed Disclaimer\n\nRetraction in\nJ X.")
    found = document(read(tmp_path, "page.txt", page)).meta["publication_types"]
    assert found == ["Review", "Research Support, Non-U.S. Gov't", "Retracted Publication"]


def test_text_form_of_a_record_without_abstract(tmp_path: Path) -> None:
    text = "1. J Other. 2003 Jan;2(1):10-9.\n\nInterleukin-18.\n\nDoe J(1).\n\nPMID: 102\n"
    assert parts(document(read(tmp_path, "a.txt", text))) == [("title", None, "Interleukin-18.")]


def test_main_text_without_heading_has_its_title_on_top(tmp_path: Path) -> None:
    found = document(read(tmp_path, "page.txt", pages.MAIN_TEXT))
    assert parts(found) == [("title", None, TITLE), ("abstract", None, BODY)]
    assert found.pmid is None
    assert found.meta["publication_types"] == ["Review"]


def test_page_without_abstract_keeps_the_title(tmp_path: Path) -> None:
    found = document(read(tmp_path, "page.txt", pages.NO_ABSTRACT))
    assert parts(found) == [("title", None, TITLE)]
    assert found.pmid == "101"


def test_old_page_without_abstract_has_its_title_below_the_citation(tmp_path: Path) -> None:
    lines = ["Some menu of those days", "J Made Up. 2001 Mar 1;1(1):1-9.", TITLE, "Nobody A1."]
    text = "\n".join([*lines, "No abstract available", "PMID: 101", "Similar articles", "X."])
    assert parts(document(read(tmp_path, "page.txt", text))) == [("title", None, TITLE)]


def test_pages_one_after_the_other_give_a_document_each(tmp_path: Path) -> None:
    other = pages.NEW.replace("PMID: 101", "PMID: 201").replace(TITLE, "Interleukin-18 too")
    together = pages.NEW + pages.NO_ABSTRACT.replace("PMID: 101", "PMID: 301") + other
    found = read(tmp_path, "pages.txt", together)
    assert [r.id for r in found] == ["101", "301", "201"]
    assert all(isinstance(r, Document) for r in found)


def test_list_of_results_with_abstracts_gives_a_document_each(tmp_path: Path) -> None:
    begin, end = (
        pages.NEW.index("Review J Made"),
        pages.NEW.index("Conflict of interest statement\nThe"),
    )
    one = pages.NEW[begin:end]
    two = one.replace("101", "201").replace("Review ", "2\n").replace("anti-PD-1", "anti-CTLA-4")
    first, second = read(tmp_path, "pages.txt", f"1\n{one}{two}")
    assert (first.id, second.id) == ("101", "201")
    assert isinstance(second, Document)
    assert second.text == TEXT.replace("anti-PD-1", "anti-CTLA-4")


def test_article_copied_from_the_title_on(tmp_path: Path) -> None:
    text = pages.NEW[pages.NEW.index(TITLE) : pages.NEW.index("PubMed Disclaimer")]
    found = document(read(tmp_path, "page.txt", text))
    assert (found.pmid, found.text) == ("101", TEXT)


@pytest.mark.parametrize("layout", ["NEW", "SAVED", "OLD", "TEXT_FORM", "MAIN_TEXT", "NO_ABSTRACT"])
def test_windows_line_ends_make_no_difference(tmp_path: Path, layout: str) -> None:
    page = getattr(pages, layout)
    unix = read(tmp_path, "a.txt", page)
    assert read(tmp_path, "a.txt", page.replace("\n", "\r\n")) == unix


@pytest.mark.parametrize("layout", ["NEW", "SAVED", "OLD", "TEXT_FORM", "MAIN_TEXT", "NO_ABSTRACT"])
def test_nothing_around_the_article_gets_into_the_text(tmp_path: Path, layout: str) -> None:
    found = read(tmp_path, "a.txt", getattr(pages, layout))[0]
    assert isinstance(found, Document)
    outside = found.text
    for part in (TITLE, BACKGROUND, RESULTS, CONCLUSIONS):
        outside = outside.replace(part, "")
    assert outside.strip() == ""


def test_id_that_is_no_pmid_is_only_an_id(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.txt", pages.NEW.replace("PMID: 101", "PMID: A9-031")))
    assert (found.id, found.pmid) == ("A9-031", None)


def test_greek_and_thin_spaces_stay(tmp_path: Path) -> None:
    page = pages.NEW.replace(RESULTS, "IFN-γ\u2009rose 2‑fold;\u00a0p < 0.05.")
    found = document(read(tmp_path, "a.txt", page))
    assert "IFN-γ\u2009rose 2‑fold;\u00a0p < 0.05." in found.text


@pytest.mark.parametrize(
    "text",
    [
        "IL-12 acts, as cited by others.\n\nSimilar articles say so (PMID: 101).",
        "Title\n\nAbstract of what we know.\nPMID: 101\n",
        "References\nAbstract\nSimilar articles\n",
    ],
)
def test_plain_text_with_a_word_of_the_page_stays_plain(tmp_path: Path, text: str) -> None:
    assert document(read(tmp_path, "a.txt", text)).text == text


@pytest.mark.parametrize(
    "start", ["Doing so,", "PMIDs of", "Free IL-12", "Keyworded", "Abstractly"]
)
@pytest.mark.parametrize("layout", ["NEW", "OLD", "TEXT_FORM"])
def test_abstract_does_not_end_at_words_like_those_of_the_page(
    tmp_path: Path, layout: str, start: str
) -> None:
    page = getattr(pages, layout).replace(RESULTS, f"It acts.\n{start} it acts.")
    found = read(tmp_path, "a.txt", page)[0]
    assert isinstance(found, Document)
    assert found.text == TEXT.replace(RESULTS, f"It acts. {start} it acts.")


def test_text_form_keeps_paragraphs_that_begin_like_notices(tmp_path: Path) -> None:
    page = pages.TEXT_FORM.replace("It did nothing.", "Update: it did.\n\nCommenting on it, no.")
    second = read(tmp_path, "a.txt", page)[1]
    assert isinstance(second, Document)
    assert second.text.endswith("Update: it did.\nCommenting on it, no.")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            ["IL-12 in murine", "sarcoma and its", "Metastases"],
            "IL-12 in murine sarcoma and its Metastases",
        ),
        (["IL-12 in mice.", "van den Berg J1, Doe A."], "IL-12 in mice."),
        (["IL-12 in mice", "van den Berg J, Doe A."], "IL-12 in mice"),
        (["IL-12 in mice", "Ann van den Berg 1"], "IL-12 in mice"),
        (["Anti-", "PD-1 in mice", "Doe A."], "Anti- PD-1 in mice"),
    ],
)
def test_title_goes_on_where_its_line_cannot_end(
    tmp_path: Path, lines: list[str], title: str
) -> None:
    top = "J Made Up. 2001 Mar 1;1(1):1-9."
    text = "\n".join([top, *lines, "Author information", "Abstract", "It acts.", "PMID: 101"])
    assert document(read(tmp_path, "a.txt", text)).text == f"{title}\nIt acts."


def test_text_that_is_no_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no PubMed page"):
        read(tmp_path, "a.txt", "Just a note on IL-12.\n", format="pubmed_page")
