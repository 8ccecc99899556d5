from __future__ import annotations

from dataclasses import replace

import pytest

from il12nlp.document import Document, Mention, Relation, Sentence
from il12nlp.findings import assemble
from il12nlp.findings.least_score import scored_at_least


@pytest.fixture
def document(il12_document: Document) -> Document:
    """Its findings score 0.9 (of R3, studied as R2 says, which scores 0.3) and 0.4 (of R4)."""
    scores = {"R1": 0.95, "R2": 0.3, "R3": 0.9, "R4": 0.4}
    relations = tuple(replace(r, score=scores[r.id]) for r in il12_document.relations)
    scored = il12_document.replace(relations=relations)
    return scored.replace(findings=assemble(scored))


def test_scored_at_least_leaves_out_what_is_below(document: Document) -> None:
    assert sorted(f.score for f in document.findings) == [0.4, 0.9]
    kept = scored_at_least(document, 0.5)
    assert [f.score for f in kept.findings] == [0.9]
    assert "R4" not in [r.id for r in kept.relations]
    assert kept.mentions == document.mentions
    kept.check()


def test_scored_at_least_keeps_what_a_finding_rests_on(document: Document) -> None:
    [finding] = scored_at_least(document, 0.9).findings
    assert "R2" in finding.relations
    assert [r.id for r in scored_at_least(document, 0.9).relations] == ["R1", "R2", "R3"]
    # Where the finding goes, what it rested on goes, too.
    assert scored_at_least(document, 0.95).findings == ()
    assert [r.id for r in scored_at_least(document, 0.95).relations] == ["R1"]


def test_scored_at_least_makes_no_other_finding_of_what_is_left() -> None:
    text = "IL-12 given with anti-PD-1 reduced tumor growth."
    names = (("CYTOKINE", "IL-12"), ("THERAPY", "anti-PD-1"), ("OUTCOME", "tumor growth"))
    mentions = tuple(
        Mention(f"T{n}", text.index(name), text.index(name) + len(name), kind, name)
        for n, (kind, name) in enumerate(names)
    )
    relations = (
        Relation("R1", "COMBINED_WITH", "T0", "T1", score=0.5),
        Relation("R2", "DECREASES", "T0", "T2", score=0.9),
        Relation("R3", "DECREASES", "T1", "T2", score=0.9),
    )
    bare = Document("1", text, sentences=(Sentence(0, len(text)),), mentions=mentions)
    whole = bare.replace(relations=relations)
    [finding] = assemble(whole)
    assert (finding.cytokines, finding.therapies) == (("T0",), ("T1",))
    # Without R1 from the start, IL-12 would have lowered tumor growth alone.
    assert len(assemble(bare.replace(relations=relations[1:]))) == 2
    kept = scored_at_least(whole.replace(findings=(finding,)), 0.6)
    assert kept.findings == ()
    assert [r.id for r in kept.relations] == ["R2", "R3"]


def test_scored_at_least_of_zero_keeps_everything(document: Document) -> None:
    assert scored_at_least(document, 0.0) == document
