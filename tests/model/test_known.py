from __future__ import annotations

import re

import numpy as np
import pytest

from il12nlp.document import Mention
from il12nlp.model.decode import Spans
from il12nlp.model.features import Features
from il12nlp.model.known import with_known

TEXT = "IL-12 and GM-CSF raised IFN-γ"
TYPES = ("CYTOKINE", "OUTCOME")


def features() -> Features:
    places = np.asarray([m.span() for m in re.finditer(r"\w+|-", TEXT)], dtype=np.int64)
    nothing = np.zeros(len(places), dtype=np.int64)
    return Features(nothing, nothing, places, nothing, nothing)


def stated(*surfaces: str, kind: str = "CYTOKINE") -> list[Mention]:
    starts = [TEXT.index(s) for s in surfaces]
    return [
        Mention(f"T{n}", a, a + len(s), kind, s, 0.92)
        for n, (a, s) in enumerate(zip(starts, surfaces, strict=True))
    ]


def result(rows: list[tuple[int, int, int]], known: list[Mention]) -> list[tuple[str, int, float]]:
    columns = np.asarray(rows, dtype=np.int64).reshape(-1, 3).T
    spans = Spans(*columns, np.full(len(rows), 0.5, np.float32))
    made = with_known(spans, known, features(), TYPES)
    places = features().word_spans
    return [
        (TEXT[places[a, 0] : places[b - 1, 1]], int(k), round(float(s), 2))
        for a, b, k, s in zip(made.first, made.stop, made.types, made.scores, strict=True)
    ]


def test_known_mention_stands_in_the_place_of_what_overlaps_it() -> None:
    assert result([(0, 1, 0), (2, 3, 0)], stated("IL-12")) == [("IL-12", 0, 0.92)]


def test_span_that_both_agree_on_keeps_the_score_of_the_model() -> None:
    assert result([(0, 3, 0)], stated("IL-12")) == [("IL-12", 0, 0.5)]


def test_spans_elsewhere_and_of_other_types_stay_in_reading_order() -> None:
    rows = [(0, 3, 1), (8, 11, 0)]
    assert result(rows, stated("GM-CSF", "IL-12")) == [
        ("IL-12", 0, 0.92),
        ("IL-12", 1, 0.5),
        ("GM-CSF", 0, 0.92),
        ("IFN-γ", 0, 0.5),
    ]


@pytest.mark.parametrize(
    ("row", "drawn"), [((3, 5, 1), "and GM-CSF"), ((5, 8, 1), "GM-CSF raised")]
)
def test_span_of_another_type_that_a_known_mention_crosses_is_drawn_around_it(
    row: tuple[int, int, int], drawn: str
) -> None:
    assert (drawn, 1, 0.5) in result([row], stated("GM-CSF"))
    inside = result([(4, 5, 1)], stated("GM-CSF"))
    assert ("GM", 1, 0.5) in inside, "one that nests in it stays"


def test_span_that_writes_on_a_known_mention_without_a_space_stays() -> None:
    fused = [(0, 3, 0)]
    assert result(fused, stated("IL")) == [("IL-12", 0, 0.5)]
    assert result(fused, stated("12")) == [("IL-12", 0, 0.5)]
    assert result([(0, 4, 0)], stated("IL-12")) == [("IL-12", 0, 0.92)], "a space lies between"
    assert result([(4, 8, 0)], stated("GM", "CSF")) == [("GM", 0, 0.92), ("CSF", 0, 0.92)]


def test_spans_of_one_type_do_not_come_to_overlap() -> None:
    found = result([(3, 5, 1), (5, 8, 1)], stated("GM-CSF"))
    assert ("and GM", 1, 0.5) in found


@pytest.mark.parametrize("known", [stated("IL-12", kind="CANCER"), stated("L-12"), []])
def test_known_mentions_of_no_type_of_the_model_or_inside_words_are_left_out(
    known: list[Mention],
) -> None:
    assert result([(0, 1, 0)], known) == [("IL", 0, 0.5)]
    assert result([], known) == []
