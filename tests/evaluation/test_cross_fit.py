from __future__ import annotations

import numpy as np
import pytest

from il12nlp.document import Document, Mention, Relation
from il12nlp.evaluation.calibration import Judgement
from il12nlp.evaluation.cross_fit import calibration_table, cross_fit, least_score
from il12nlp.evaluation.scaling import Scaling

TEXT = "IL-12 slowed growth"


def document(number: int, *, right: bool, score: float) -> Document:
    """An outcome and an effect with one score; the effect is right or goes the other way."""
    mentions = (
        Mention("T1", 0, 5, "CYTOKINE", "IL-12", 0.99),
        Mention("T2", 13, 19, "OUTCOME", "growth", score),
    )
    effect = "DECREASES" if right else "INCREASES"
    relation = Relation("R1", effect, "T1", "T2", score=score)
    return Document(f"d{number:04}", TEXT, mentions=mentions, relations=(relation,))


def corpus(count: int) -> tuple[list[Document], list[Document]]:
    """Gold documents, and predicted ones that are surer than they are right."""
    random = np.random.default_rng(1)
    scores = random.uniform(0.5, 0.99, size=count)
    right = random.uniform(size=count) < 1 / (1 + np.exp(1.2) * (1 - scores) / scores)
    predicted = [document(n, right=True, score=float(s)) for n, s in enumerate(scores)]
    return [document(n, right=bool(r), score=1.0) for n, r in enumerate(right)], predicted


def test_cross_fit_keeps_mentions_relations_and_types_apart() -> None:
    gold = [document(1, right=False, score=1.0), document(2, right=True, score=1.0)]
    predicted = [document(n, right=True, score=0.9) for n in (1, 2, 3)]
    mentions, relations = cross_fit(gold, predicted)
    assert (mentions.kind, list(mentions.types)) == ("mentions", ["CYTOKINE", "OUTCOME"])
    assert (relations.kind, list(relations.types)) == ("relations", ["DECREASES"])
    assert (mentions.whole.count, mentions.whole.accuracy) == (4, 1.0)
    assert mentions.types["OUTCOME"].count == 2
    assert (relations.whole.count, relations.whole.accuracy) == (2, 0.5)


def test_cross_fit_measures_the_error_on_documents_it_was_not_fitted_on() -> None:
    _, found = cross_fit(*corpus(1000))
    assert found.whole.count == 1000
    assert 0.4 < found.whole.accuracy < 0.6
    assert found.whole.before > 0.2
    assert found.whole.after < 0.08
    assert found.types["DECREASES"] == found.whole
    assert found.thresholds == {}


def test_cross_fit_does_not_flatter_what_it_fits_by_heart() -> None:
    # Halves that contradict each other: what one teaches is wrong for the other.
    gold = [document(n, right=n % 2 == 0, score=1.0) for n in range(200)]
    predicted = [document(n, right=True, score=0.9) for n in range(200)]
    _, found = cross_fit(gold, predicted)
    assert found.whole.after > 0.8 > found.whole.before


def test_cross_fit_tells_what_a_threshold_gives_elsewhere() -> None:
    mentions, found = cross_fit(*corpus(1000), precision=0.8)
    threshold = found.thresholds["DECREASES"]
    assert 0.8 < threshold.score < 0.95
    assert threshold.precision == pytest.approx(0.8, abs=0.08)
    assert 0.1 < threshold.kept < 0.5
    assert mentions.thresholds == {}


def test_cross_fit_has_no_threshold_where_none_reaches_the_precision() -> None:
    gold = [document(n, right=n % 3 == 0, score=1.0) for n in range(60)]
    predicted = [document(n, right=True, score=0.9) for n in range(60)]
    assert cross_fit(gold, predicted, precision=0.9)[1].thresholds == {}


def test_least_score_is_where_scaled_scores_promise_enough() -> None:
    items = [Judgement(score, False) for score in (0.5, 0.7, 0.8, 0.95)]
    assert least_score(items, Scaling(), 0.8) == 0.7
    assert least_score(items, Scaling(), 0.95) == 0.95
    assert least_score(items, Scaling(), 0.96) is None
    # (0.95 + 0.8) / 2 is 0.875, and less once an offset has taken some of it.
    assert least_score(items, Scaling(), 0.87) == 0.8
    assert least_score(items, Scaling(1.0, -0.5), 0.87) == 0.95
    assert least_score([], Scaling(), 0.5) is None


def test_cross_fit_of_nothing_found_is_empty() -> None:
    gold = [document(1, right=True, score=1.0)]
    bare = [gold[0].replace(mentions=(), relations=())]
    assert [c.whole.count for c in cross_fit(gold, bare)] == [0, 0]


def test_calibration_table_has_thresholds_where_there_are_any() -> None:
    gold, predicted = corpus(400)
    plain = calibration_table(cross_fit(gold, predicted))
    assert plain.columns[-1] == "ECE after"
    names = ["mentions", "  CYTOKINE", "  OUTCOME", "relations", "  DECREASES"]
    assert [row[0] for row in plain.rows] == names
    asked = calibration_table(cross_fit(gold, predicted, precision=0.7))
    assert asked.columns[-3:] == ("threshold", "precision there", "kept there")
    assert asked.rows[3][-3:] == (None, None, None)
    assert None not in asked.rows[4]
