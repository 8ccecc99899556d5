from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.model.batches import by_token_budget, collate, owners, windows
from il12nlp.model.features import Features


@given(st.integers(1, 3000), st.integers(20, 200), st.integers(0, 19))
def test_windows_cover_every_piece_and_overlap(pieces: int, width: int, overlap: int) -> None:
    bounds = windows(pieces, width, overlap)
    assert bounds[0][0] == 0
    assert bounds[-1][1] == pieces
    assert all(b - a <= width for a, b in bounds)
    assert all(nxt[0] <= cur[1] - overlap for cur, nxt in pairwise(bounds))


def test_windows_is_one_for_a_text_that_fits() -> None:
    assert windows(510, 510, 128) == [(0, 510)]


def test_owners_takes_the_window_with_more_context() -> None:
    bounds = [(0, 10), (6, 16)]
    owner = owners(bounds, 16)
    assert owner.tolist() == [0] * 8 + [1] * 8


@given(st.integers(1, 600), st.integers(20, 60), st.integers(0, 19))
def test_owners_takes_the_window_whose_edges_are_farthest_away(
    pieces: int, width: int, overlap: int
) -> None:
    bounds = windows(pieces, width, overlap)
    margins = [[min(p - a, b - 1 - p) for a, b in bounds] for p in range(pieces)]
    assert owners(bounds, pieces).tolist() == [m.index(max(m)) for m in margins]


@given(st.lists(st.integers(1, 700), max_size=60), st.integers(100, 2000))
def test_by_token_budget_takes_each_index_once(lengths: list[int], budget: int) -> None:
    batches = list(by_token_budget(lengths, budget=budget))
    assert sorted(i for b in batches for i in b) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= budget


def made(pieces: int) -> Features:
    places = np.arange(pieces)
    return Features(
        piece_ids=places + 10,
        piece_words=places,
        word_spans=np.stack([places, places + 1], axis=1),
        word_shapes=places % 6,
        word_sentences=places // 10,
    )


@pytest.mark.parametrize("sizes", [[3], [3, 25, 7], [1, 60]])
def test_collate_finds_every_piece_again(sizes: list[int]) -> None:
    features = [made(n) for n in sizes]
    batch = collate(features, window=20, overlap=6, cls_id=1, sep_id=2, pad_id=0)
    ids = batch.window_ids.flatten()[batch.piece_slots]
    assert ids.tolist() == [i for f in features for i in f.piece_ids.tolist()]
    shapes = batch.window_shapes.flatten()[batch.piece_slots]
    assert shapes.tolist() == [i + 1 for f in features for i in f.word_shapes.tolist()]
    assert batch.window_mask.flatten()[batch.piece_slots].all()
    assert (batch.window_ids[:, 0] == 1).all()
    assert batch.document_words.tolist() == [0, *np.cumsum(sizes).tolist()]


def test_collate_hides_padding() -> None:
    batch = collate([made(3), made(9)], window=20, overlap=6, cls_id=1, sep_id=2, pad_id=0)
    assert batch.window_mask.sum(dim=1).tolist() == [5, 11]
    assert batch.window_ids[0].tolist() == [1, 10, 11, 12, 2, 0, 0, 0, 0, 0, 0]
