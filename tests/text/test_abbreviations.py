import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.document import Sentence
from il12nlp.text.abbreviations import Abbreviation, find_abbreviations, long_forms
from il12nlp.text.sentences import split_sentences

CYTOKINES = [
    ("Interleukin-12 (IL-12) was given", "IL-12", "Interleukin-12"),
    ("serum interleukin-10 (IL-10) rose", "IL-10", "interleukin-10"),
    ("Interleukin 15 (IL-15) expands NK cells", "IL-15", "Interleukin 15"),
    ("interferon-inducible protein-10 (IP-10)", "IP-10", "interferon-inducible protein-10"),
    ("levels of interferon-γ (IFN-γ) rose", "IFN-γ", "interferon-γ"),
    ("with interferon gamma (IFN-γ) and", "IFN-γ", "interferon gamma"),
    ("secrete gamma-interferon (IFN-gamma)", "IFN-gamma", "gamma-interferon"),
    ("given interferon alfa-2b (IFN-α2b) daily", "IFN-α2b", "interferon alfa-2b"),
    ("type I interferon (IFN-I) genes", "IFN-I", "type I interferon"),
    ("tumor necrosis factor-α (TNF-α)", "TNF-α", "tumor necrosis factor-α"),
    ("of tumour necrosis factor alpha (TNFα)", "TNFα", "tumour necrosis factor alpha"),
    ("transforming growth factor-β1 (TGF-β1)", "TGF-β1", "transforming growth factor-β1"),
    ("and interleukin‑1β (IL‑1β) fell", "IL‑1β", "interleukin‑1β"),
    ("monocyte chemoattractant protein 1 (MCP-1)", "MCP-1", "monocyte chemoattractant protein 1"),
    (
        "granulocyte-macrophage colony-stimulating factor (GM-CSF; 125 µg)",
        "GM-CSF",
        "granulocyte-macrophage colony-stimulating factor",
    ),
    ("macrophage inflammatory protein-1α (MIP-1α)", "MIP-1α", "macrophage inflammatory protein-1α"),
    ("the role of IL-18 (interleukin-18) is", "IL-18", "interleukin-18"),
    ("patients given interleukin (IL)-21 and", "IL", "interleukin"),
    ("TNF-related apoptosis-inducing ligand (TRAIL)", "TRAIL", None),
    ("recombinant human erythropoietin (rhEPO)", "rhEPO", "recombinant human erythropoietin"),
    ("stromal cell-derived factor-1 [SDF-1]", "SDF-1", "stromal cell-derived factor-1"),
    ("the IL-1 receptor antagonist (IL-1RA)", "IL-1RA", "IL-1 receptor antagonist"),
]


def forms(text: str) -> dict[str, str]:
    return long_forms(text, find_abbreviations(text, split_sentences(text)))


@pytest.mark.parametrize(("text", "short", "long"), CYTOKINES)
def test_find_abbreviations_knows_cytokine_definitions(
    text: str, short: str, long: str | None
) -> None:
    assert forms(text) == {short: long or text[: text.index(" (")]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("of multiple myeloma (MM) cells", {"MM": "multiple myeloma"}),
        (
            "the International Index of Erectile Function (IIEF)",
            {"IIEF": "International Index of Erectile Function"},
        ),
        ("and 2-chlorodeoxyadenosine (CdA)", {"CdA": "2-chlorodeoxyadenosine"}),
        ("anti-programmed death 1 (PD-1) antibody", {"PD-1": "programmed death 1"}),
        ("cytotoxic T lymphocytes (CTLs)", {"CTLs": "cytotoxic T lymphocytes"}),
        ("overall survival (OS, months) and", {"OS": "overall survival"}),
        ("RESULTS: Overall survival (OS) was", {"OS": "Overall survival"}),
        ("(95% confidence interval [CI], 2 to 3)", {"CI": "confidence interval"}),
        ("of base pairs (bp) and", {"bp": "base pairs"}),
        ("cured by interleukin(IL)-12", {"IL": "interleukin"}),
    ],
)
def test_find_abbreviations_finds_the_whole_long_form(text: str, expected: dict[str, str]) -> None:
    assert forms(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "(IL-12) alone",
        "mice (n = 12) and controls",
        "median (range) and mean (SD)",
        "injected intravenously (i.v.) daily",
        "tumors (10 mg/kg) and mice (p < 0.05)",
        "twelve months of treatment (times)",
        "Ca(2+) and interacted with Pt(II)",
        "IL-12 (IL-12) and IL-12 (p40)",
        "Interleukin. (IL) was given",
        "unclosed interleukin (IL and",
        "empty interleukin () and (  )",
    ],
)
def test_find_abbreviations_leaves_other_parentheses_alone(text: str) -> None:
    assert forms(text) == {}


def test_find_abbreviations_gives_offsets_of_the_original() -> None:
    text = "A title\nWe gave ﬁrst interferon‐γ ( IFN‐γ), then more."
    (found,) = find_abbreviations(text, split_sentences(text))
    assert text[found.short_start : found.short_end] == "IFN‐γ"
    assert text[found.long_start : found.long_end] == "interferon‐γ"


def test_find_abbreviations_stays_in_the_sentence() -> None:
    text = "We gave interleukin. (IL) rose"
    assert find_abbreviations(text, (Sentence(0, 20), Sentence(21, 30))) == ()


def test_long_forms_keeps_the_first_definition() -> None:
    text = "CR then CR: clinical response, complete remission"
    definitions = (Abbreviation(0, 2, 12, 29), Abbreviation(8, 10, 31, 49))
    assert long_forms(text, definitions) == {"CR": "clinical response"}


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["interleukin-12", "IL-12", "(", ")", "[IL]", "γ", "(IFN-γ)", ";", " "]
            ),
            st.text(max_size=5),
        )
    ).map(" ".join)
)
def test_abbreviations_lie_inside_their_sentence_apart(text: str) -> None:
    sentences = split_sentences(text)
    for a in find_abbreviations(text, sentences):
        assert a.short_end <= a.long_start or a.long_end <= a.short_start
        assert text[a.short_start : a.short_end].strip()
        assert text[a.long_start : a.long_end].strip()
        assert any(
            s.start <= min(a.short_start, a.long_start) and max(a.short_end, a.long_end) <= s.end
            for s in sentences
        )


@pytest.mark.timeout(30)
def test_find_abbreviations_is_linear_in_hostile_text() -> None:
    text = "interleukin (IL) " * 20_000 + "(" * 100_000 + "[a" * 100_000
    assert len(find_abbreviations(text, (Sentence(0, len(text)),))) == 20_000
