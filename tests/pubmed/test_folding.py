from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.pubmed.folding import LABEL, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TNF-α", "TNF‑alpha"),
        ("NF-κB", r"NF-\u03baB"),
        ("p < 0.05", "p&lt;0.05"),
        ("p < 0.05", "p &amp;lt; 0.05"),
        ("5 µg", "5&nbsp;μg"),
        ("10−3", "10-3"),
        ("ﬁbrosis", "fibrosis"),
        ("naïve", "nai\u0308ve"),
        ("IL-12\n(IL12)", "IL-12  (IL12)"),
    ],
)
def test_fold_makes_prints_of_one_text_equal(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(("one", "other"), [("IL-2", "IL-12"), ("IL-2", "IL2"), ("ALL", "all")])
def test_fold_keeps_different_names_apart(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_fold_only_letters_drops_case_and_punctuation() -> None:
    assert fold("IL-12 (p70), α!", only_letters=True).text == "il12p70alpha"


def test_fold_maps_a_spelled_out_letter_to_its_source() -> None:
    folded = fold("a &lt; α")
    at = folded.text.index("alpha")
    assert {(folded.starts[i], folded.ends[i]) for i in range(at, at + 5)} == {(7, 8)}
    assert (folded.starts[1], folded.ends[1]) == (2, 6)


@given(st.text())
def test_fold_maps_every_character_into_the_source(text: str) -> None:
    for only_letters in (False, True):
        folded = fold(text, only_letters=only_letters)
        assert len(folded.text) == len(folded.starts) == len(folded.ends)
        assert all(0 <= s < e <= len(text) for s, e in zip(folded.starts, folded.ends, strict=True))
        assert list(folded.starts) == sorted(folded.starts)


@pytest.mark.parametrize("text", ["RESULTS: x", "Materials and Methods: x", "BACKGROUND/AIMS: x"])
def test_label_matches_section_labels(text: str) -> None:
    match = LABEL.match(text)
    assert match is not None
    assert text[match.end() :] == "x"


@pytest.mark.parametrize("text", ["IL-12: x", "results: x", "12: x", "We saw this.  Then: x"])
def test_label_does_not_match_other_openings(text: str) -> None:
    assert LABEL.match(text) is None
