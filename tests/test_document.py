"""What `Document.check` proves of findings."""

from __future__ import annotations

import pytest

from il12nlp.document import Document, Finding, Mention, Span
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
