from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from il12nlp.errors import DocumentError, InputError, RecordError
from il12nlp.pubmed.standoff import (
    from_document,
    from_json,
    read_standoff,
    text_digest,
    to_json,
    write_standoff,
)
from tests.pubmed.documents import TITLE, annotated


def test_record_round_trips_through_its_line() -> None:
    record = from_document(annotated())
    assert from_json(to_json(record)) == record


def test_record_says_what_proves_the_text() -> None:
    document = annotated()
    record = from_document(document)
    assert record.sha256 == text_digest(document.text)
    assert record.length == len(document.text)
    assert record.title
    assert not from_document(document.replace(text=document.text.replace("\n", " "))).title


def test_record_leaves_a_section_label_out_of_a_sentence_core() -> None:
    document = annotated()
    first = from_document(document).sentences[1]
    assert document.text[first.core_start : first.core_end] == (
        "IL-12 with TNF-α may reduce tumor growth"
    )
    assert document.text[first.start : first.end].startswith("BACKGROUND: ")


def test_line_holds_no_text_but_the_surfaces() -> None:
    document = annotated()
    line = to_json(from_document(document)).decode()
    surfaces = {m.text for m in document.mentions}
    assert all(surface in line for surface in surfaces)
    for word in ("Local", "treated", "reduced", TITLE):
        assert word not in line


def test_from_document_refuses_a_document_without_pmid() -> None:
    with pytest.raises(RecordError, match="A1: has no PMID"):
        from_document(annotated().replace(pmid=None, id="A1"))


def test_from_document_refuses_ids_out_of_order() -> None:
    document = annotated()
    swapped = (document.mentions[1], document.mentions[0], *document.mentions[2:])
    with pytest.raises(RecordError, match="'T2' should be T1"):
        from_document(document.replace(mentions=swapped))


def test_from_document_refuses_wrong_offsets() -> None:
    with pytest.raises(DocumentError, match="mention T1"):
        from_document(annotated().replace(text="x" + annotated().text))


def test_write_standoff_sorts_by_pmid_and_leaves_out_what_has_none(tmp_path: Path) -> None:
    documents = [annotated("30"), annotated("9").replace(pmid=None), annotated("4")]
    assert write_standoff(documents, tmp_path / "out.jsonl") == 2
    assert [r.pmid for r in read_standoff(tmp_path / "out.jsonl")] == ["4", "30"]


def test_line_without_surfaces_holds_no_text() -> None:
    document = annotated()
    line = to_json(from_document(document, surfaces=False))
    for m in document.mentions:
        assert m.text not in line.decode()
    record = from_json(line)
    assert not record.surfaces
    assert record == from_document(document, surfaces=False)
    assert [(m.start, m.end, m.type) for m in record.mentions] == [
        (m.start, m.end, m.type) for m in document.mentions
    ]


def test_without_surfaces_a_source_stands_for_the_pmid(tmp_path: Path) -> None:
    nameless = annotated().replace(pmid=None, id="invented-7")
    documents = [nameless, annotated("30"), nameless.replace(meta={}), annotated("4")]
    path = tmp_path / "out.jsonl"
    assert write_standoff(documents, path, surfaces=False) == 3
    records = list(read_standoff(path))
    assert [r.pmid for r in records] == ["4", "30", None]
    assert [r.id for r in records] == ["4", "30", "invented-7"]
    with pytest.raises(RecordError, match="has no PMID and no source"):
        from_document(nameless.replace(meta={}), surfaces=False)


def _spoiled(**changes: object) -> bytes:
    return orjson.dumps({**orjson.loads(to_json(from_document(annotated()))), **changes})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", "no stand-off record"),
        (b"[1]", "no stand-off record"),
        (b'{"pmid": "1"}', "key 'standoff' is missing"),
        (_spoiled(standoff=9), "version 9"),
        (_spoiled(mentions=[[0, 5, "GENE", "IL-12"]], relations=[]), "unknown mention type 'GENE'"),
        (_spoiled(mentions=[[0, 5]]), "no stand-off record"),
        (_spoiled(pmid=None), "key 'id' is missing"),
        (_spoiled(relations=[["DECREASES", 0, 99]]), "links mentions 0 and 99"),
        (_spoiled(relations=[["DECREASES", 4, 0]]), "cannot link"),
    ],
)
def test_read_standoff_names_the_line_of_a_bad_record(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(to_json(from_document(annotated())) + b"\n" + line + b"\n")
    with pytest.raises(InputError, match=reason) as caught:
        list(read_standoff(path))
    assert caught.value.line == 2


def test_read_standoff_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read"):
        list(read_standoff(tmp_path / "none.jsonl"))
