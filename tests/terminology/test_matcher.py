from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from il12nlp.document import Document, Relation
from il12nlp.schema import CTO
from il12nlp.terminology.matcher import DictionaryMatcher
from tests.terminology.conftest import document


@pytest.fixture(scope="module")
def matcher() -> DictionaryMatcher:
    return DictionaryMatcher()


def found(matcher: DictionaryMatcher, text: str) -> set[tuple[str, str]]:
    annotated = matcher.annotate(Document(id="D", text=text)).check(CTO)
    return {(m.type[:2], m.text) for m in annotated.mentions}


def test_matcher_finds_names_of_all_types(matcher: DictionaryMatcher) -> None:
    text = "IL-12 plus cisplatin reduced tumor growth of B16F10 melanoma and raised NK cells."

    assert found(matcher, text) == {
        ("CY", "IL-12"),
        ("TH", "cisplatin"),
        ("OU", "tumor growth"),
        ("CA", "B16F10 melanoma"),
        ("CE", "NK cells"),
    }


def test_matcher_gives_concepts_and_splits_sentences(matcher: DictionaryMatcher) -> None:
    annotated = matcher.annotate(Document(id="D", text="IL‑12 was given. It cured mice."))

    assert len(annotated.sentences) == 2
    [mention] = annotated.mentions
    assert mention.concept is not None
    assert mention.concept.id == "FPLX:IL12"


def test_matcher_drops_what_was_annotated_before(matcher: DictionaryMatcher) -> None:
    given = document("IL-12 cured mice.", ("CYTOKINE", "mice"), ("OUTCOME", "cured"))
    marked = given.replace(
        relations=(Relation("R1", "INCREASES", "T1", "T2"),), study_type="animal"
    )

    annotated = matcher.annotate(marked)

    assert [m.text for m in annotated.mentions] == ["IL-12"]
    assert (annotated.relations, annotated.study_type) == ((), None)
    assert replace(annotated, mentions=(), relations=(), study_type=None) == replace(
        given, mentions=()
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("IL-12 and -18 were given.", {"IL-12", "-18"}),
        ("IL-2/15 was given.", {"IL-2", "15"}),
        ("IFN-α or -β was given.", {"IFN-α", "-β"}),
        ("IL-2, 15 mice each.", {"IL-2"}),
        ("IL-12/IL-18", {"IL-12", "IL-18"}),
        ("IL-12-secreting cells", {"IL-12"}),
        ("Ad-IL-12, IL-2-induced, NHS-IL12", {"IL-12", "IL-2", "NHS-IL12"}),
        ("tumor necrosis factor-α", {"tumor necrosis factor-α"}),
        ("interleukin (IL)-12", {"interleukin (IL)-12"}),
    ],
)
def test_matcher_reads_cytokines_in_lists_and_compounds(
    matcher: DictionaryMatcher, text: str, names: set[str]
) -> None:
    assert {name for type_, name in found(matcher, text) if type_ == "CY"} == names


@pytest.mark.parametrize(
    "text",
    ["IL-2 receptor", "anti-IL-6", "VEGFR", "IL-6 inhibitor", "a light trail", "IL-12 in 5",
     "We used the same as a guide.", "all mice", "cancer and tumor", "IL. 12 mice"],
)  # fmt: skip
def test_matcher_leaves_what_is_no_cytokine_or_proves_nothing(
    matcher: DictionaryMatcher, text: str
) -> None:
    kept = {"IL-12"} if text.startswith("IL-12 in") else set()
    assert {n for t, n in found(matcher, text) if t in ("CY", "CA")} == kept


def test_matcher_takes_the_longest_name_of_a_type(matcher: DictionaryMatcher) -> None:
    text = "metastasis of non-small cell lung cancer"

    assert ("CA", "non-small cell lung cancer") in found(matcher, text)
    assert ("CA", "lung cancer") not in found(matcher, text)


def test_matcher_takes_one_type_for_one_span(matcher: DictionaryMatcher) -> None:
    assert found(matcher, "dendritic cells") == {("CE", "dendritic cells")}


def test_matcher_knows_the_users_terms(tmp_path: Path) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("type\tterm\tid\nTHERAPY\tfoozumab\tMY:1\n")

    assert found(DictionaryMatcher(terms=terms), "foozumab cured") == {("TH", "foozumab")}


