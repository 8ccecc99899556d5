"""What the corpora's cards promise, proved on the files."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence

import orjson
import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.formats.canonical import document_to_dict
from il12nlp.model.trailing import NEVER_LAST
from il12nlp.pubmed.standoff import StandoffRecord, read_standoff
from il12nlp.schema import CTO
from tests.corpora.cards import CORPORA, card, check_line, counts_row

SPLITS = ("train", "dev")

INVENTED = {
    "cto_authored/train.jsonl": r"A[1-9]-\d{3}",
    "cto_authored/dev.jsonl": r"A[1-9]-\d{3}",
    "cto_invented/train.jsonl.gz": r"[UV][1-8]-\d{3}",
}
"""Files of invented abstracts, and what their ids look like."""

WITH_TEXTS = INVENTED | {"cto_trials/train.jsonl.gz": r"NCT\d{8}"}
"""Files whose documents have their texts."""


def _documents(file: str) -> list[Document]:
    read = formats.read(CORPORA / file, format="jsonl")
    return [r for r in read if isinstance(r, Document)]


def _authored(split: str) -> list[Document]:
    return _documents(f"cto_authored/{split}.jsonl")


def _standoff(split: str) -> list[StandoffRecord]:
    return list(read_standoff(CORPORA / "cto_standoff" / f"{split}.jsonl"))


@pytest.mark.parametrize("file", WITH_TEXTS)
def test_documents_hold_by_the_schema(file: str) -> None:
    documents = _documents(file)
    data = (CORPORA / file).read_bytes()
    lines = (gzip.decompress(data) if file.endswith(".gz") else data).splitlines()
    assert len(documents) == len(lines)
    for document, line in zip(documents, lines, strict=True):
        document.check(CTO)
        assert document.study_type in CTO.study_types
        assert orjson.dumps(document_to_dict(document)) == line
        title, abstract = document.passages
        assert document.text[title.end : abstract.start] == "\n"


@pytest.mark.parametrize("file", INVENTED)
def test_invented_documents_say_that_they_are(file: str) -> None:
    for document in _documents(file):
        assert document.meta["invented"] is True
        assert "Invented abstract" in document.meta["notice"]
        assert "fiction" in document.meta["notice"]
    assert "fiction" in card(file.partition("/")[0])


@pytest.mark.parametrize("file", WITH_TEXTS)
def test_ids_cannot_be_taken_for_pmids(file: str) -> None:
    for document in _documents(file):
        assert document.pmid is None
        assert re.fullmatch(WITH_TEXTS[file], document.id)


def test_files_share_no_document() -> None:
    every = [d for file in WITH_TEXTS for d in _documents(file)]
    assert len({d.id for d in every}) == len(every)
    assert len({d.text for d in every}) == len(every)


@pytest.mark.parametrize("corpus", ["cto_invented", "cto_trials"])
def test_card_tells_the_counts(corpus: str) -> None:
    documents = _documents(f"{corpus}/train.jsonl.gz")
    assert counts_row("train", documents) in card(corpus)
    relations = [r for d in documents for r in d.relations]
    hedged = sum(r.speculative for r in relations)
    assert f"{hedged:,} of {len(relations):,} relations are hedged" in card(corpus)


def test_authored_card_tells_the_counts() -> None:
    for split in SPLITS:
        documents = _authored(split)
        assert counts_row(split, documents) in card("cto_authored")
        relations = [r for d in documents for r in d.relations]
        hedged = sum(r.speculative for r in relations)
        assert f"{hedged} of {len(relations):,} in {split}" in card("cto_authored")


def test_authored_card_tells_how_dense_both_corpora_are() -> None:
    def density(documents: Sequence[Document] | Sequence[StandoffRecord]) -> tuple[float, float]:
        cytokines = sum(m.type == "CYTOKINE" for d in documents for m in d.mentions)
        relations = sum(len(d.relations) for d in documents)
        return cytokines / len(documents), relations / len(documents)

    authored = density([d for split in SPLITS for d in _authored(split)])
    standoff = density([r for split in SPLITS for r in _standoff(split)])
    said = (
        f"{authored[0]:.1f} cytokine mentions and {authored[1]:.1f} relations an abstract, "
        f"against {standoff[0]:.1f} and {standoff[1]:.1f} in `cto_standoff`"
    )
    assert said in " ".join(card("cto_authored").split())


def test_standoff_card_tells_the_counts() -> None:
    for split in SPLITS:
        assert counts_row(split, _standoff(split)) in card("cto_standoff")
    records = [r for split in SPLITS for r in _standoff(split)]
    untitled = sum(not r.title for r in records)
    assert f"{untitled} abstracts were annotated without their title" in card("cto_standoff")
    delivered = sum(r.type == "DELIVERED_BY" for record in records for r in record.relations)
    assert f"DELIVERED_BY is rare ({delivered} relations)" in card("cto_standoff")


def test_standoff_card_tells_how_much_of_a_text_the_surfaces_are() -> None:
    shares = []
    for record in (r for split in SPLITS for r in _standoff(split)):
        covered = {i for m in record.mentions for i in range(m.start, m.end)}
        shares.append(len(covered) / record.length)
    mean, most = sum(shares) / len(shares), max(shares)
    assert f"cover {mean:.0%} of".replace("%", " %") in card("cto_standoff")
    assert f"{most:.0%} at most".replace("%", " %") in card("cto_standoff")


@pytest.mark.parametrize("split", SPLITS)
def test_standoff_offsets_are_those_of_the_surfaces(split: str) -> None:
    for record in _standoff(split):
        for m in record.mentions:
            assert 0 <= m.start < m.end <= record.length
            assert len(m.text) == m.end - m.start
            assert any(s.start <= m.start and m.end <= s.end for s in record.sentences)


@pytest.mark.parametrize("split", SPLITS)
def test_standoff_lines_hold_no_text_but_the_surfaces(split: str) -> None:
    for line in (CORPORA / "cto_standoff" / f"{split}.jsonl").read_bytes().splitlines():
        data = orjson.loads(line)
        assert data["pmid"]
        check_line(data, surfaces=True)


def test_standoff_splits_share_no_pmid() -> None:
    pmids = [r.pmid for split in SPLITS for r in _standoff(split)]
    assert len(set(pmids)) == len(pmids)


def test_no_mention_ends_with_a_word_that_the_model_trims() -> None:
    files = [_documents(file) for file in WITH_TEXTS]
    documents = [d for found in files for d in found] + [r for s in SPLITS for r in _standoff(s)]
    mentions = [m for d in documents for m in d.mentions]
    assert len(mentions) > 50_000
    assert not [m.text for m in mentions if m.text.lower().split()[-1] in NEVER_LAST]
