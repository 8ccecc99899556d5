from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from il12nlp.document import Concept, Document, Finding, Mention, Relation, Sentence
from il12nlp.errors import InputError
from il12nlp.evaluation.findings import COLUMNS, GoldRows, read_rows, score_findings
from il12nlp.schema import Benefit, Claim, Direction, Role
from tests.doctests import ROOT

TEXT = "IL-12 plus cisplatin cut tumor growth in melanoma. Interleukin 12 cut pain."
CONCEPT = Concept("C:1", "IL-12")
ROW = {
    "sentence": 0,
    "cytokines": ["interleukin-12|IL-12"],
    "therapies": ["Cisplatin"],
    "delivery": [],
    "outcome": "growth",
    "direction": "decrease",
    "benefit": "benefit",
    "cancers": ["melanoma"],
    "speculative": False,
}


def mention(id: str, type_: str, surface: str, concept: Concept | None = None) -> Mention:
    start = TEXT.index(surface)
    return Mention(id, start, start + len(surface), type_, surface, 1.0, concept)


def annotated(**changes: object) -> Document:
    finding = Finding(
        id="F1",
        cytokines=("T0",),
        therapies=("T1",),
        outcome="T2",
        direction=Direction.DECREASE,
        benefit=Benefit.BENEFIT,
        cancers=("T3",),
        evidence=(0,),
        relations=("R0", "R1"),
    )
    return Document(
        id="D",
        text=TEXT,
        sentences=(Sentence(0, 50), Sentence(51, len(TEXT))),
        mentions=(
            mention("T0", "CYTOKINE", "IL-12", CONCEPT),
            mention("T1", "THERAPY", "cisplatin"),
            mention("T2", "OUTCOME", "tumor growth"),
            mention("T3", "CANCER", "melanoma"),
            mention("T4", "CYTOKINE", "Interleukin 12", CONCEPT),
            mention("T5", "OUTCOME", "pain"),
        ),
        relations=(
            Relation("R0", "DECREASES", "T0", "T2"),
            Relation("R1", "DECREASES", "T1", "T2"),
            Relation("R2", "DECREASES", "T4", "T5"),
        ),
        findings=(replace(finding, **changes),),
    ).check()


def gold(tmp_path: Path, *rows: dict[str, object], scope: tuple[int, ...] = (0,)) -> GoldRows:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"id": "D", "scope": scope, "findings": rows}), encoding="utf-8")
    return read_rows(path)[0]


def test_score_findings_counts_a_whole_row(tmp_path: Path) -> None:
    scores = score_findings([gold(tmp_path, ROW)], [annotated()])

    assert (scores.rows.f1, scores.whole.f1) == (1.0, 1.0)
    assert scores.columns == dict.fromkeys(COLUMNS, 1.0)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"cancers": ()}, "cancers"),
        ({"benefit": Benefit.HARM}, "benefit"),
        ({"speculative": True}, "speculative"),
        ({"delivery": ("T1",)}, "delivery"),
    ],
)
def test_score_findings_tells_the_column_that_is_wrong(
    tmp_path: Path, change: dict[str, object], column: str
) -> None:
    scores = score_findings([gold(tmp_path, ROW)], [annotated(**change)])

    assert scores.rows.f1 == 1.0
    assert scores.whole.tp == 0
    assert [c for c in COLUMNS if scores.columns[c] < 1] == [column]


@pytest.mark.parametrize(
    "change",
    [
        {"direction": Direction.INCREASE},
        {"therapies": ()},
        {"cytokines": ("T0", "T4")},
        {"relations": ("R2",), "outcome": "T5"},
    ],
)
def test_score_findings_counts_another_fact_as_missed(
    tmp_path: Path, change: dict[str, object]
) -> None:
    scores = score_findings([gold(tmp_path, ROW, scope=(0, 1))], [annotated(**change)])

    assert (scores.rows.tp, scores.rows.fp, scores.rows.fn) == (0, 1, 1)
    assert [row.outcome for _, row in scores.missed] == ["growth"]
    assert [finding.id for _, finding in scores.extra] == ["F1"]


