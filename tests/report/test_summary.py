from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import il12nlp
from il12nlp.document import Document
from il12nlp.report import Conflict, EvidenceRow, Summary, Tally, Verdict, summarise
from tests.report.build import finding, paper


def only(documents: list[Document]) -> EvidenceRow:
    [row] = summarise(documents)
    return row


def test_summary_counts_a_paper_once_however_often_it_says_so() -> None:
    row = only([paper("1", finding(), finding(), finding()), paper("2", finding())])
    assert row.group == {
        "cytokine": "IL-12",
        "partner_class": "none",
        "outcome_class": "tumour growth",
    }
    assert row.tally == Tally(
        papers=2, benefit=2, harm=0, mixed=0, no_effect=0, unknown=0, also_no_effect=0
    )
    assert row.papers[Verdict.BENEFIT] == ("1", "2")


def test_summary_counts_two_versions_of_a_record_once() -> None:
    first, second = paper("1", finding()), paper("1", finding("harm"))
    row = only([first, second, replace(first, text=first.text)])
    assert (row.tally.papers, row.tally.mixed) == (1, 1)


@pytest.mark.parametrize(
    ("said", "verdict", "partly"),
    [
        (["benefit", "harm"], "mixed", False),
        (["benefit", "harm", "none", "unknown"], "mixed", True),
        (["benefit", "none"], "benefit", True),
        (["harm", "none", "unknown"], "harm", True),
        (["harm", "unknown"], "harm", False),
        (["none", "unknown"], "no_effect", False),
        (["none"], "no_effect", False),
        (["unknown"], "unknown", False),
    ],
)
def test_summary_gives_a_paper_one_verdict(said: list[str], verdict: str, partly: bool) -> None:
    row = only([paper("1", *map(finding, said))])
    assert [v.value for v in Verdict if row.papers[v]] == [verdict]
    assert row.also_no_effect == (("1",) if partly else ())
    assert row.tally.also_no_effect == int(partly)
    assert getattr(row.tally, verdict) == 1


@pytest.mark.parametrize(
    ("papers", "conflict"),
    [
        (["benefit"], Conflict.NONE),
        (["benefit", "none"], Conflict.NONE),
        (["benefit", "harm"], Conflict.BETWEEN),
    ],
)
def test_summary_marks_papers_on_both_sides(papers: list[str], conflict: Conflict) -> None:
    row = only([paper(str(n), finding(said)) for n, said in enumerate(papers, start=1)])
    assert row.conflict == conflict


def test_summary_tells_a_paper_that_contradicts_itself_from_papers_that_do() -> None:
    mixed = paper("1", finding(), finding("harm"))
    assert only([mixed, paper("2", finding())]).conflict == Conflict.WITHIN
    assert only([mixed, paper("2", finding()), paper("3", finding("harm"))]).conflict == (
        Conflict.BETWEEN
    )


def test_summary_keeps_sides_apart_that_stand_in_different_cells() -> None:
    rows = summarise([paper("1", finding(), finding("harm", outcome="fever"))])
    assert [r.group["outcome_class"] for r in rows] == ["toxicity/adverse event", "tumour growth"]
    assert {r.conflict for r in rows} == {Conflict.NONE}


def test_summary_breaks_papers_down_by_study_type_and_cancer() -> None:
    documents = [
        paper("1", finding(cancers=("melanoma",)), finding("harm", cancers=("glioma",))),
        paper("2", finding(cancers=("melanoma",)), study_type="clinical"),
        paper("3", finding("none"), study_type=""),
    ]
    row = only(documents)
    assert {name: str(tally) for name, tally in row.by_study_type.items()} == {
        "animal": "1 mixed",
        "clinical": "1 benefit",
        "not stated": "1 no effect",
    }
    assert {name: str(tally) for name, tally in row.by_cancer.items()} == {
        "melanoma": "2 benefit",
        "glioma": "1 harm",
        "not stated": "1 no effect",
    }


def test_summary_leads_back_to_pmids_and_marks_other_ids() -> None:
    row = only(
        [
            paper("20", finding()),
            paper("A1-010", finding(), invented=True),
            paper("9", finding()),
            paper("A1-011", finding(), doi="10.5555/invented.A1-011"),
            paper("sha256-0f", finding(), doi="10.1000/182"),
        ]
    )
    assert row.papers[Verdict.BENEFIT] == (
        "9",
        "20",
        "id:A1-010 [invented]",
        "id:A1-011 [invented]",
        "id:sha256-0f",
    )


def test_summary_puts_most_papers_first_then_names() -> None:
    documents = [
        paper("1", finding(), finding(cytokines=("IL-18",)), finding(cytokines=("GM-CSF",))),
        paper("2", finding(cytokines=("IL-18",))),
    ]
    rows = summarise(documents, by=["cytokine"])
    assert [r.group["cytokine"] for r in rows] == ["IL-18", "gm-csf", "IL-12"]


def test_summary_tells_what_has_passed(caplog: pytest.LogCaptureFixture) -> None:
    documents = [paper("1", finding(), finding(cytokines=())), paper("2"), paper("3")]
    summary = Summary()
    for document in documents:
        summary.add(document)
    assert (summary.documents, summary.without_findings, summary.findings) == (3, 2, 1)
    with caplog.at_level(logging.INFO, "il12nlp"):
        summarise(documents)
    assert "3 documents, 2 without findings; 1 findings count" in caplog.text
    assert "1 without a cytokine" in caplog.text


def test_summary_keeps_no_documents() -> None:
    import gc
    import weakref

    summary, document = Summary(), paper("1", finding())
    gone = weakref.ref(document)
    summary.add(document)
    del document
    gc.collect()
    assert gone() is None
    assert len(summary.rows()) == 1


def test_summarise_of_nothing_is_empty() -> None:
    assert summarise([]) == []
    assert il12nlp.summarise is summarise


SAID = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "11", "A1"]),
        st.sampled_from(["benefit", "harm", "none", "unknown"]),
        st.sampled_from([("IL-12",), ("IL-18",), ("IL-18", "IL-12")]),
        st.sampled_from([(), ("melanoma",), ("melanoma", "glioma")]),
    ),
    max_size=12,
)


@given(SAID, st.randoms())
def test_summary_does_not_depend_on_order_or_repetition(said: list, random: object) -> None:
    documents = [
        paper(id, finding(benefit, cytokines=cytokines, cancers=cancers))
        for id, benefit, cytokines, cancers in said
    ]
    expected = summarise(documents)
    again = [*documents, *documents]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert summarise(again) == expected
    for row in expected:
        assert sum(map(len, row.papers.values())) == row.tally.papers
        assert sum(tally.papers for tally in row.by_study_type.values()) == row.tally.papers
