import json
import re
from pathlib import Path
from typing import Any

import pytest

from il12nlp import formats
from tests.formats.samples import document, failure, read

LINE = {
    "id": "123:1",
    "doc": "123",
    "source": "invented",
    "tokens": ["IL-12", "plus", "anti", "PD-1", "cut", "TNF-α", "levels"],
    "tags": ["B-CYTOKINE", "O", "I-THERAPY", "I-THERAPY", "O", "B-OUTCOME", "I-OUTCOME"],
}


def _line(**changes: Any) -> str:
    return json.dumps({**LINE, **changes}, ensure_ascii=False) + "\n"


def _mentions(tmp_path: Path, tokens: list[str], tags: list[str]) -> list[tuple[str, str]]:
    found = document(read(tmp_path, "a.jsonl", _line(tokens=tokens, tags=tags)))
    return [(m.type, m.text) for m in found.mentions]


def test_token_line_becomes_its_tokens_and_mentions(tmp_path: Path) -> None:
    found = document(read(tmp_path, "train.conll.jsonl", _line()))
    assert found.text == "IL-12 plus anti PD-1 cut TNF-α levels"
    assert (found.id, found.pmid, dict(found.meta)) == ("123:1", "123", {"source": "invented"})
    assert [(m.id, m.start, m.end, m.type, m.text) for m in found.mentions] == [
        ("T1", 0, 5, "CYTOKINE", "IL-12"),
        ("T2", 11, 20, "THERAPY", "anti PD-1"),
        ("T3", 25, 37, "OUTCOME", "TNF-α levels"),
    ]


def test_token_tags_part_neighbours_of_one_type(tmp_path: Path) -> None:
    assert _mentions(tmp_path, ["a", "b", "c"], ["B-X", "B-X", "I-X"]) == [("X", "a"), ("X", "b c")]


def test_inside_tag_of_another_type_starts_a_mention(tmp_path: Path) -> None:
    assert _mentions(tmp_path, ["a", "b"], ["B-X", "I-Y"]) == [("X", "a"), ("Y", "b")]


def test_token_line_keeps_an_abstract_that_is_no_pmid_as_meta(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.jsonl", _line(doc="A1-002")))
    assert found.pmid is None
    assert found.meta["doc"] == "A1-002"
    assert document(read(tmp_path, "b.jsonl", _line(doc=None))).pmid is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tags": ["O"]}, "^7 tokens, but 1 tags"),
        ({"tags": ["S-X", *["O"] * 6]}, r"tags\[0\] is 'S-X'; O, B-TYPE and I-TYPE are read"),
        ({"tokens": ["", *["a"] * 6]}, r"tokens\[0\] is empty"),
        ({"tokens": [1, *["a"] * 6]}, r"tokens\[0\] should be a string"),
        ({"tokens": [], "tags": []}, "nothing to annotate"),
    ],
)
def test_token_line_that_is_wrong_becomes_a_failure(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(_line() + _line(**changes), encoding="utf-8")
    good, bad = formats.read(path)
    assert not isinstance(good, formats.Failure)
    found = failure([bad])
    assert found.line == 2
    assert re.search(reason, found.reason)


def test_token_lines_are_told_from_canonical_ones(tmp_path: Path) -> None:
    tokens = _line(tokens=["the", "text"], tags=["O", "O"])
    assert document(read(tmp_path, "a.jsonl", tokens)).text == "the text"
    canonical = json.dumps({"id": "x", "text": "IL-12", "meta": {"tokens": ["IL-12"]}})
    assert document(read(tmp_path, "b.jsonl", canonical)).text == "IL-12"


@pytest.mark.parametrize("text", [{"text": "IL-12"}, {"title": "IL-12"}, {"abstract": "IL-12"}])
def test_line_with_tokens_and_a_text_of_its_own_is_canonical(
    tmp_path: Path, text: dict[str, str]
) -> None:
    assert document(read(tmp_path, "a.jsonl", _line(**text))).text == "IL-12"
    no_tags = json.dumps({"tokens": ["IL", "-", "12"], **text})
    assert document(read(tmp_path, "b.jsonl", no_tags)).text == "IL-12"


def test_title_inside_the_meta_of_a_token_line_is_no_text_of_its_own(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.jsonl", _line(meta={"title": "IL-12"})))
    assert (found.text[:10], found.meta["title"]) == ("IL-12 plus", "IL-12")


def test_token_line_that_is_longer_than_what_is_looked_at_is_recognised(tmp_path: Path) -> None:
    count = 20_000
    line = _line(tokens=["IL-12"] * count, tags=["B-CYTOKINE"] * count)
    assert len(document(read(tmp_path, "a.jsonl", line)).mentions) == count
