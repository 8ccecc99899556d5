import io
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from il12nlp import formats
from il12nlp.document import (
    Concept,
    Document,
    Finding,
    Mention,
    Passage,
    Relation,
    Sentence,
    Span,
)
from il12nlp.errors import OutputError
from il12nlp.formats import get_format
from il12nlp.formats.jsonl import JsonLines
from il12nlp.schema import Benefit, Claim, Direction, Role
from tests.formats.samples import document, parts, read
from tests.formats.strategies import documents

CANONICAL = (
    '{"schema_version":1,"id":"11","pmid":"11","text":"IL-12 in B16\\nIL-12 cut TNF-α.",'
    '"passages":[{"kind":"title","label":null,"start":0,"end":12},'
    '{"kind":"abstract","label":"RESULTS","start":13,"end":29}],'
    '"sentences":[[0,12],[13,29]],'
    '"entities":[{"id":"T1","start":13,"end":18,"type":"CYTOKINE","text":"IL-12","score":0.98,'
    '"concept":{"id":"HGNC:5969","name":"IL12A","category":null,"polarity":0,"parents":["x"],'
    '"species":"human"}},'
    '{"id":"T2","start":23,"end":28,"type":"OUTCOME","text":"TNF-α","score":1.0,"concept":null}],'
    '"relations":[{"id":"R1","type":"DECREASES","head":"T1","tail":"T2","score":0.91,'
    '"speculative":true}],'
    '"findings":[{"id":"F1","cytokines":["T1"],"therapies":[],"delivery":[],"outcome":"T2",'
    '"direction":"decrease","benefit":"unknown","cancers":[],"speculative":true,"score":0.88,'
    '"evidence":[1],"relations":["R1"],"role":"given","claim":"result","comparators":["T1"],'
    '"routes":[[6,8]],"doses":[[9,12]],"species":["mouse"]}],'
    '"study_type":"animal","meta":{"journal":"J Made Up","year":2001,"mesh":[]}}\n'
)

DOCUMENT = Document(
    id="11",
    pmid="11",
    text="IL-12 in B16\nIL-12 cut TNF-α.",
    passages=(Passage("title", 0, 12), Passage("abstract", 13, 29, "RESULTS")),
    sentences=(Sentence(0, 12), Sentence(13, 29)),
    mentions=(
        Mention(
            *("T1", 13, 18, "CYTOKINE", "IL-12", 0.98),
            Concept("HGNC:5969", "IL12A", parents=("x",), species="human"),
        ),
        Mention("T2", 23, 28, "OUTCOME", "TNF-α"),
    ),
    relations=(Relation("R1", "DECREASES", "T1", "T2", True, 0.91),),
    findings=(
        Finding(
            "F1",
            ("T1",),
            (),
            "T2",
            Direction.DECREASE,
            Benefit.UNKNOWN,
            speculative=True,
            score=0.88,
            evidence=(1,),
            relations=("R1",),
            role=Role.GIVEN,
            claim=Claim.RESULT,
            comparators=("T1",),
            routes=(Span(6, 8),),
            doses=(Span(9, 12),),
            species=("mouse",),
        ),
    ),
    study_type="animal",
    meta={"journal": "J Made Up", "year": 2001, "mesh": []},
)


def written(*items: Document) -> bytes:
    stream = io.BytesIO()
    sink = JsonLines(stream)
    for item in items:
        sink.write(item)
    sink.close()
    return stream.getvalue()


def test_canonical_line_holds_every_part_of_a_document(tmp_path: Path) -> None:
    assert document(read(tmp_path, "a.jsonl", CANONICAL)) == DOCUMENT
    assert written(DOCUMENT).decode() == CANONICAL


def test_finding_of_an_older_file_has_no_role_and_claim(tmp_path: Path) -> None:
    newer = CANONICAL.index(',"role"'), CANONICAL.index('}],"study_type"')
    line = CANONICAL[: newer[0]] + CANONICAL[newer[1] :]
    [finding] = document(read(tmp_path, "a.jsonl", line)).findings
    assert (finding.role, finding.claim) == (Role.UNKNOWN, Claim.UNKNOWN)
    assert (finding.comparators, finding.routes, finding.doses, finding.species) == ((),) * 4
    assert finding.relations == ("R1",)


@settings(max_examples=60, deadline=None)
@given(documents())
def test_any_document_comes_back_equal_and_byte_for_byte(item: Document) -> None:
    line = written(item)
    reader = get_format("jsonl").read
    assert reader is not None
    assert list(reader(io.BytesIO(line), "x")) == [item]
    assert written(item) == line


