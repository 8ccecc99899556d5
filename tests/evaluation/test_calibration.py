from dataclasses import replace

import pytest

from il12nlp.document import Document, Mention, Relation
from il12nlp.evaluation.calibration import (
    Bin,
    Judgement,
    expected_calibration_error,
    judge_mentions,
    judge_relations,
    reliability_curve,
    threshold_for_precision,
)
from il12nlp.schema import RelationRule, Schema


def judged(*pairs: tuple[float, bool]) -> list[Judgement]:
    return [Judgement(score, right) for score, right in pairs]


def document(end: int, *scores: float, tail: str = "T1") -> Document:
    text = "IL-12 slowed growth of tumors"
    mentions = (
        Mention("T0", 0, end, "CYTOKINE", text[:end], scores[0]),
        Mention("T1", 13, 19, "OUTCOME", "growth", scores[1]),
        Mention("T2", 23, 29, "OUTCOME", "tumors", scores[2]),
    )
    relation = Relation("R0", "DECREASES", "T0", tail, score=scores[3])
    return Document("1", text, mentions=mentions, relations=(relation,))


GOLD = document(5, 1.0, 1.0, 1.0, 1.0)


def test_judge_mentions_needs_the_exact_span() -> None:
    assert judge_mentions([GOLD], [document(4, 0.9, 0.8, 0.7, 0.6)]) == judged(
        (0.9, False), (0.8, True), (0.7, True)
    )


def test_judge_relations_lets_ends_overlap_but_not_miss() -> None:
    assert judge_relations([GOLD], [document(4, 0.9, 0.8, 0.7, 0.6)]) == judged((0.6, True))
    other = document(5, 0.9, 0.8, 0.7, 0.6, tail="T2")
    assert judge_relations([GOLD], [other]) == judged((0.6, False))


def test_judge_relations_asks_the_schema_what_is_undirected() -> None:
    rule = RelationRule.between("DECREASES", ["CYTOKINE"], ["OUTCOME"], undirected=True)
    schema = Schema("own", ("CYTOKINE", "OUTCOME"), (rule,))
    (relation,) = GOLD.relations
    turned = GOLD.replace(relations=(replace(relation, head=relation.tail, tail=relation.head),))
    assert judge_relations([turned], [GOLD], schema=schema) == judged((1.0, True))
    assert judge_relations([turned], [GOLD]) == judged((1.0, False))


def test_judge_mentions_leaves_documents_out_that_gold_lacks() -> None:
    assert judge_mentions([GOLD], [GOLD.replace(id="2")]) == []


def test_reliability_curve_bins_scores_with_their_accuracy() -> None:
    items = judged((0.0, False), (0.1, True), (0.55, True), (0.95, True), (1.0, False))
    assert reliability_curve(items, bins=2) == (
        Bin(0.0, 0.5, 2, 0.05, 0.5),
        Bin(0.5, 1.0, 3, pytest.approx(2.5 / 3), pytest.approx(2 / 3)),
    )


def test_reliability_curve_of_nothing_is_empty() -> None:
    assert reliability_curve([]) == ()
    assert expected_calibration_error(()) == 0.0


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_reliability_curve_refuses_scores_that_are_no_probabilities(score: float) -> None:
    with pytest.raises(ValueError, match="outside 0 to 1"):
        reliability_curve(judged((0.5, True), (score, True)))


def test_expected_calibration_error_weighs_bins_by_their_items() -> None:
    curve = (Bin(0.0, 0.5, 1, 0.2, 0.6), Bin(0.5, 1.0, 3, 0.9, 0.8))
    assert expected_calibration_error(curve) == pytest.approx((0.4 + 3 * 0.1) / 4)


def test_expected_calibration_error_of_honest_scores_is_zero() -> None:
    items = judged(*[(0.75, True)] * 3, (0.75, False))
    assert expected_calibration_error(reliability_curve(items)) == 0.0


def test_threshold_for_precision_takes_the_lowest_that_holds() -> None:
    items = judged((0.9, True), (0.8, False), (0.7, True), (0.6, True), (0.6, False), (0.1, False))
    assert threshold_for_precision(items, 0.75) == 0.9
    assert threshold_for_precision(items, 0.6) == 0.6
    assert threshold_for_precision(items, 0.0) == 0.1


def test_threshold_for_precision_is_none_where_no_score_holds() -> None:
    assert threshold_for_precision(judged((0.9, False), (0.8, True)), 0.9) is None
    assert threshold_for_precision([], 0.9) is None
