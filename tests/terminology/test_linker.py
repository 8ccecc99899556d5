from __future__ import annotations

import time
from dataclasses import replace

import pytest

from il12nlp.document import Concept, Document
from il12nlp.terminology import Linker
from tests.terminology.conftest import LinkText, document


def test_linker_keeps_all_but_concepts(linker: Linker) -> None:
    given = document("IL-12 cured mice.", ("CYTOKINE", "IL-12"))
    linked = linker.link(given)

    assert linked.mentions[0].concept is not None
    assert linked.replace(mentions=given.mentions) == given


def test_linker_drops_concepts_it_would_not_give(linker: Linker) -> None:
    given = document("Foozumab cured mice.", ("THERAPY", "Foozumab"))
    marked = given.replace(mentions=(replace(given.mentions[0], concept=Concept("X", "x")),))

    assert linker.link(marked).mentions[0].concept is None


def test_linker_restores_the_heads_of_a_list(link: LinkText) -> None:
    found = link(
        "IL-12 and -18, interleukins 2 and 15, and IFN-α or -β were given.",
        *[("CYTOKINE", s) for s in ("IL-12", "-18", "interleukins 2", "15", "IFN-α", "-β")],
    )

    assert [c.name if c else None for c in found.values()] == [
        "IL-12", "IL-18", "IL-2", "IL-15", "interferon alpha", "IFN-β",
    ]  # fmt: skip


def test_linker_completes_no_list_across_sentences(link: LinkText) -> None:
    found = link(
        "We gave IL-12. Of 20 mice, -18 survived.", ("CYTOKINE", "IL-12"), ("CYTOKINE", "-18")
    )

    assert found["-18"] is None


@pytest.mark.parametrize(
    ("text", "mention_type", "short", "name"),
    [
        ("Nasopharyngeal carcinoma (NPC); NPC grew.", "CANCER", "NPC", "nasopharynx carcinoma"),
        ("Gemcitabine (GEM) was given with GEM.", "THERAPY", "GEM", "Gemcitabine"),
        ("Overall survival (OS) and OS were long.", "OUTCOME", "OS", "overall survival"),
        ("Osteosarcoma (OS) and OS.", "CANCER", "OS", "osteosarcoma"),
    ],
)  # fmt: skip
def test_linker_lets_the_long_form_speak(
    link: LinkText, text: str, mention_type: str, short: str, name: str
) -> None:
    concept = link(text, (mention_type, short))[short]

    assert concept is not None
    assert concept.name == name


def test_linker_believes_no_acronym_that_is_defined_otherwise(link: LinkText) -> None:
    found = link("Acoustic modulation of leaflets (AML) was used. AML failed.", ("CANCER", "AML"))

    assert found["AML"] is None


def test_linker_expands_abbreviations_in_phrases(link: LinkText) -> None:
    found = link(
        "Nasopharyngeal carcinoma (NPC) is common. It slowed NPC growth.", ("OUTCOME", "NPC growth")
    )

    assert found["NPC growth"] is not None
    assert found["NPC growth"].name == "tumor growth"


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        ("growth of XF-77", "tumor growth"),
        ("proliferation of XF-77 cells", "tumor cell proliferation"),
        ("survival of XF-77", None),
        ("XF-77", None),
    ],
)
def test_linker_reads_an_outcome_by_a_cancer_that_only_the_text_knows(
    link: LinkText, outcome: str, name: str | None
) -> None:
    found = link(f"IL-12 reduced {outcome}.", ("CANCER", "XF-77"), ("OUTCOME", outcome))
    concept = found[outcome]

    assert (None if concept is None else concept.name) == name


def test_linker_takes_ambiguous_names_by_context(link: LinkText) -> None:
    alone = link("LIGHT was given.", ("CYTOKINE", "LIGHT"))
    known = link("The HVEM ligand LIGHT was given.", ("CYTOKINE", "LIGHT"))
    beside = link("IL-12 p40 was measured; p40 rose.", ("CYTOKINE", "p40"))

    assert alone["LIGHT"] is None
    assert known["LIGHT"] is not None
    assert known["LIGHT"].id == "HGNC:11930"
    assert beside["p40"] is not None
    assert beside["p40"].id == "HGNC:5970"


def test_linker_takes_an_undefined_acronym_beside_its_full_name(link: LinkText) -> None:
    found = link(
        "Patients with multiple myeloma were treated. MM regressed.",
        ("CANCER", "multiple myeloma"),
        ("CANCER", "MM"),
    )

    assert found["MM"] == found["multiple myeloma"] is not None


@pytest.mark.parametrize(
    ("text", "mentions", "name"),
    [
        ("More apoptosis of melanoma cells.", [("CANCER", "melanoma")], "tumor cell apoptosis"),
        ("It induced apoptosis in T cells of melanoma.",
         [("CELL", "T cells"), ("CANCER", "melanoma")], "apoptosis"),
        ("It induced apoptosis.", [], "apoptosis"),
        ("In HT-29 it induced apoptosis.", [("CANCER", "HT-29")], "tumor cell apoptosis"),
        ("In melanoma, T cells went into apoptosis.",
         [("CELL", "T cells"), ("CANCER", "melanoma")], "apoptosis"),
        ("Tumor necrosis factor induced apoptosis.", [], "apoptosis"),
    ],
)  # fmt: skip
def test_linker_reads_a_process_by_the_cells_it_befell(
    link: LinkText, text: str, mentions: list[tuple[str, str]], name: str
) -> None:
    concept = link(text, ("OUTCOME", "apoptosis"), *mentions)["apoptosis"]

    assert concept is not None
    assert concept.name == name


def test_linker_handles_documents_without_sentences_or_mentions(linker: Linker) -> None:
    assert linker.link(Document(id="D", text="")).mentions == ()
    bare = document("growth of melanoma", ("OUTCOME", "growth"), ("CANCER", "melanoma"))

    linked = linker.link(bare.replace(sentences=()))

    assert linked.mentions[0].concept is not None
    assert linked.mentions[0].concept.polarity == 0


def test_linker_is_quick_once_warm(linker: Linker) -> None:
    text = (
        "IL-12 plus anti-PD-1 antibody reduced tumor growth and lung metastases of melanoma. " * 5
    )
    names = [("CYTOKINE", "IL-12"), ("THERAPY", "anti-PD-1 antibody"), ("OUTCOME", "tumor growth")]
    given = document(text, *names * 5)
    linker.link(given)

    start = time.process_time()
    for _ in range(200):
        linker.link(given)

    # 500 abstracts per second are asked for, and a busy machine gets a fifth of that allowed.
    assert time.process_time() - start < 200 / 100


@pytest.mark.parametrize(
    ("text", "name"),
    [("Mortality", "mortality"), ("Fatigue", "fatigue"), ("Pain", "pain"), ("pain", "pain")],
)
def test_a_word_may_begin_a_sentence(linker: Linker, text: str, name: str) -> None:
    concept = linker.concept("OUTCOME", text)
    assert concept is not None
    assert concept.name == name


def test_an_abbreviation_is_no_word_of_another_case(linker: Linker) -> None:
    assert linker.concept("CYTOKINE", "Trail") is None
    assert linker.concept("CYTOKINE", "TRAIL") is not None
