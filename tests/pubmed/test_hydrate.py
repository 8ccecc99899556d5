from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import InputError, NetworkError
from il12nlp.formats.canonical import document_to_dict
from il12nlp.pubmed.client import EutilsSettings, PubMedClient
from il12nlp.pubmed.hydrate import hydrate
from il12nlp.pubmed.standoff import write_standoff
from il12nlp.schema import CTO
from tests.pubmed.documents import annotated
from tests.pubmed.server import FakeEutils, cut, send

PMIDS = [str(pmid) for pmid in range(101, 106)]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_standoff([annotated(pmid) for pmid in PMIDS], tmp_path / "standoff.jsonl")
    return tmp_path / "standoff.jsonl"


def _client(eutils: FakeEutils, **settings: Any) -> PubMedClient:
    settings = {"batch_size": 2, "attempts": 2, **settings}
    return PubMedClient(EutilsSettings(base_url=eutils.url, **settings), sleep=lambda _: None)


def _read(path: Path) -> list[Document]:
    return [r for r in formats.read(path, format="jsonl") if isinstance(r, Document)]


def _failures(out: Path) -> list[tuple[str | None, str]]:
    path = out.with_name(out.name + ".failures.jsonl")
    lines = path.read_text().splitlines() if path.exists() else []
    return [(row["id"], row["reason"]) for row in map(json.loads, lines)]


