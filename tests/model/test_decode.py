from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from il12nlp.model.decode import best_tags, bounds_of_sentences, log_softmax, spans_of
from il12nlp.model.mention_head import BEGIN, INSIDE, OUTSIDE


def legal(tags: tuple[int, ...]) -> bool:
    before = (OUTSIDE, *tags[:-1])
    return all(t != INSIDE or b != OUTSIDE for b, t in zip(before, tags, strict=True))


def best_by_trial(logs: np.ndarray) -> float:
    ways = (w for w in product(range(3), repeat=len(logs)) if legal(w))
    return max(sum(logs[i, t] for i, t in enumerate(w)) for w in ways)


def test_best_tags_is_the_best_legal_sequence() -> None:
    generator = np.random.default_rng(5)
    lengths = [4, 7, 1, 6]
    logs = log_softmax(generator.normal(size=(sum(lengths), 2, 3)).astype(np.float32) * 2)
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    tags = best_tags(logs, bounds)
    for a, b in pairwise(bounds):
        for kind in range(2):
            found = tuple(tags[a:b, kind].tolist())
            assert legal(found)
            total = sum(logs[a + i, kind, t] for i, t in enumerate(found))
            assert total == pytest.approx(best_by_trial(logs[a:b, kind]), abs=1e-4)


def test_best_tags_does_not_depend_on_neighbours_in_the_batch() -> None:
    generator = np.random.default_rng(6)
    logs = log_softmax(generator.normal(size=(90, 5, 3)).astype(np.float32))
    bounds = np.asarray([0, 40, 41, 90])
    together = best_tags(logs, bounds)
    alone = [best_tags(logs[a:b], np.asarray([0, b - a])) for a, b in pairwise(bounds)]
    assert (together == np.concatenate(alone)).all()


def test_best_tags_of_nothing_is_nothing() -> None:
    assert best_tags(np.zeros((0, 5, 3), np.float32), np.asarray([0, 0])).shape == (0, 5)


def test_spans_of_reads_adjacent_nested_and_final_mentions() -> None:
    tags = np.asarray([[1, 0], [1, 1], [2, 2], [0, 2], [1, 0]], np.int8)
    logs = log_softmax(np.eye(3, dtype=np.float32)[tags] * 50)
    [spans] = spans_of(tags, logs, np.asarray([0, 5]), np.asarray([0, 5]))
    found = list(zip(spans.first.tolist(), spans.stop.tolist(), spans.types.tolist(), strict=True))
    assert found == [(0, 1, 0), (1, 3, 0), (1, 4, 1), (4, 5, 0)]
    assert spans.scores == pytest.approx(np.ones(4), abs=1e-4)


def test_spans_of_scores_the_probability_of_exactly_this_span() -> None:
    probabilities = np.asarray([[0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.6, 0.1, 0.3]], np.float32)
    logs = np.log(probabilities)[:, None, :]
    bounds = np.asarray([0, 3])
    tags = best_tags(logs, bounds)
    assert tags[:, 0].tolist() == [BEGIN, INSIDE, OUTSIDE]
    [spans] = spans_of(tags, logs, bounds, bounds)
    assert spans.scores.tolist() == [pytest.approx(0.8 * 0.7 * 0.7, abs=1e-4)]


def test_spans_of_does_not_depend_on_neighbours_in_the_batch() -> None:
    generator = np.random.default_rng(7)
    logs = log_softmax(generator.normal(size=(90, 5, 3)).astype(np.float32) * 2)
    bounds = np.asarray([0, 40, 40, 41, 90])
    tags = best_tags(logs, bounds)
    together = spans_of(tags, logs, bounds, bounds)
    for (a, b), spans in zip(pairwise(bounds), together, strict=True):
        own = np.asarray([0, b - a])
        [alone] = spans_of(tags[a:b], logs[a:b], own, own)
        assert spans.first.tolist() == alone.first.tolist()
        assert spans.stop.tolist() == alone.stop.tolist()
        assert spans.scores == pytest.approx(alone.scores)
    assert len(together[0].first) > 10


def test_no_mention_crosses_the_end_of_a_sentence() -> None:
    # The tags alone would read on: B I | I O, the bar being the sentence's end.
    probabilities = [[0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.25, 0.15, 0.6], [0.7, 0.1, 0.2]]
    logs = np.log(np.asarray(probabilities, np.float32))[:, None, :]
    sentences = bounds_of_sentences([np.asarray([0, 0, 1, 1])])
    assert sentences.tolist() == [0, 2, 4]
    tags = best_tags(logs, sentences)
    assert tags[:, 0].tolist() == [BEGIN, INSIDE, OUTSIDE, OUTSIDE]
    [spans] = spans_of(tags, logs, np.asarray([0, 4]), sentences)
    # That the mention ends with its sentence is certain: no factor for the word after it.
    assert spans.scores.tolist() == [pytest.approx(0.8 * 0.7, abs=1e-4)]


def test_bounds_of_sentences_part_documents_too() -> None:
    # The second document starts in the sentence number in which the first ends.
    bounds = bounds_of_sentences([np.asarray([0, 0, 2]), np.asarray([2]), np.asarray([0, 1])])
    assert bounds.tolist() == [0, 2, 3, 4, 5, 6]
