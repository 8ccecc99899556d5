from __future__ import annotations

import pytest

from il12nlp.document import Document
from il12nlp.errors import InputError
from il12nlp.evaluation.gold_types import check_gold, within_schema
from il12nlp.findings import assemble
from il12nlp.schema import CTO, RelationRule, Schema

AGENTS = Schema(
    "agents",
    ("CYTOKINE", "THERAPY"),
    (RelationRule.between("COMBINED_WITH", ["CYTOKINE"], ["THERAPY"]),),
)


def test_gold_of_a_smaller_schema_loses_what_that_lacks(
    il12_document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    gold = il12_document.replace(findings=assemble(il12_document))
    [cut] = within_schema([gold], AGENTS)
    assert [m.id for m in cut.check(AGENTS).mentions] == ["T1", "T2", "T4"]
    assert [r.id for r in cut.relations] == ["R1"]
    assert (cut.study_type, cut.findings) == (None, ())
    assert "CANCER (1), DECREASES (1), NO_EFFECT (1), OUTCOME (2)" in caplog.text
    assert "STUDIED_IN (1), study type animal (1)" in caplog.text


def test_gold_of_the_same_schema_stays_as_it_is(
    il12_document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    assert within_schema([il12_document], CTO) == [il12_document]
    assert not caplog.records


def test_relation_goes_with_a_mention_that_goes(il12_document: Document) -> None:
    rule = RelationRule.between("COMBINED_WITH", ["CYTOKINE"], ["CYTOKINE"])
    [cut] = within_schema([il12_document], Schema("cytokines", ("CYTOKINE",), (rule,)))
    assert cut.relations == ()


def test_gold_without_any_annotation_is_refused(il12_document: Document) -> None:
    bare = Document("2", "IL-12.")
    check_gold([bare, il12_document])
    check_gold([bare.replace(study_type="animal")])
    with pytest.raises(InputError, match=r"^x\.xml: none of the 1 documents has gold"):
        check_gold([bare], path="x.xml")


def test_gold_with_an_id_twice_is_refused(il12_document: Document) -> None:
    again = il12_document.replace(study_type="clinical")
    with pytest.raises(InputError, match=rf"^x\.jsonl: '{il12_document.id}' stands twice"):
        check_gold([il12_document, again], path="x.jsonl")


def test_gold_of_other_types_alone_is_refused(il12_document: Document) -> None:
    with pytest.raises(InputError, match=r"none of the types of gold: CANCER \(1\).* knows Drug"):
        within_schema([il12_document], Schema("own", ("Drug",)))
