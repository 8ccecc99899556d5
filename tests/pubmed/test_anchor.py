from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.pubmed.anchor import Anchored, anchor
from il12nlp.pubmed.standoff import from_document
from tests.pubmed.documents import TITLE, annotated

DOCUMENT = annotated()
RECORD = from_document(DOCUMENT)

PRINTS: dict[str, Callable[[str], str]] = {
    "doubled spaces": lambda t: t.replace(" ", "  "),
    "sections on lines": lambda t: t.replace(" METHODS", "\nMETHODS").replace(
        " RESULTS", "\nRESULTS"
    ),
    "no labels": lambda t: (
        t.replace("BACKGROUND: ", "").replace("METHODS: ", "").replace("RESULTS: ", "")
    ),
    "no title period": lambda t: t.replace(".\n", "\n", 1),
    "bracketed title": lambda t: f"[{t}".replace(".\n", ".]\n", 1),
    "entities": lambda t: t.replace("<", "&lt;").replace("α", "&#945;"),
    "escapes": lambda t: t.replace("α", r"\u03b1"),
    "Greek spelled out": lambda t: t.replace("α", "alpha"),
    "other dashes": lambda t: t.replace("-", "\u2011"),
    "space lost between sentences": lambda t: t.replace(". METHODS", ".METHODS"),
    "text in front and behind": lambda t: f"Some journal 2001.\n{t} © The publisher.",
}


def _true_places(text: str, printed: str) -> list[int]:
    """Where the n-th IL-12, tumor growth and so on of the old text stand in the new one.

    By counting occurrences of short plain words, which no print above touches.
    """
    found = []
    for m in DOCUMENT.mentions:
        key = {"IL-12": "IL", "TNF-α": "TNF", "tumor growth": "tumor", "B16 melanoma": "B16"}.get(
            m.text, m.text
        )
        at = -1
        for _ in range(text[: m.start].count(key) + 1):
            at = printed.index(key, at + 1)
        found.append(at)
    return found


def _check(anchored: Anchored, text: str) -> None:
    assert all(text[m.start : m.end] == m.text for m in anchored.mentions)
    spans = [(s.start, s.end) for s in anchored.sentences]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    covered = {i for start, end in spans for i in range(start, end)}
    assert not [c for i, c in enumerate(text) if c.isalnum() and i not in covered]


@pytest.mark.parametrize("name", PRINTS)
def test_anchor_finds_every_mention_in_another_print(name: str) -> None:
    printed = PRINTS[name](DOCUMENT.text)
    anchored = anchor(RECORD, printed)
    _check(anchored, printed)
    assert not anchored.lost
    assert [m.id for m in anchored.mentions] == [m.id for m in DOCUMENT.mentions]
    assert [m.start for m in anchored.mentions] == _true_places(DOCUMENT.text, printed)


def test_anchor_gives_the_mention_as_the_new_text_prints_it() -> None:
    printed = DOCUMENT.text.replace("TNF-α", "TNF&#8209;&alpha;").replace("tumor g", "tumor\u00a0g")
    by_id = {m.id: m.text for m in anchor(RECORD, printed).mentions}
    assert by_id["T4"] == "TNF&#8209;&alpha;"
    assert by_id["T5"] == "tumor\u00a0growth"


def test_anchor_takes_sentences_with_their_marks_and_labels() -> None:
    printed = PRINTS["doubled spaces"](DOCUMENT.text)
    sentences = [printed[s.start : s.end] for s in anchor(RECORD, printed).sentences]
    assert sentences[0] == TITLE.replace(" ", "  ")
    assert sentences[1].startswith("BACKGROUND:")
    assert sentences[2].endswith("(p  <  0.05).")
    assert len(sentences) == 4


def test_anchor_cuts_unknown_text_into_sentences_of_its_own() -> None:
    printed = DOCUMENT.text.replace("METHODS", "An added remark. METHODS")
    sentences = [printed[s.start : s.end] for s in anchor(RECORD, printed).sentences]
    assert sentences[2] == "An added remark."
    assert len(sentences) == 5


def test_anchor_reports_a_mention_whose_words_are_gone() -> None:
    printed = DOCUMENT.text.replace("with IL-12 and cisplatin", "with saline and cisplatin")
    anchored = anchor(RECORD, printed)
    assert [(x.mention.id, x.reason) for x in anchored.lost] == [
        ("T7", "does not stand near its place")
    ]
    assert anchored.confirmed == 3


def test_anchor_does_not_take_a_name_inside_another_name() -> None:
    printed = DOCUMENT.text.replace("with IL-12 and", "with IL-123 or")
    assert [x.mention.id for x in anchor(RECORD, printed).lost] == ["T7"]


def test_anchor_keeps_a_mention_inside_a_word_where_the_place_is_sure() -> None:
    document = annotated()
    text = document.text.replace("IL-12 and", "pIL-12 and")
    at = text.index("pIL-12") + 1
    moved = tuple(
        m if m.end < at else type(m)(m.id, m.start + 1, m.end + 1, m.type, m.text)
        for m in document.mentions
    )
    sentences = tuple(
        type(s)(s.start + (s.start > at), s.end + (s.end > at)) for s in document.sentences
    )
    record = from_document(document.replace(text=text, mentions=moved, sentences=sentences))
    printed = "Preface.\n" + text
    assert not anchor(record, printed).lost


def test_anchor_reports_what_stands_at_two_equally_near_places() -> None:
    printed = DOCUMENT.text.replace("with IL-12 and", "with IL-12 plus IL-12 and")
    lost = [(x.mention.id, x.reason) for x in anchor(RECORD, printed).lost]
    assert lost == [("T7", "stands at 2 equally near places")]


def test_anchor_does_not_take_half_a_letter() -> None:
    text = DOCUMENT.text.replace("TNF-α", "TNF-a")
    mentions = tuple(
        type(m)(m.id, m.start, m.end, m.type, m.text.replace("α", "a")) for m in DOCUMENT.mentions
    )
    record = from_document(DOCUMENT.replace(text=text, mentions=mentions))
    assert [x.mention.id for x in anchor(record, DOCUMENT.text).lost] == ["T4"]


def test_anchor_does_not_trust_a_sentence_that_stands_twice() -> None:
    last = DOCUMENT.text[DOCUMENT.sentences[3].start :]
    printed = f"{DOCUMENT.text} {last}"
    anchored = anchor(RECORD, printed)
    _check(anchored, printed)
    assert anchored.confirmed == 3


@given(seed=st.integers(0, 10_000))
def test_anchor_survives_any_damage_and_never_gives_a_wrong_offset(seed: int) -> None:
    rng = random.Random(seed)
    printed = "".join(
        rng.choice(["", c, c + " ", "x", c + c]) if rng.random() < 0.15 else c
        for c in DOCUMENT.text
    )
    anchored = anchor(RECORD, printed)
    _check(anchored, printed)
    assert len(anchored.mentions) + len(anchored.lost) == len(DOCUMENT.mentions)