def test_hydrate_restores_the_corpus_from_pubmed(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    summary = hydrate(corpus, out, client=_client(eutils))
    assert (summary.documents, summary.exact, summary.missing, summary.fetched) == (5, 5, 0, 5)
    assert [d.check(CTO).replace(passages=(), meta={}) for d in _read(out)] == [
        annotated(pmid).replace(meta={}) for pmid in PMIDS
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.jsonl", "standoff.jsonl"]


def test_hydrate_again_fetches_nothing_and_writes_the_same(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    hydrate(corpus, out, client=_client(eutils))
    before, asked = out.read_bytes(), len(eutils.requests)
    summary = hydrate(corpus, out, client=_client(eutils))
    assert (summary.exact, summary.fetched) == (5, 0)
    assert out.read_bytes() == before
    assert len(eutils.requests) == asked


def test_hydrate_goes_on_where_a_run_was_cut_off(
    corpus: Path, eutils: FakeEutils, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    client = _client(eutils)
    whole = client.fetch_xml

    def killed(pmids: list[str]) -> bytes:
        if "103" in pmids:
            raise KeyboardInterrupt
        return whole(pmids)

    monkeypatch.setattr(client, "fetch_xml", killed)
    with pytest.raises(KeyboardInterrupt):
        hydrate(corpus, out, client=client)
    assert not out.exists()
    texts = tmp_path / "out.jsonl.texts.jsonl"
    with texts.open("ab") as stream:
        stream.write(b'\n{"schema_version":1,"id":"103","te')
    eutils.requests.clear()
    summary = hydrate(corpus, out, client=_client(eutils))
    assert [r["id"] for r in eutils.requests] == ["103,104", "105"]
    assert (summary.exact, summary.fetched) == (5, 3)
    assert [d.id for d in _read(out)] == PMIDS
    assert not texts.exists()


def test_hydrate_writes_what_it_could_not_get_to_failures(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    del eutils.documents["102"]
    summary = hydrate(corpus, out, client=_client(eutils))
    assert (summary.exact, summary.missing) == (4, 1)
    assert [d.id for d in _read(out)] == ["101", "103", "104", "105"]
    assert _failures(out) == [("102", "the source has no such record")]


def test_hydrate_goes_on_after_a_batch_that_cannot_be_had(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    good = send(200, eutils.answer(["101", "102"]))
    eutils.failures = [good, send(500), cut]
    summary = hydrate(corpus, out, client=_client(eutils))
    assert [d.id for d in _read(out)] == ["101", "102", "105"]
    assert summary.missing == 2
    failed = _failures(out)
    assert [pmid for pmid, _ in failed] == ["103", "104"]
    assert all("efetch.fcgi" in reason for _, reason in failed)
    assert hydrate(corpus, out, client=_client(eutils)).exact == 5
    assert _failures(out) == []


def test_hydrate_raises_where_pubmed_gives_nothing(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    eutils.failures = [send(500)] * 9
    with pytest.raises(NetworkError):
        hydrate(corpus, tmp_path / "out.jsonl", client=_client(eutils))
    assert not (tmp_path / "out.jsonl").exists()


def test_hydrate_notes_malformed_xml_and_goes_on(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    bad = eutils.answer(["101"]).replace(b"</PubmedArticleSet>", b"<a></b></PubmedArticleSet>")
    eutils.failures = [send(200, bad)]
    summary = hydrate(corpus, out, client=_client(eutils))
    assert (summary.exact, summary.missing) == (4, 1)
    (none, reason), (pmid, _) = _failures(out)
    assert (none, pmid) == (None, "102")
    assert "malformed" in reason


def test_hydrate_reports_lost_mentions_and_their_relations(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    document = eutils.documents["104"]
    eutils.documents["104"] = document.replace(
        text=document.text.replace("with IL-12 and", "with milk_ and")
    )
    summary = hydrate(corpus, out, client=_client(eutils))
    assert (summary.exact, summary.anchored, summary.missing) == (4, 1, 0)
    assert (summary.lost_mentions, summary.lost_relations) == (1, 1)
    assert (summary.mentions, summary.relations) == (5 * 11 - 1, 5 * 5 - 1)
    place = annotated().mention_by_id["T7"].start
    assert _failures(out) == [
        ("104", f"mention T7 CYTOKINE 'IL-12' at {place}: does not stand near its place")
    ]


def test_hydrate_does_not_keep_another_text(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    eutils.documents["101"] = Document.from_text("Else.", "Of cats.", id="101", pmid="101")
    assert hydrate(corpus, out, client=_client(eutils)).missing == 1
    ((pmid, reason),) = _failures(out)
    assert pmid == "101"
    assert "another text than the annotated one" in reason


def test_hydrate_takes_texts_from_a_local_file(corpus: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "texts.jsonl", tmp_path / "out.jsonl"
    lines = [
        orjson.dumps({"pmid": pmid, "title": title, "abstract": abstract})
        for pmid in [*PMIDS, "999"]
        for title, abstract in [annotated().text.split("\n")]
    ]
    source.write_bytes(b"\n".join([*lines, b"not json"]))
    summary = hydrate(corpus, out, source=source)
    assert summary.exact == 5
    assert [reason.split(":")[0] for _, reason in _failures(out)] == ["not JSON"]


def test_hydrate_takes_texts_from_an_nbib_export(corpus: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "export.nbib", tmp_path / "out.jsonl"
    title, abstract = annotated().text.split("\n")
    source.write_text(f"PMID- 101\nTI  - {title}\nAB  - {abstract[:50]}\n      {abstract[50:]}\n")
    summary = hydrate(corpus, out, source=source)
    assert (summary.exact + summary.anchored, summary.missing) == (1, 4)
    assert summary.lost_mentions == 0
    assert {reason for _, reason in _failures(out)} == {"the source has no such record"}


def test_hydrate_refuses_to_overwrite_what_is_no_document(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("my notes\n")
    with pytest.raises(InputError, match=r"out\.jsonl"):
        hydrate(corpus, out, client=_client(eutils))
    assert out.read_text() == "my notes\n"


def test_hydrate_keeps_an_unchanged_canonical_line(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    hydrate(corpus, out, client=_client(eutils))
    for line, document in zip(out.read_bytes().splitlines(), _read(out), strict=True):
        assert line == orjson.dumps(document_to_dict(document))


def test_hydrate_passes_over_an_empty_texts_file(
    corpus: Path, eutils: FakeEutils, tmp_path: Path
) -> None:
    (tmp_path / "out.jsonl.texts.jsonl").write_bytes(b"\n")
    assert hydrate(corpus, tmp_path / "out.jsonl", client=_client(eutils)).exact == 5
