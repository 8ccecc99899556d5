"""What `Document.check` proves of findings and sentences."""

from __future__ import annotations

import re

import pytest

from il12nlp.document import Document, Finding, Mention, Sentence, Span
from il12nlp.errors import DocumentError
from il12nlp.schema import Benefit, Direction

TEXT = "IL-12 i.v. cut pain"


def document(**fields: object) -> Document:
    finding = Finding("F1", ("T1",), (), "T2", Direction.DECREASE, Benefit.BENEFIT, **fields)  # type: ignore[arg-type]
    return Document(
        id="D",
        text=TEXT,
        mentions=(
            Mention("T1", 0, 5, "CYTOKINE", "IL-12"),
            Mention("T2", 15, 19, "OUTCOME", "pain"),
        ),
        findings=(finding,),
    )


def test_check_takes_phrases_and_comparators_that_are_there() -> None:
    sound = document(comparators=("T1",), routes=(Span(6, 10),), doses=(Span(6, 19),))
    assert sound.check() is sound


@pytest.mark.parametrize("field", ["routes", "doses"])
def test_check_refuses_phrases_outside_the_text(field: str) -> None:
    with pytest.raises(DocumentError, match="outside the text of 19"):
        document(**{field: (Span(6, 20),)}).check()


def test_check_refuses_a_comparator_that_is_no_mention() -> None:
    with pytest.raises(DocumentError, match="finding F1 refers to T9"):
        document(comparators=("T9",)).check()


def test_check_takes_sentences_with_and_without_text_between_them() -> None:
    sound = document().replace(sentences=(Sentence(1, 5), Sentence(5, 10), Sentence(11, 19)))
    assert sound.check() is sound


@pytest.mark.parametrize(
    "spans", [[(0, 0)], [(0, 5), (5, 5)], [(6, 19), (0, 5)], [(0, 6), (5, 19)], [(0, 19), (0, 19)]]
)
def test_check_refuses_sentences_that_are_empty_overlap_or_stand_out_of_order(
    spans: list[tuple[int, int]],
) -> None:
    broken = document().replace(sentences=tuple(Sentence(*span) for span in spans))
    with pytest.raises(
        DocumentError, match=re.escape(f"{Sentence(*spans[-1])} is empty, or begins")
    ):
        broken.check()
