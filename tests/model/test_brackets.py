from __future__ import annotations

import numpy as np
import pytest

from il12nlp.model.brackets import close_brackets
from il12nlp.model.decode import Spans


def spans(*rows: tuple[int, int, int]) -> Spans:
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 3)
    return Spans(*table.T, np.linspace(0.5, 0.9, len(rows)).astype(np.float32))


def mended(text: str, *rows: tuple[int, int, int]) -> list[tuple[str, int]]:
    words = text.split()
    found = close_brackets(spans(*rows), words)
    return [
        (" ".join(words[a:b]), kind)
        for a, b, kind in zip(
            found.first.tolist(), found.stop.tolist(), found.types.tolist(), strict=True
        )
    ]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("cell count ( AGC ) rose", (0, 4), "cell count ( AGC )"),
        ("cell count ( AGC , n ) rose", (0, 4), "cell count"),
        ("interleukin ( IL rose", (0, 2), "interleukin"),
        ("given ( IL - 2 ) and", (2, 6), "IL - 2"),
        ("CD11b ( + ) Gr1 ( high ) cells", (0, 9), "CD11b ( + ) Gr1 ( high ) cells"),
        ("a ) b ( c", (0, 5), "a"),
    ],
)
def test_close_brackets_leaves_none_without_its_partner(
    text: str, span: tuple[int, int], expected: str
) -> None:
    assert mended(text, (*span, 0)) == [(expected, 0)]


def test_close_brackets_joins_neighbours_that_are_whole_together() -> None:
    text = "viral interleukin ( vIL ) - 10 fell"
    assert mended(text, (0, 3, 0), (3, 7, 0)) == [("viral interleukin ( vIL ) - 10", 0)]
    assert mended(text, (0, 3, 0), (3, 7, 1)) == [("viral interleukin", 0), ("vIL", 1)]


def test_close_brackets_drops_what_would_be_empty() -> None:
    assert mended("( a )", (2, 3, 0), (0, 2, 1)) == [("( a )", 1)]
    assert mended("b ) a", (1, 2, 0)) == []


def test_close_brackets_gives_whole_spans_back_as_they_are() -> None:
    given = spans((0, 2, 0), (1, 2, 1))
    assert close_brackets(given, ["a", "b", "("]) is given


def test_close_brackets_keeps_the_order_and_the_lower_score() -> None:
    words = ["x", "(", "y", ")", "z"]
    found = close_brackets(spans((0, 2, 1), (2, 4, 1), (4, 5, 0)), words)
    assert found.first.tolist() == [0, 4]
    assert found.scores.tolist() == [0.5, pytest.approx(0.9)]
