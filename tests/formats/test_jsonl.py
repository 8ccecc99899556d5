import io
import json
import math
import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from il12nlp import formats
from il12nlp.document import Concept, Document, Finding, Mention, Passage, Relation, Sentence
from il12nlp.errors import FormatError, OutputError
from il12nlp.formats import Failure, get_format
from il12nlp.formats.jsonl import JsonLines
from il12nlp.schema import Benefit, Direction
from tests.formats.samples import document, parts, read
from tests.formats.strategies import documents

CANONICAL = (
    '{"schema_version":1,"id":"11","pmid":"11","text":"IL-12 in B16\\nIL-12 cut TNF-α.",'
    '"passages":[{"kind":"title","label":null,"start":0,"end":12},'
    '{"kind":"abstract","label":"RESULTS","start":13,"end":29}],'
    '"sentences":[[0,12],[13,29]],'
    '"entities":[{"id":"T1","start":13,"end":18,"type":"CYTOKINE","text":"IL-12","score":0.98,'
    '"concept":{"id":"HGNC:5969","name":"IL12A","category":null,"polarity":0,"parents":["x"]}},'
    '{"id":"T2","start":23,"end":28,"type":"OUTCOME","text":"TNF-α","score":1.0,"concept":null}],'
    '"relations":[{"id":"R1","type":"DECREASES","head":"T1","tail":"T2","score":0.91,'
    '"speculative":true}],'
    '"findings":[{"id":"F1","cytokines":["T1"],"therapies":[],"delivery":[],"outcome":"T2",'
    '"direction":"decrease","benefit":"unknown","cancers":[],"speculative":true,"score":0.88,'
    '"evidence":[1],"relations":["R1"]}],'
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
            "T1", 13, 18, "CYTOKINE", "IL-12", 0.98, Concept("HGNC:5969", "IL12A", parents=("x",))
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


def test_duplicate_ids_are_both_given(tmp_path: Path) -> None:
    lines = '{"id": "a", "text": "A"}\n{"id": "a", "text": "B"}\n'
    assert [r.id for r in read(tmp_path, "a.jsonl", lines)] == ["a", "a"]


ENTITY = {"id": "T1", "start": 0, "end": 5, "type": "CYTOKINE", "text": "IL-12"}


def _finding(**changes: Any) -> dict[str, Any]:
    finding = {"id": "F1", "outcome": "T1", "direction": "increase", "benefit": "none"} | changes
    return {"entities": [ENTITY], "findings": [finding]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": 5}, "'text' should be a string, not 5"),
        ({"text": " \n"}, "nothing to annotate"),
        ({"id": ["a"]}, "'id' should be a string"),
        ({"schema_version": 2}, "schema_version 2"),
        ({"meta": []}, "'meta' should be an object"),
        ({"meta": {"source": "x"}, "source": "y"}, "'source' stands twice"),
        ({"sentences": [[0]]}, r"sentences\[0\]: a sentence is"),
        ({"sentences": [[0, 99]]}, "outside the text"),
        ({"sentences": [[0, True]]}, "a sentence is"),
        ({"passages": [{"kind": "title"}]}, r"passages\[0\]: 'start' is missing"),
        ({"entities": {}}, "'entities' should be a list"),
        ({"entities": ["IL-12"]}, r"entities\[0\] should be an object"),
        ({"entities": [ENTITY | {"start": "0"}]}, "'start' should be a whole number"),
        ({"entities": [ENTITY | {"start": True}]}, "'start' should be a whole number"),
        ({"entities": [ENTITY | {"start": 1}]}, "the text holds"),
        ({"entities": [ENTITY | {"start": -9, "end": -1}]}, "outside the text"),
        ({"entities": [ENTITY, ENTITY]}, "used twice: T1"),
        ({"entities": [ENTITY | {"score": None}]}, "'score' should be a number"),
        ({"entities": [ENTITY | {"score": "1"}]}, "'score' should be a number"),
        ({"entities": [ENTITY | {"concept": {"id": "x"}}]}, "'name' is missing"),
        ({"relations": [{"type": "X", "head": "T1", "tail": "T9"}]}, "refers to"),
        (_finding(direction="up"), "'direction' is 'up'; known: increase, decrease, no_effect"),
        (_finding(benefit=None), "'benefit' is missing"),
        (_finding(cytokines=[1]), r"cytokines\[0\] should be a string"),
        (_finding(evidence=[0]), "cites a sentence that is not there"),
    ],
)
def test_wrong_record_is_a_failure_that_names_line_id_and_key(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    line = orjson.dumps({"id": "a", "text": "IL-12 acts"} | changes)
    found = read(tmp_path, "a.jsonl", b'{"text": "A"}\n' + line + b'\n{"text": "B"}\n')
    assert [type(r) for r in found] == [Document, Failure, Document]
    bad = found[1]
    assert isinstance(bad, Failure)
    assert (bad.line, bad.id) == (2, "a" if "id" not in changes else None)
    assert re.search(reason, bad.reason), bad.reason
    assert not bad.reason.startswith("a: ")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "not JSON"),
        ('{"text": "A"', "not JSON"),
        ("5", "an object is wanted, not int"),
        ('["A"]', "an object is wanted, not list"),
        ('{"titel": "A"}', "neither 'text' nor 'title' nor 'abstract'; keys: 'titel'"),
        ('{"title": "A", "entities": [{}]}', "'entities' needs 'text'"),
        ('{"title": ["A"]}', "'title' should be a string"),
        ('{"text": "\\ud800"}', "not JSON"),
    ],
)
def test_wrong_line_is_a_failure_with_its_number(tmp_path: Path, line: str, reason: str) -> None:
    good, bad = read(tmp_path, "a.jsonl", f'{{"text": "A"}}\n{line}\n')
    assert isinstance(good, Document)
    assert isinstance(bad, Failure)
    assert bad.line == 2
    assert reason in bad.reason


@pytest.mark.parametrize(
    ("content", "message"),
    [("[\n{}\n]", "JSON array"), ('{\n"text": "A"\n}', "spread over several lines")],
)
def test_other_json_is_refused_at_once(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, "a.jsonl", content)


def test_wrong_bytes_are_read_as_windows_1252(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", b'{"text": "5 \xb5g"}\n{"text": "TNF-\xce\xb1"}\n')
    assert [d.text for d in found] == ["5 µg", "TNF-α"]  # type: ignore[union-attr]


def test_line_of_five_megabytes_is_a_failure_and_the_next_is_read(tmp_path: Path) -> None:
    long = json.dumps({"id": "long", "text": "IL-12 " * 900_000})
    bad, good = read(tmp_path, "a.jsonl", f'{long}\n{{"text": "A"}}\n')
    assert isinstance(bad, Failure)
    assert (bad.id, bad.line) == ("long", 1)
    assert "characters" in bad.reason
    assert isinstance(good, Document)


def test_line_over_the_limit_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("il12nlp.formats.lines.numbered_lines.__kwdefaults__", {"limit": 50})
    lines = '{"text": "' + "x" * 200 + '"}\n{"text": "A"}\n'
    bad, good = read(tmp_path, "a.jsonl", lines)
    assert isinstance(bad, Failure)
    assert (bad.line, good.id[:6]) == (1, "sha256")


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
