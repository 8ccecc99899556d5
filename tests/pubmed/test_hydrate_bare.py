"""Hydration of records that have no surfaces, and of those that have no PMID either."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import orjson
import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.pubmed.client import EutilsSettings, PubMedClient
from il12nlp.pubmed.hydrate import hydrate
from il12nlp.pubmed.standoff import write_standoff
from tests.pubmed.documents import annotated
from tests.pubmed.server import FakeEutils

NAMED = annotated("101")
OTHER = annotated("102").replace(text=annotated().text[:-1] + "!")
NAMELESS = annotated("0").replace(
    id="invented-77", pmid=None, text=annotated().text.replace("(p < 0.05)", "(p < 0.04)")
)
DOCUMENTS = [NAMED, OTHER, NAMELESS]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_standoff(DOCUMENTS, tmp_path / "standoff.jsonl", surfaces=False)
    return tmp_path / "standoff.jsonl"


def _collection(path: Path, *rows: tuple[str, str | None, str]) -> Path:
    """A public collection's file: its own ids and annotations, and keys that no reader knows."""
    path.parent.mkdir(exist_ok=True)
    entity = {"id": "T1", "start": 0, "end": 5, "type": "GENE", "norm": "x"}
    lines = [
        orjson.dumps(
            {"id": id, "pmid": pmid, "title": None, "text": text, "entities": [entity], "meta": {}}
        )
        for id, pmid, text in rows
    ]
    path.write_bytes(gzip.compress(b"\n".join(lines)))
    return path


def _failures(out: Path) -> list[tuple[str | None, str]]:
    path = out.with_name(out.name + ".failures.jsonl")
    lines = path.read_text().splitlines() if path.exists() else []
    return [(row["id"], row["reason"]) for row in map(json.loads, lines)]


def _read(path: Path) -> list[Document]:
    return [r for r in formats.read(path, format="jsonl") if isinstance(r, Document)]


def test_hydrate_matches_by_pmid_and_by_text_in_several_files(corpus: Path, tmp_path: Path) -> None:
    another_print = NAMED.text.replace(" ", "  ")
    one = _collection(
        tmp_path / "a" / "train.jsonl.gz",
        ("77", "101", another_print),
        ("102", None, "Of cats. A paper whose number is another's PMID."),
        ("0-1", None, NAMELESS.text),
    )
    two = _collection(
        tmp_path / "b" / "train.jsonl.gz", ("5", "101", NAMED.text), ("6", None, OTHER.text)
    )
    out = tmp_path / "out.jsonl"
    summary = hydrate(corpus, out, source=[one, two])
    assert (summary.documents, summary.exact, summary.missing) == (3, 3, 0)
    assert [d.replace(meta={}) for d in _read(out)] == [d.replace(meta={}) for d in DOCUMENTS]
    assert {d.meta["source"] for d in _read(out)} == {"invented"}
    assert _failures(out) == []
    before = out.read_bytes()
    assert hydrate(corpus, out, source=str(tmp_path / "*" / "train.jsonl.gz")).fetched == 0
    assert out.read_bytes() == before


def test_hydrate_tells_what_to_give_where_texts_are_missing(corpus: Path, tmp_path: Path) -> None:
    source = _collection(
        tmp_path / "a" / "train.jsonl.gz", ("77", "101", NAMED.text.replace(" ", "  "))
    )
    out = tmp_path / "out.jsonl"
    assert hydrate(corpus, out, source=source).missing == 3
    remedy = "give the files of the collection 'invented' with --from"
    (first, why), *others = _failures(out)
    assert (first, why.endswith(remedy)) == ("101", True)
    assert "not the annotated print" in why
    assert others == [
        ("102", f"the source has no such record; {remedy}"),
        ("invented-77", f"the source has no such record; {remedy}"),
    ]


def test_hydrate_from_pubmed_says_what_has_no_pmid(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    client = PubMedClient(EutilsSettings(base_url=eutils.url), sleep=lambda _: None)
    summary = hydrate(corpus, out, client=client)
    assert [r["id"] for r in eutils.requests] == ["101,102"]
    assert (summary.exact, summary.missing) == (1, 2)
    reasons = dict(_failures(out))
    assert "not the annotated print" in reasons["102"]
    assert reasons["invented-77"].startswith("has no PMID to be fetched by; give the files of")
