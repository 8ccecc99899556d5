import random

import pytest

from il12nlp.document import Document, Mention, Passage, Relation, Sentence
from il12nlp.training.swapping import names_by_type, swapped

TEXT = "IL-12 gene therapy raised IL-12 levels in melanoma. IL-12 did so alone."


def mention(name: str, start: int, text: str, kind: str) -> Mention:
    assert TEXT[start : start + len(text)] == text
    return Mention(name, start, start + len(text), kind, text)


@pytest.fixture
def document() -> Document:
    found = (
        mention("T1", 0, "IL-12", "CYTOKINE"),
        mention("T2", 0, "IL-12 gene therapy", "THERAPY"),
        mention("T3", 26, "IL-12", "CYTOKINE"),
        mention("T4", 26, "IL-12 levels", "OUTCOME"),
        mention("T5", 42, "melanoma", "CANCER"),
        mention("T6", 52, "IL-12", "CYTOKINE"),
    )
    return Document(
        "D1",
        TEXT,
        pmid="1",
        passages=(Passage("abstract", 0, len(TEXT)),),
        sentences=(Sentence(0, 51), Sentence(52, len(TEXT))),
        mentions=found,
        relations=(Relation("R1", "INCREASES", "T1", "T4"),),
    ).check()


def copy_of(document: Document, share: float = 1.0, **names: str) -> Document:
    one = {kind: (name,) for kind, name in names.items()}
    chance = random.Random(1)
    return swapped(document, one, share=share, chance=chance, new_id="D1~1").check()


def test_a_name_is_the_same_other_one_everywhere(document: Document) -> None:
    copy = copy_of(document, CYTOKINE="interferon-γ", CANCER="glioma")
    assert copy.text == (
        "interferon-γ gene therapy raised interferon-γ levels in glioma. interferon-γ did so alone."
    )
    assert [m.text for m in copy.mentions] == [
        "interferon-γ",
        "interferon-γ gene therapy",
        "interferon-γ",
        "interferon-γ levels",
        "glioma",
        "interferon-γ",
    ]
    assert [copy.text[s.start : s.end] for s in copy.sentences] == [
        "interferon-γ gene therapy raised interferon-γ levels in glioma.",
        "interferon-γ did so alone.",
    ]
    assert copy.relations == document.relations


def test_a_copy_is_no_print_of_the_abstract(document: Document) -> None:
    copy = copy_of(document, CANCER="glioma")
    assert (copy.id, copy.pmid) == ("D1~1", None)
    assert document.text == TEXT


def test_what_holds_another_mention_keeps_its_words(document: Document) -> None:
    copy = copy_of(document, THERAPY="aspirin", OUTCOME="survival")
    assert copy.text == TEXT


def test_two_types_of_one_span_keep_it(document: Document) -> None:
    twin = Mention("T7", 42, 50, "CELL", "melanoma")
    both = document.replace(mentions=(*document.mentions, twin))
    assert copy_of(both, CANCER="glioma", CELL="T cells").text == TEXT


def test_a_type_without_other_names_keeps_its_own(document: Document) -> None:
    chance = random.Random(1)
    copy = swapped(document, {"CYTOKINE": ()}, share=1.0, chance=chance, new_id="D1~1")
    assert copy.text == TEXT


def test_no_name_is_swapped_at_share_zero(document: Document) -> None:
    assert copy_of(document, share=0.0, CYTOKINE="interferon-γ").text == TEXT


def test_names_are_those_that_documents_hold(document: Document) -> None:
    rest = Mention("T7", 2, 5, "CYTOKINE", "-12")
    document = document.replace(mentions=(*document.mentions, rest))
    found = names_by_type([document], ("CYTOKINE", "CELL"))
    assert found == {"CYTOKINE": ("IL-12",), "CELL": ()}
