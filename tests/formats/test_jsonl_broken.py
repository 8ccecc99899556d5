import json
import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from il12nlp.document import Document
from il12nlp.errors import FormatError
from il12nlp.formats import Failure
from tests.formats.samples import read

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
        ({"sentences": [[0]]}, r"sentences\[0\]: a span is \[start, end\]"),
        ({"sentences": [[0, 99]]}, "outside the text"),
        ({"sentences": [[6, 10], [0, 5]]}, r"end=5\) is empty, or begins before .*end=10\) ends"),
        ({"sentences": [[0, True]]}, "a span is"),
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
        (_finding(role="drug"), "'role' is 'drug'; known: given, measured"),
        (_finding(claim=1), "'claim' should be a string"),
        (_finding(routes=[[0]]), r"routes\[0\]: a span is"),
        (_finding(doses=[[0, 99]]), "outside the text"),
        (_finding(comparators=["T9"]), "refers to T9"),
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
