from __future__ import annotations

from typing import Any

import pytest

from il12nlp.document import Document
from il12nlp.report import Reason, Selection, Summary
from il12nlp.schema import Claim, Role
from tests.report.build import finding, paper


def counted(document: Document, **options: Any) -> tuple[int, dict[Reason, int]]:
    summary = Summary(selection=Selection(**options))
    summary.add(document)
    return summary.findings, dict(summary.left_out)


def test_selection_wants_a_cytokine() -> None:
    said = finding(cytokines=(), therapies=("nivolumab",))
    assert counted(paper("1", said)) == (0, {Reason.NO_CYTOKINE: 1})


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        (Role.GIVEN, True),
        (Role.UNKNOWN, True),
        (Role.MEASURED, False),
        (Role.BLOCKED, False),
        (Role.PRODUCED, False),
    ],
)
def test_selection_takes_cytokines_that_are_given_or_may_be(role: Role, counts: bool) -> None:
    left = {} if counts else {Reason.ROLE: 1}
    document = paper("1", finding(role=role))
    assert counted(document) == (int(counts), left)
    assert counted(document, roles=[role]) == (1, {})


def test_selection_takes_only_given_ones_where_asked() -> None:
    document = paper("1", finding(role=Role.GIVEN), finding(role=Role.UNKNOWN))
    assert counted(document, roles=[Role.GIVEN]) == (1, {Reason.ROLE: 1})


@pytest.mark.parametrize("claim", list(Claim))
def test_selection_leaves_out_what_a_paper_does_not_claim_itself(claim: Claim) -> None:
    others = claim in (Claim.BACKGROUND, Claim.AIM)
    document = paper("1", finding(claim=claim))
    assert counted(document) == ((0, {Reason.CLAIM: 1}) if others else (1, {}))
    assert counted(document, include_background=True) == (1, {})


def test_selection_leaves_out_what_is_only_supposed() -> None:
    document = paper("1", finding(speculative=True))
    assert counted(document) == (0, {Reason.SPECULATIVE: 1})
    assert counted(document, include_speculative=True) == (1, {})


@pytest.mark.parametrize(
    "fields",
    [
        {"study_type": "review"},
        {"publication_types": ["Journal Article", "Systematic Review"]},
        {"publication_types": ("Meta-Analysis",)},
    ],
)
def test_selection_leaves_out_reviews(fields: dict[str, Any]) -> None:
    document = paper("1", finding(), finding(), **fields)
    assert counted(document) == (0, {Reason.REVIEW: 2})
    assert counted(document, include_reviews=True) == (2, {})


def test_selection_never_takes_retracted_papers() -> None:
    document = paper("1", finding(), publication_types=["Retracted Publication"])
    assert counted(document, include_reviews=True) == (0, {Reason.RETRACTED: 1})
    assert counted(paper("2", finding(), publication_types=["Letter"])) == (1, {})
    assert counted(paper("3", finding(), publication_types="odd")) == (1, {})


def test_selection_keeps_to_the_least_score() -> None:
    document = paper("1", finding(score=0.5), finding(score=0.49))
    assert counted(document, min_score=0.5) == (1, {Reason.SCORE: 1})
