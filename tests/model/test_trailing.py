import numpy as np

from il12nlp.model.decode import Spans
from il12nlp.model.trailing import trim_trailing

WORDS = ["IL", "-", "12", "electroporation", "with", "the", "aim", "of", "Of"]


def trimmed(*spans: tuple[int, int]) -> list[tuple[int, int]]:
    first, stop = (np.array([s[i] for s in spans], dtype=np.int64) for i in (0, 1))
    given = Spans(first, stop, np.zeros_like(first), np.ones(len(spans), np.float32))
    made = trim_trailing(given, WORDS)
    return list(zip(made.first.tolist(), made.stop.tolist(), strict=True))


def test_words_that_end_no_name_are_let_go() -> None:
    assert trimmed((0, 5)) == [(0, 4)]
    assert trimmed((0, 6), (6, 9)) == [(0, 4), (6, 7)]


def test_names_stay_as_they_are() -> None:
    assert trimmed((0, 4), (3, 7)) == [(0, 4), (3, 7)]
    assert trimmed() == []


def test_what_is_nothing_else_goes() -> None:
    assert trimmed((0, 3), (4, 6)) == [(0, 3)]
