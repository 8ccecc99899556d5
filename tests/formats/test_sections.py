import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.formats.sections import (
    Section,
    build_document,
    is_label,
    label_paragraphs,
    split_labelled,
)


@pytest.mark.parametrize(
    "label",
    [
        "BACKGROUND",
        "MATERIALS AND METHODS",
        "Design, settings, and participants",
        "AUTHORS' CONCLUSIONS",
        "BACKGROUND & AIMS",
        "CONCLUSIONS/INTERPRETATION",
        "Main outcome measure(s)",
        "TRIAL REGISTRATION",
        "UNLABELLED",
    ],
)
def test_labels_of_pubmed_are_labels(label: str) -> None:
    assert is_label(label)


@pytest.mark.parametrize(
    "text",
    [
        "IL-12",
        "VEGF",
        "",
        "and",
        "To review.",
        "In conclusion, IL-12 acts",
        "TNF: results",
        "results " * 9,
        "DNA VACCINE",
    ],
)
def test_other_words_are_no_labels(text: str) -> None:
    assert not is_label(text)


def test_flow_is_split_at_labels_after_sentence_ends() -> None:
    flow = "PURPOSE: To test IL-12. METHODS AND RESULTS: It acted (n=5). CONCLUSION : Good."
    assert split_labelled(flow) == [
        Section("To test IL-12.", "PURPOSE"),
        Section("It acted (n=5).", "METHODS AND RESULTS"),
        Section("Good.", "CONCLUSION"),
    ]


@pytest.mark.parametrize(
    "flow",
    [
        "We tested IL-12. RESULTS: It acted.",
        "IL-12: It acted.",
        "VEGF: it rose.",
        "Results: it rose.",
        "RESULTS it rose.",
        "",
    ],
)
def test_flow_that_does_not_begin_with_a_label_stays_whole(flow: str) -> None:
    assert split_labelled(flow) == [Section(flow)]


def test_cytokine_before_a_colon_stays_in_the_text() -> None:
    flow = "RESULTS: Levels rose. VEGF: 12 pg/ml. CONCLUSIONS: Done."
    assert split_labelled(flow)[0] == Section("Levels rose. VEGF: 12 pg/ml.", "RESULTS")


def test_paragraphs_take_known_labels_and_leave_other_colons() -> None:
    assert label_paragraphs(["Aim: To test.", "We found this: it acts.", "IL-12 acts."]) == [
        Section("To test.", "Aim"),
        Section("We found this: it acts."),
        Section("IL-12 acts."),
    ]


def test_paragraphs_that_all_begin_alike_are_labelled() -> None:
    assert label_paragraphs(["Whereabouts: A.", "Upshot: B."]) == [
        Section("A.", "Whereabouts"),
        Section("B.", "Upshot"),
    ]


def test_paragraph_may_be_a_flow_of_sections() -> None:
    assert label_paragraphs(["AIM: To test. RESULTS: It acts.", "Discussion: Yes."]) == [
        Section("To test.", "AIM"),
        Section("It acts.", "RESULTS"),
        Section("Yes.", "Discussion"),
    ]


def test_document_leaves_out_empty_parts_and_empty_meta() -> None:
    document = build_document(
        title="",
        sections=[Section(""), Section("A.", "AIM"), Section("B.")],
        record_id=None,
        meta={"journal": "", "year": None, "mesh": [], "keywords": ["x"]},
    )
    assert document.text == "A.\nB."
    assert [(p.start, p.end, p.label) for p in document.passages] == [(0, 2, "AIM"), (3, 5, None)]
    assert document.meta == {"keywords": ["x"]}


@pytest.mark.parametrize(
    ("record_id", "pmid"),
    [("11238633", "11238633"), ("0123", None), ("A1-1", None), ("1234567890", None), ("１", None)],
)
def test_only_what_looks_like_a_pmid_is_one(record_id: str, pmid: str | None) -> None:
    document = build_document(title="T", sections=[], record_id=record_id, meta={})
    assert (document.id, document.pmid) == (record_id, pmid)


@given(st.text(), st.lists(st.builds(Section, st.text(), st.none() | st.text())))
def test_passages_hold_the_parts_and_cover_the_text(title: str, sections: list[Section]) -> None:
    document = build_document(title=title, sections=sections, record_id="x", meta={}).check()
    held = [document.text[p.start : p.end] for p in document.passages]
    assert held == [part for part in (title, *(s.text for s in sections)) if part]
    assert "\n".join(held) == document.text


@given(st.text("ABCIMRSTU: .\n)aα"))
def test_splitting_loses_nothing_but_labels_and_spaces(text: str) -> None:
    sections = split_labelled(text)
    together = "".join((f"{s.label}:" if s.label else "") + s.text for s in sections)
    assert together.replace(" ", "").replace("\n", "") == (
        text.replace("UNLABELLED:", "").replace(" ", "").replace("\n", "")
    )
