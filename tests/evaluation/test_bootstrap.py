import random

import numpy as np
import pytest

from il12nlp.evaluation.bootstrap import bootstrap, paired_bootstrap
from il12nlp.evaluation.counts import Counts, Tally
from il12nlp.evaluation.metrics import score, tally_documents
from tests.evaluation.documents import authored, spoil


def tallies(rate: float, seed: int = 1) -> list[Tally]:
    gold = authored(25)
    rng = random.Random(seed)
    return tally_documents(gold, [spoil(d, rng, rate) for d in gold])


def test_bootstrap_gives_the_score_itself_as_value() -> None:
    gold = authored(25)
    rng = random.Random(1)
    predicted = [spoil(d, rng) for d in gold]
    scores = score(gold, predicted)
    intervals = bootstrap(tally_documents(gold, predicted), samples=50)
    assert intervals.keys() == scores.counts.keys()
    for figure, interval in intervals.items():
        assert interval.value == pytest.approx(scores.value(figure))
        assert interval.low <= interval.high


def test_bootstrap_equals_resampling_by_hand() -> None:
    data = tallies(0.3)
    interval = bootstrap(data, figures=["ner.strict"], samples=4000)["ner.strict"]
    rng = random.Random(5)
    drawn = []
    for _ in range(4000):
        total = sum((rng.choice(data)["ner.strict"] for _ in data), Counts())
        drawn.append(total.f1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.004)
    assert interval.low < interval.value < interval.high


def test_bootstrap_repeats_itself_and_obeys_the_seed() -> None:
    data = tallies(0.3)
    assert bootstrap(data, samples=150) == bootstrap(data, samples=150)
    assert bootstrap(data, samples=150) != bootstrap(data, samples=150, seed=1)


def test_bootstrap_widens_with_confidence() -> None:
    data = tallies(0.3)
    narrow, wide = (bootstrap(data, confidence=c)["rel.overlap"] for c in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_bootstrap_refuses_no_documents_and_unknown_figures() -> None:
    with pytest.raises(ValueError, match="no documents"):
        bootstrap([])
    with pytest.raises(ValueError, match=r"no document has ner\.x; there are ner\.strict"):
        bootstrap([{"ner.strict": Counts(1)}], figures=["ner.x"])


def test_paired_bootstrap_sees_a_better_system() -> None:
    better = paired_bootstrap(tallies(0.5), tallies(0.1), figures=["ner.strict"])["ner.strict"]
    assert 0 < better.low < better.value < better.high
    assert better.p_value < 0.01


def test_paired_bootstrap_sees_no_difference_between_equals() -> None:
    same = tallies(0.3)
    difference = paired_bootstrap(same, same)["effects"]
    assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)
    assert difference.p_value == 1.0
    by_chance = paired_bootstrap(same, tallies(0.3, seed=2))["ner.strict"]
    assert by_chance.p_value > 0.05


def test_paired_bootstrap_draws_the_same_documents_for_both() -> None:
    one, two = tallies(0.3), tallies(0.3)
    two[0] = {**two[0], "ner.strict": two[0]["ner.strict"] + Counts(-2, 2, 2)}
    difference = paired_bootstrap(one, two)["ner.strict"]
    single = bootstrap(one)["ner.strict"]
    assert difference.high - difference.low < (single.high - single.low) / 4
    assert difference.value < 0 <= difference.high


def test_paired_bootstrap_refuses_unequal_numbers_of_documents() -> None:
    with pytest.raises(ValueError, match="25 and 24 documents"):
        paired_bootstrap(tallies(0.1), tallies(0.1)[1:])
