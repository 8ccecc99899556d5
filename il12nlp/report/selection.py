"""Which findings count as evidence, and why the others do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from il12nlp.document import Document, Finding
from il12nlp.schema import Claim, Role, StudyType

ROLES = (Role.GIVEN, Role.UNKNOWN)
"""Roles of the cytokine that count where nobody asks for others.

A cytokine that was measured, blocked or made by the body answers another question, and a blocked
one the opposite.
"""

_OF_OTHERS = frozenset({Claim.BACKGROUND, Claim.AIM})
_SECONDARY = ("review", "meta-analysis")
_RETRACTED = "retracted publication"


class Reason(StrEnum):
    """Why a finding is left out; of several reasons the first counts."""

    RETRACTED = "of retracted papers"
    REVIEW = "of reviews"
    NO_CYTOKINE = "without a cytokine"
    ROLE = "whose cytokine has another role"
    CLAIM = "from background or aims"
    SPECULATIVE = "speculative"
    SCORE = "below the least score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which findings count: with a cytokine in one of the `roles`, and `min_score` or more.

    Speculative ones, those that a paper tells as background or aim, and those of reviews and
    meta-analyses count only where included, those of retracted papers never.
    """

    roles: Collection[Role] = ROLES
    min_score: float = 0.0
    include_speculative: bool = False
    include_background: bool = False
    include_reviews: bool = False

    def reason_against(self, document: Document, finding: Finding) -> Reason | None:
        """Why the finding is left out; None where it counts."""
        types = _publication_types(document)
        reasons = {
            Reason.RETRACTED: _RETRACTED in types,
            Reason.REVIEW: not self.include_reviews and _is_review(document, types),
            Reason.NO_CYTOKINE: not finding.cytokines,
            Reason.ROLE: finding.role not in self.roles,
            Reason.CLAIM: not self.include_background and finding.claim in _OF_OTHERS,
            Reason.SPECULATIVE: not self.include_speculative and finding.speculative,
            Reason.SCORE: finding.score < self.min_score,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)


def _publication_types(document: Document) -> frozenset[str]:
    """PubMed's publication types in small letters, none where the document brings none."""
    types = document.meta.get("publication_types")
    if not isinstance(types, Iterable) or isinstance(types, str):
        return frozenset()
    return frozenset(str(name).lower() for name in types)


def _is_review(document: Document, types: frozenset[str]) -> bool:
    """Whether it reports what others found; PubMed's own word counts beside the model's."""
    named = any(word in name for name in types for word in _SECONDARY)
    return named or document.study_type == StudyType.REVIEW
