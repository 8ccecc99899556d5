from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.terminology.names import is_damaged, match_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TNF‑α", "tnf alpha"),
        ("IL−12", "IL12"),
        ("Tumour oedema", "tumor edema"),
        ("haematopoietic leukaemia", "hematopoietic leukemia"),
        ("naïve T cells", "naive T cell"),
        ("CD8+ T-cells", "CD8+ T cell"),
    ],
)
def test_match_key_joins_spellings(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("IFN-ω", "IFN"), ("IL-1ε", "IL-1"), ("CD8+", "CD8"), ("IL-1", "IL-11")]
)
def test_match_key_keeps_different_names_apart(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@given(st.text())
def test_match_key_holds_plain_characters_only(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9+]*", match_key(name))


def test_is_damaged_sees_a_lost_letter() -> None:
    assert is_damaged("interferon-?")
    assert not is_damaged("interferon-γ")
