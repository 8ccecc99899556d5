from __future__ import annotations

import re

import numpy as np
import pytest

from il12nlp.model.decode import Spans
from il12nlp.model.hyphens import mend_hyphens


def mended(text: str, *rows: tuple[int, int, int]) -> list[tuple[str, int]]:
    """Surfaces and types after mending; `rows` count words, each hyphen being one."""
    found = list(re.finditer(r"[A-Za-z]+|\d+|[-–,)]", text))
    places = np.asarray([m.span() for m in found], dtype=np.int64)
    columns = np.asarray(rows, dtype=np.int64).T
    spans = Spans(*columns, np.full(len(rows), 0.5, np.float32))
    result = mend_hyphens(spans, [m.group() for m in found], places)
    rows_after = zip(result.first, result.stop, result.types, strict=True)
    return [(text[places[a, 0] : places[b - 1, 1]], int(kind)) for a, b, kind in rows_after]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("MX-175 cured", (0, 2), "MX-175"),
        ("IL-12-treated mice", (0, 4), "IL-12"),
        ("T–cell killing", (0, 2), "T"),
        ("IL-2- and IL-12-treated mice", (0, 4), "IL-2-"),
        ("given IL-", (1, 3), "IL-"),
        ("T-, B- and NK cells", (0, 2), "T-"),
        ("anti-PD-1 cured", (0, 5), "anti-PD-1"),
        ("-negative cells", (0, 1), "-"),
    ],
)
def test_no_mention_ends_at_a_hyphen_inside_a_compound(
    text: str, span: tuple[int, int], expected: str
) -> None:
    assert mended(text, (*span, 0)) == [(expected, 0)]


def test_number_of_another_mention_of_the_type_is_left_to_it() -> None:
    assert mended("MX-175 cured", (0, 2, 1), (2, 3, 1)) == [("MX", 1), ("175", 1)]
    assert mended("MX-175 cured", (0, 2, 1), (2, 3, 0)) == [("MX-175", 1), ("175", 0)]


def test_spans_stay_sorted_by_their_ends() -> None:
    rows = (0, 2, 0), (0, 2, 1), (2, 3, 1)
    assert mended("MX-175 cured", *rows) == [("MX", 1), ("MX-175", 0), ("175", 1)]