def test_id_and_text_are_enough(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.jsonl", '{"id": 5, "text": "IL-12\\r\\nacts "}'))
    assert (found.id, found.pmid, found.text) == ("5", None, "IL-12\r\nacts ")


def test_pmid_title_and_abstract_are_put_together(tmp_path: Path) -> None:
    line = '{"pmid": 5, "title": "IL-12", "abstract": "It acts.", "source": "x"}'
    found = document(read(tmp_path, "a.jsonl", line))
    assert (found.id, found.pmid, found.meta) == ("5", "5", {"source": "x"})
    assert parts(found) == [("title", None, "IL-12"), ("abstract", None, "It acts.")]


def test_missing_abstract_or_title_leaves_the_other(tmp_path: Path) -> None:
    lines = '{"id": "a", "title": "IL-12", "abstract": null}\n{"id": "b", "abstract": "It acts."}'
    assert [d.text for d in read(tmp_path, "a.jsonl", lines)] == ["IL-12", "It acts."]  # type: ignore[union-attr]


def test_text_without_id_gets_one_from_its_content(tmp_path: Path) -> None:
    lines = '{"text": "A"}\n{"title": "A"}\n{"text": "B"}\n'
    first, second, third = (r.id for r in read(tmp_path, "a.jsonl", lines))
    assert first == second != third


def test_empty_text_gives_way_to_title_and_abstract(tmp_path: Path) -> None:
    line = '{"id": "x", "text": "", "title": "A", "abstract": "IL-12"}'
    found = document(read(tmp_path, "a.jsonl", line))
    assert (found.text, found.meta) == ("A\nIL-12", {})


def test_unknown_keys_go_into_meta_and_come_back_out(tmp_path: Path) -> None:
    line = '{"id": "a", "text": "IL-12", "source": "mine", "fold": 3, "meta": {"year": 2001}}'
    found = document(read(tmp_path, "a.jsonl", line))
    assert found.meta == {"year": 2001, "source": "mine", "fold": 3}
    assert json.loads(written(found))["meta"] == {"year": 2001, "source": "mine", "fold": 3}


def test_short_entities_and_relations_are_completed(tmp_path: Path) -> None:
    line = {
        "id": "a",
        "text": "IL-12 cut growth",
        "entities": [
            {"id": "T1", "start": 0, "end": 5, "type": "CYTOKINE"},
            {"start": 10, "end": 16, "type": "OUTCOME"},
        ],
        "relations": [{"type": "DECREASES", "head": "T1", "tail": "T2"}],
    }
    found = document(read(tmp_path, "a.jsonl", json.dumps(line)))
    assert [(m.id, m.text, m.score) for m in found.mentions] == [
        ("T1", "IL-12", 1.0),
        ("T2", "growth", 1.0),
    ]
    assert found.relations == (Relation("R1", "DECREASES", "T1", "T2"),)


def test_blank_lines_windows_line_ends_and_mark_are_passed_over(tmp_path: Path) -> None:
    lines = '\ufeff{"text": "A"}\r\n\r\n  \n{"text": "B"}\r\n'
    assert [d.text for d in read(tmp_path, "a.jsonl", lines)] == ["A", "B"]  # type: ignore[union-attr]


def test_mark_of_a_file_that_was_put_behind_another_is_passed_over(tmp_path: Path) -> None:
    lines = '{"text": "A"}\n\ufeff{"text": "B"}\n\ufeff\n'
    assert [d.text for d in read(tmp_path, "a.jsonl", lines)] == ["A", "B"]  # type: ignore[union-attr]


def test_duplicate_ids_are_both_given(tmp_path: Path) -> None:
    lines = '{"id": "a", "text": "A"}\n{"id": "a", "text": "B"}\n'
    assert [r.id for r in read(tmp_path, "a.jsonl", lines)] == ["a", "a"]


@pytest.mark.parametrize("meta", [{"x": object()}, {1: "x"}, {"x": "\ud800"}])
def test_meta_that_json_cannot_hold_is_an_error(meta: dict[Any, Any]) -> None:
    with pytest.raises(OutputError, match="11: cannot be written"):
        written(DOCUMENT.replace(meta=meta))


def test_score_that_is_no_number_is_an_error() -> None:
    relation = Relation("R1", "DECREASES", "T1", "T2", score=math.nan)
    with pytest.raises(OutputError, match="score"):
        written(DOCUMENT.replace(relations=(relation,), findings=()))


def test_project_corpora_are_read_whole() -> None:
    corpus = Path(__file__).parents[2] / "corpora" / "cto_authored" / "dev.jsonl"
    found = list(formats.read(corpus))
    assert len(found) == 50
    assert sum(len(r.mentions) for r in found if isinstance(r, Document)) == 2233
