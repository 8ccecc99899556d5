from __future__ import annotations

import torch

from il12nlp.model.stretches import distinct, stretches, weighted_means


def test_stretches_lie_between_after_and_before_the_ends() -> None:
    first, stop = torch.tensor([2, 6, 13]), torch.tensor([4, 8, 14])
    sentence_of_word = torch.tensor([0] * 10 + [1] * 10)
    h, t = torch.tensor([0, 2]), torch.tensor([1, 1])
    found = stretches(first, stop, torch.tensor([0, 0, 1]), sentence_of_word, h, t)
    assert [bounds.tolist() for bounds in found] == [
        [[4, 6], [8, 13]],
        [[8, 10], [14, 20]],
        [[0, 2], [0, 6]],
    ]


def test_stretches_of_nested_mentions_are_never_negative() -> None:
    first, stop = torch.tensor([3, 3]), torch.tensor([4, 9])
    zero = torch.tensor([0, 0])
    found = stretches(first, stop, zero, torch.zeros(9, dtype=torch.long), zero[:1], zero[:1] + 1)
    assert all((b[:, 0] <= b[:, 1]).all() for b in found)


def test_distinct_says_which_row_each_row_is() -> None:
    bounds = torch.tensor([[4, 6], [0, 7], [4, 6], [4, 7]])
    few, places = distinct(bounds, 7)
    assert len(few) == 3
    assert few[places].tolist() == bounds.tolist()


def test_weighted_means_are_those_of_the_words_of_each_stretch() -> None:
    generator = torch.Generator().manual_seed(1)
    values = torch.randn(20, 2, 3, generator=generator)
    weights = torch.rand(20, 2, generator=generator)
    bounds = torch.tensor([[3, 9], [9, 9], [0, 20], [5, 6]])
    means = weighted_means(values, weights, bounds)
    for mean, (a, b) in zip(means, bounds.tolist(), strict=True):
        total = (values[a:b] * weights[a:b, :, None]).sum(dim=0)
        expected = total / (weights[a:b].sum(dim=0) + 1e-3)[:, None]
        torch.testing.assert_close(mean, expected)
    assert (means[1] == 0).all()


def test_weighted_means_tell_a_light_word_among_heavy_ones() -> None:
    weights = torch.full((400, 1), 148.0)
    weights[200] = 0.007
    values = torch.ones(400, 1, 1)
    values[200] = -1.0
    [mean] = weighted_means(values, weights, torch.tensor([[200, 201]]))
    assert abs(mean.item() + 0.007 / 0.008) < 1e-4


def test_weighted_means_of_empty_stretches_are_zeros() -> None:
    # Two mentions side by side in a sentence of their own leave nothing to read.
    for bounds in ([[2, 2], [4, 4]], [[2, 2], [2, 2]]):
        means = weighted_means(torch.ones(4, 2, 3), torch.ones(4, 2), torch.tensor(bounds))
        assert means.tolist() == [[[0.0] * 3] * 2] * 2
