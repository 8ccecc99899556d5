"""From a document to numbers: word pieces, the words they make up, and the words' sentences.

A word is what the tokenizer's pre-tokenizer cuts (at white space and punctuation), so that
"IL-12" is three words and a mention starts and ends where words do. The user's text is read
through a fold that keeps its length, so every offset is an offset into that text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from il12nlp.document import Document, Sentence
from il12nlp.text.folding import fold_characters

Ints = npt.NDArray[np.int64]

SHAPES = ("lower", "capitalised", "upper", "mixed", "digit", "other")
"""Word shapes, which an uncased vocabulary would lose ("LIGHT" and "light")."""

_NOT_UTF8 = re.compile("[\ud800-\udfff]")
"""Lone surrogates, which Python text may hold and no tokenizer takes."""

_BREAKS = re.compile(r"[\v\f\x1c-\x1f\x85]")
"""White space that tokenizers take out as control characters, which would join the words around it:
copied pages have a form feed between them."""


def readable(text: str) -> str:
    """The text as a tokenizer reads it: folded, one character for one, and valid UTF-8."""
    return _NOT_UTF8.sub("\ufffd", fold_characters(_BREAKS.sub(" ", text)))


@dataclass(frozen=True, slots=True)
class Features:
    """One document as arrays.

    `piece_ids`, `piece_words`: Shape (pieces,), vocabulary id and word index of each word piece.
    `word_spans`: Shape (words, 2), code-point offsets. `word_shapes`, `word_sentences`: Shape
    (words,), index into `SHAPES` and into the document's sentences.
    """

    piece_ids: Ints
    piece_words: Ints
    word_spans: Ints
    word_shapes: Ints
    word_sentences: Ints

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.word_spans)


@lru_cache(maxsize=1 << 16)
def word_shape(word: str) -> int:
    """Index into `SHAPES` of a word as the user wrote it."""
    if word.isdigit():
        return SHAPES.index("digit")
    if not word.isalpha():
        return SHAPES.index("other" if not any(c.isalpha() for c in word) else "mixed")
    if word.islower():
        return SHAPES.index("lower")
    if word.isupper():
        return SHAPES.index("upper")
    return SHAPES.index("capitalised" if word[1:].islower() else "mixed")


class Featurizer:
    """Makes `Features` with a fast Hugging Face tokenizer."""

    def __init__(self, tokenizer: Any) -> None:
        self._backend = tokenizer.backend_tokenizer
        self._backend.no_truncation()
        self._backend.no_padding()

    def __call__(self, documents: Sequence[Document]) -> list[Features]:
        """Features of each document; a document without sentences counts as one sentence."""
        folded = [readable(d.text) for d in documents]
        encodings = self._backend.encode_batch(folded, add_special_tokens=False)
        return [_features(d, e) for d, e in zip(documents, encodings, strict=True)]


def _features(document: Document, encoding: Any) -> Features:
    ids = np.asarray(encoding.ids, dtype=np.int64)
    words = np.asarray([-1 if w is None else w for w in encoding.word_ids], dtype=np.int64)
    offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    starts = np.flatnonzero(np.diff(words, prepend=-2))
    lasts = np.append(starts[1:], len(words))[: len(starts)] - 1
    spans = np.stack([offsets[starts, 0], offsets[lasts, 1]], axis=1).reshape(-1, 2)
    piece_words = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(words))))
    text = document.text
    shapes = np.asarray([word_shape(text[a:b]) for a, b in spans.tolist()], dtype=np.int64)
    return Features(ids, piece_words, spans, shapes, _sentence_of(spans, document.sentences))


def _sentence_of(spans: Ints, sentences: Sequence[Sentence]) -> Ints:
    starts = np.asarray([s.start for s in sentences], dtype=np.int64)
    found = np.searchsorted(starts, spans[:, 0], side="right") - 1
    return np.maximum(found, 0).astype(np.int64)


def word_range(features: Features, start: int, end: int) -> tuple[int, int] | None:
    """First and last + 1 word that a character span touches; None where it touches none."""
    spans = features.word_spans
    first = int(np.searchsorted(spans[:, 1], start, side="right"))
    stop = int(np.searchsorted(spans[:, 0], end, side="left"))
    return (first, stop) if first < stop else None
