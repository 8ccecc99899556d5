"""A vocabulary of the field, carried over from the one that a model learnt with.

Words of the field that the old vocabulary cuts up take the places of pieces that its texts use
least. The size stays, and so do all other pieces and their embeddings; fewer pieces a text is what
an encoder pass gains. A new piece starts as the mean of what it was cut into.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from il12nlp.errors import ConfigError
from il12nlp.model.features import readable
from il12nlp.model.joint import JointModel
from il12nlp.model.loading import load_tokenizer

LONGEST_PIECE = 30
"""Longer words are mostly formulas and slips."""


def count_words(tokenizer: Any, texts: Iterable[tuple[str, int]]) -> Counter[str]:
    """How often each word of the texts stands there, as the tokenizer normalises it.

    Each text comes with what it counts.
    """
    backend = tokenizer.backend_tokenizer
    counts: Counter[str] = Counter()
    for text, weight in texts:
        folded = backend.normalizer.normalize_str(readable(text))
        for word, _ in backend.pre_tokenizer.pre_tokenize_str(folded):
            counts[word] += weight
    return counts


def replacements(tokenizer: Any, words: Counter[str], *, number: int) -> dict[str, str]:
    """Pieces that go, each with the word that takes its place.

    Those words come that save most pieces, and those pieces go that the rest of the words uses
    least; single characters and special tokens stay. Raises ConfigError where there are fewer.
    """
    pieces = {w: _cut(tokenizer, w) for w in words}
    saved = [
        (count * (len(pieces[w]) - 1), w)
        for w, count in words.items()
        if len(pieces[w]) > 1 and w.isalpha() and len(w) <= LONGEST_PIECE
    ]
    new = [w for _, w in sorted(saved, reverse=True)[:number]]
    used: Counter[str] = Counter()
    for word in words.keys() - set(new):
        for piece in pieces[word]:
            used[piece] += words[word]
    special = set(tokenizer.all_special_tokens)
    free = [p for p in tokenizer.get_vocab() if p not in special and len(p.removeprefix("##")) > 1]
    old = sorted(free, key=lambda p: (used[p], -len(p), p))[:number]
    if min(len(new), len(old)) < number:
        raise ConfigError(
            f"{number} pieces cannot be exchanged: the texts cut up {len(saved)} words, and "
            f"{len(free)} pieces may go"
        )
    return dict(zip(old, new, strict=True))


def carry_over(
    model: JointModel, tokenizer: Any, replaced: dict[str, str], folder: str | Path
) -> None:
    """Write the model and its tokenizer with other pieces into a folder; `model` is changed.

    Raises ConfigError where the tokenizer is none of word pieces.
    """
    kind = type(tokenizer.backend_tokenizer.model).__name__
    if kind != "WordPiece":
        raise ConfigError(f"a {kind} tokenizer cannot be given new pieces: it must be WordPiece")
    known = tokenizer.get_vocab()
    embeddings = model.encoder.transformer.get_input_embeddings().weight.data
    before = embeddings.clone()
    for old, new in replaced.items():
        parts = torch.tensor([known[p] for p in _cut(tokenizer, new)])
        embeddings[known[old]] = before[parts].mean(dim=0)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    path = Path(folder) / "tokenizer.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["model"]["vocab"] = {replaced.get(p, p): i for p, i in data["model"]["vocab"].items()}
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    load_tokenizer(folder)  # what cannot be read shows at once


def _cut(tokenizer: Any, word: str) -> list[str]:
    pieces: list[str] = tokenizer.backend_tokenizer.encode(word, add_special_tokens=False).tokens
    return pieces
