from __future__ import annotations

from pathlib import Path

import pytest
from transformers import AutoTokenizer

from il12nlp.document import Document, Sentence
from il12nlp.model.features import SHAPES, Featurizer, word_range, word_shape


@pytest.fixture(scope="module")
def featurizer(tiny_encoder: Path) -> Featurizer:
    return Featurizer(AutoTokenizer.from_pretrained(tiny_encoder))


def words(featurizer: Featurizer, text: str) -> list[str]:
    [features] = featurizer([Document("d", text)])
    return [text[a:b] for a, b in features.word_spans.tolist()]


def test_featurizer_cuts_at_space_and_punctuation(featurizer: Featurizer) -> None:
    assert words(featurizer, "IL-12 (p70) rose.") == ["IL", "-", "12", "(", "p70", ")", "rose", "."]


@pytest.mark.parametrize(
    "text", ["TNF‑α and IFN−γ", "Ｉ Ｌ‐12", "β\u00a0cells\r\n\tCD8⁺", "e\u0301tude of ﬁbroma"]
)
def test_featurizer_offsets_point_into_the_users_own_text(
    featurizer: Featurizer, text: str
) -> None:
    found = words(featurizer, text)
    assert "".join(found) == "".join(text.split())


@pytest.mark.parametrize("space", ["\v", "\f", "\x1c", "\x1f", "\x85", "\u2028"])
def test_featurizer_cuts_at_rare_white_space(featurizer: Featurizer, space: str) -> None:
    assert words(featurizer, f"IL{space}rose") == ["IL", "rose"]


def test_featurizer_tells_the_sentence_of_a_word(featurizer: Featurizer) -> None:
    document = Document("d", "A b. C d", sentences=(Sentence(0, 4), Sentence(5, 8)))
    [features] = featurizer([document])
    assert features.word_sentences.tolist() == [0, 0, 0, 1, 1]


def test_featurizer_gives_no_words_for_an_empty_text(featurizer: Featurizer) -> None:
    [features] = featurizer([Document("d", " \n ")])
    assert features.words == 0
    assert features.piece_ids.shape == (0,)


@pytest.mark.parametrize(
    ("word", "shape"),
    [("light", "lower"), ("LIGHT", "upper"), ("Light", "capitalised"), ("mRNA", "mixed"),
     ("p70", "mixed"), ("12", "digit"), ("-", "other"), ("α", "lower")],
)  # fmt: skip
def test_word_shape_keeps_what_lower_casing_loses(word: str, shape: str) -> None:
    assert SHAPES[word_shape(word)] == shape


def test_word_range_takes_all_words_that_a_span_touches(featurizer: Featurizer) -> None:
    text = "given pIL-12 now"
    [features] = featurizer([Document("d", text)])
    start = text.index("IL-12")
    assert word_range(features, start, start + 5) == (1, 4)
    assert word_range(features, 5, 6) is None