@pytest.mark.parametrize(
    "text",
    ["Growth hormone (GH) was given.", "serum leptin and adiponectin", "acute GVHD (grade II)",
     "CCl4 and CCl(4) injured the liver.", "activating transcription factor (ATF) 2", "MRP1, DDT",
     "anakinra was given", "PEG-IL-18 was given", "pegylated IFN alfa-2c",
     "NF-IL6 bound", "IL13-PE38QQR killed", "pro-IL-1β"],
)  # fmt: skip
def test_matcher_leaves_to_the_model_what_mostly_is_no_cytokine_or_is_half_a_name(
    matcher: DictionaryMatcher, text: str
) -> None:
    assert {name for kind, name in found(matcher, text) if kind == "CY"} == set()


def test_matcher_marks_the_chemokine_that_is_spelled_much_like_carbon_tetrachloride(
    matcher: DictionaryMatcher,
) -> None:
    assert {("CY", "CCL4"), ("CY", "CCL2")} <= found(matcher, "CCL4 and CCL2 rose.")


def test_matcher_marks_a_doubtful_name_that_the_user_calls_a_cytokine(tmp_path: Path) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("type\tterm\tid\nCYTOKINE\tleptin\tHGNC:6553\n")

    assert ("CY", "leptin") in found(DictionaryMatcher(terms=terms), "Leptin or leptin rose.")
    assert ("CY", "leptin") not in found(DictionaryMatcher(), "Leptin or leptin rose.")


def test_matcher_looks_for_the_types_asked_for_alone() -> None:
    matcher = DictionaryMatcher(types=("CYTOKINE",), score=0.9)
    text = "Interleukin-12 (IL-12) and dendritic cells (DCs) in melanoma"
    mentions = matcher.annotate(Document(id="D", text=text)).mentions
    assert [(m.text, m.type, m.score) for m in mentions] == [
        ("Interleukin-12", "CYTOKINE", 0.9),
        ("IL-12", "CYTOKINE", 0.9),
    ]


def test_matcher_handles_an_empty_text(matcher: DictionaryMatcher) -> None:
    assert found(matcher, "") == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the Fibroblast Growth Factor Receptors (FGFRs)", []),
        ("human epidermal growth factor (HER-2) receptors", []),
        ("A defect in IFN-gammaR and in IFN-γR1", []),
        ("vascular endothelial growth factor-signaling inhibitors", []),
        ("IL-12 inhibited tumor growth", ["IL-12"]),
        ("the Tac antigen and CD25", []),
        ("chemokine CXCL10 and chemokines CCL4", ["CXCL10", "CCL4"]),
        ("IL-1 receptor antagonist (IL-1Ra)", ["IL-1Ra"]),
    ],
)
def test_matcher_knows_receptors_and_classes_from_cytokines(text: str, found: list[str]) -> None:
    matcher = DictionaryMatcher(types=["CYTOKINE"])
    assert [m.text for m in matcher.annotate(Document("x", text)).mentions] == found


def test_matcher_takes_an_abbreviation_whole() -> None:
    text = (
        "Recombinant tumor necrosis factor alpha (rTNF alpha) was given. The rTNF alpha was toxic."
    )
    found = DictionaryMatcher(types=["CYTOKINE"]).annotate(Document("x", text)).mentions
    assert [m.text for m in found] == ["tumor necrosis factor alpha", "rTNF alpha", "rTNF alpha"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Serum vascular endothelial growth factor (VEGF) fell.",
            ["vascular endothelial growth factor", "VEGF"],
        ),
        ("Basic fibroblast growth factor (bFGF) rose.", ["Basic fibroblast growth factor", "bFGF"]),
        ("TGF-beta(1) fell and IFNalpha(2a) rose.", ["TGF-beta(1)", "IFNalpha(2a)"]),
        ("TGF-beta(1 fell.", ["TGF-beta"]),
    ],
)
def test_matcher_keeps_what_is_in_brackets_of_its_own_out_of_names(
    text: str, found: list[str]
) -> None:
    mentions = DictionaryMatcher(types=["CYTOKINE"]).annotate(Document("x", text)).mentions
    assert [m.text for m in mentions] == found
