import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.text.folding import fold, fold_characters, fold_name
from tests.evaluation import score_oracle

VARIANTS = st.text(
    st.one_of(
        st.sampled_from("αβγßµμΩΔ‐‑–—−⁻⁺²₂ﬁﬃ½…™ＴＮＦ１　\u00a0\u2009\u200b\xad´’“”IL-12 \n"),
        st.characters(),
    )
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("IL\u201112, IL–12, IL−12", "IL-12, IL-12, IL-12"),
        ("5\u00a0\u2009mg\u3000kg", "5  mg kg"),
        ("10 \u00b5g", "10 μg"),
        ("ＩＬ－１２", "IL-12"),
        ("“so-called” 5′ ’s", "\"so-called\" 5' 's"),
        ("IL-1ß and CD3ϵ", "IL-1β and CD3ε"),
        ("CD8⁺ kg⁻¹ 10⁶", "CD8+ kg-¹ 10⁶"),
        ("naïve ﬁbrosis …", "naïve ﬁbrosis …"),
    ],
)
def test_fold_characters_makes_variants_plain(text: str, folded: str) -> None:
    assert fold_characters(text) == folded


@given(VARIANTS)
def test_fold_characters_keeps_the_length_and_line_ends(text: str) -> None:
    folded = fold_characters(text)
    assert len(folded) == len(text)
    assert [c == "\n" for c in folded] == [c == "\n" for c in text]
    assert fold_characters(folded) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("TNF-α, IFN‑γ", "TNF-alpha, IFN-gamma"),
        ("ΔΨ TGFβ₁", "DeltaPsi TGFbeta1"),
        ("identiﬁed ½ …", "identified 1/2 ..."),
        ("inter\xadleukin\u200b", "interleukin"),
        ("ascii text", "ascii text"),
    ],
)
def test_fold_spells_out(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_folded_span_leads_back_to_the_original() -> None:
    text = "high TNF-α and ﬁbrosis"
    folded = fold(text)
    for name, original in (("TNF-alpha", "TNF-α"), ("fibrosis", "ﬁbrosis"), ("and", "and")):
        start = folded.text.index(name)
        begin, end = folded.original_span(start, start + len(name))
        assert text[begin:end] == original


def test_folded_span_inside_a_letter_covers_the_letter() -> None:
    folded = fold("x α y")
    assert folded.original_span(3, 5) == (2, 3)
    assert folded.original_span(4, 4) == (2, 2)
    assert folded.original_span(len(folded.text), len(folded.text)) == (5, 5)


@pytest.mark.parametrize("span", [(-1, 1), (2, 1), (0, 9)])
def test_folded_span_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        fold("IL-12").original_span(*span)


@given(VARIANTS)
def test_folded_spans_cover_the_text_in_order(text: str) -> None:
    folded = fold(text)
    spans = [folded.original_span(i, i + 1) for i in range(len(folded.text))]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize(
    "names",
    [
        ("IL-12", "IL 12", "il12", "IL‑12"),
        ("TNF-α", "TNF alpha", "TNFα"),
        ("IL-1ß", "IL-1β", "IL-1 beta"),
        ("CD8+ T cells", "CD8+ T cell"),
    ],
)
def test_fold_name_unites_spellings(names: tuple[str, ...]) -> None:
    assert len({fold_name(n) for n in names}) == 1


@pytest.mark.parametrize(
    "pair", [("IL-12", "IL-2"), ("CD8+", "CD8"), ("mass", "ma"), ("gas", "ga")]
)
def test_fold_name_keeps_different_names_apart(pair: tuple[str, str]) -> None:
    assert fold_name(pair[0]) != fold_name(pair[1])


@given(st.one_of(VARIANTS, st.text(st.sampled_from("αßKs+ -Sκλδγ1İ"))))
def test_fold_name_equals_the_reference(name: str) -> None:
    assert fold_name(name) == score_oracle.fold(name)
