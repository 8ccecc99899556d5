"""Leaving out what the model is not sure enough of."""

from __future__ import annotations

from il12nlp.document import Document


def check_min_score(min_score: float) -> float:
    """The score itself; raises ValueError for one outside 0 to 1."""
    if not 0 <= min_score <= 1:
        raise ValueError(f"min_score {min_score} lies outside 0 to 1")
    return min_score


def scored_at_least(document: Document, min_score: float) -> Document:
    """The document without the findings and relations that score below.

    Findings are made of all relations first: dropping one before would make of "IL-12 with
    anti-PD-1" a finding of IL-12 alone. A relation below stays where a finding that stays rests on
    it, so that every finding leads back to its relations.
    """
    findings = tuple(f for f in document.findings if f.score >= min_score)
    cited = {relation for f in findings for relation in f.relations}
    relations = tuple(r for r in document.relations if r.score >= min_score or r.id in cited)
    return document.replace(findings=findings, relations=relations)