def test_score_findings_counts_roles_and_claims_where_rows_have_them(tmp_path: Path) -> None:
    asked = gold(tmp_path, {**ROW, "role": "given", "claim": "result"})
    found = annotated(role=Role.GIVEN, claim=Claim.AIM)
    scores = score_findings([asked], [found])

    assert (scores.columns["role"], scores.columns["claim"]) == (1.0, 0.0)
    assert scores.said == {"role": 1.0, "claim": 0.0}
    assert scores.whole.f1 == 1.0
    unknown = score_findings([asked], [annotated()])
    assert (unknown.columns["role"], unknown.said) == (0.0, {})
    assert set(score_findings([gold(tmp_path, ROW)], [found]).columns) == set(COLUMNS)


def test_score_findings_takes_any_place_of_the_outcome_in_its_sentence(tmp_path: Path) -> None:
    first = gold(tmp_path, {**ROW, "outcome": "c"})
    assert score_findings([first], [annotated()]).rows.tp == 0
    assert score_findings([gold(tmp_path, {**ROW, "outcome": "t"})], [annotated()]).rows.tp == 1


def test_score_findings_takes_the_sentence_that_tells_a_finding(tmp_path: Path) -> None:
    """An agent of the second sentence with the outcome of the first is told in the second."""
    relation = Relation("R2", "DECREASES", "T4", "T2")
    later = annotated(relations=("R2",), cytokines=("T4",), therapies=()).replace(
        relations=(relation,)
    )
    assert score_findings([gold(tmp_path, ROW)], [later]).rows.fp == 0
    assert score_findings([gold(tmp_path, ROW, scope=(1,))], [later]).rows.fp == 1


def test_score_findings_leaves_out_other_sentences(tmp_path: Path) -> None:
    other = annotated(relations=("R2",), outcome="T5")
    scores = score_findings([gold(tmp_path, ROW)], [other])

    assert (scores.rows.fp, scores.rows.fn) == (0, 1)


def test_score_findings_knows_all_names_of_a_concept(tmp_path: Path) -> None:
    named = gold(tmp_path, {**ROW, "cytokines": ["interleukin 12"]})

    assert score_findings([named], [annotated()]).rows.f1 == 1.0


def test_score_findings_takes_one_finding_for_one_row(tmp_path: Path) -> None:
    scores = score_findings([gold(tmp_path, ROW, ROW)], [annotated()])

    assert (scores.rows.tp, scores.rows.fn) == (1, 1)


def test_score_findings_needs_the_document_and_the_outcome(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'D'"):
        score_findings([gold(tmp_path, ROW)], [])
    with pytest.raises(InputError, match="'absent' does not stand in sentence 0"):
        score_findings([gold(tmp_path, {**ROW, "outcome": "absent"})], [annotated()])


@pytest.mark.parametrize(
    "line",
    [b"{", b'{"id": "D"}', b'{"id": "D", "scope": [0], "findings": [{"sentence": 0}]}', b"[]"],
)
def test_read_rows_refuses_bad_lines_with_their_number(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"id": "D", "scope": [], "findings": []}\n' + line)

    with pytest.raises(InputError, match=r"rows\.jsonl:2: "):
        read_rows(path)


@pytest.mark.parametrize(
    ("name", "documents", "rows"),
    [
        ("findings", 20, 150),
        ("more", 13, 133),
        ("third", 7, 50),
        ("held_back", 5, 47),
        ("fourth", 16, 120),
        ("fourth_again", 16, 111),
    ],
)
def test_shipped_rows_are_sound(name: str, documents: int, rows: int) -> None:
    found = read_rows(ROOT / "corpora" / "findings" / f"{name}.jsonl")

    assert (len(found), sum(len(r.rows) for r in found)) == (documents, rows)
    for document in found:
        told = {row.sentence for row in document.rows}
        if name.startswith("fourth"):
            # These also list sentences that tell nothing, and an outcome called "it" in its own.
            assert len(told - document.scope) <= 1
        else:
            assert told == document.scope


def test_shipped_rows_are_of_different_abstracts() -> None:
    folder = ROOT / "corpora" / "findings"
    paths = [p for p in sorted(folder.glob("*.jsonl")) if p.stem != "fourth_again"]
    ids = [r.id for path in paths for r in read_rows(path)]

    assert len(ids) == len(set(ids)) == 61
    again = [r.id for r in read_rows(folder / "fourth_again.jsonl")]
    assert sorted(again) == sorted(r.id for r in read_rows(folder / "fourth.jsonl"))
