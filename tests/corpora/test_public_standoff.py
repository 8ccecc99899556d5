"""What the card of the annotations of public collections' abstracts promises, proved on the file.

Where the file is not there, its form is proved on invented abstracts.
"""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from il12nlp.pubmed.standoff import STANDOFF_VERSION, read_standoff, write_standoff
from il12nlp.schema import CTO
from tests.corpora.cards import CORPORA, card, counts_row
from tests.pubmed.documents import annotated

NAME = "cto_public_standoff"
TRAIN = CORPORA / NAME / "train.jsonl"
KEYS = {
    "standoff", "pmid", "sha256", "length", "title", "study_type", "source", "sentences",
    "mentions", "relations",
}  # fmt: skip
there = pytest.mark.skipif(not TRAIN.exists(), reason=f"{NAME} has no train.jsonl yet")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if TRAIN.exists():
        return TRAIN
    path = tmp_path_factory.mktemp(NAME) / "train.jsonl"
    named, nameless = annotated("101"), annotated("102").replace(id="invented-1", pmid=None)
    changed = nameless.replace(text=nameless.text[:-1] + "!")
    write_standoff([named, changed], path, surfaces=False)
    return path


@there
def test_public_card_tells_the_counts() -> None:
    records = list(read_standoff(TRAIN))
    row = counts_row("train", records)
    assert row in card(NAME), f"the row of counts is {row}"
    unnamed = sum(r.pmid is None for r in records)
    said = f"{unnamed} abstracts have no PMID"
    assert said in card(NAME), f"the card should say: {said}"
    for source in {r.source for r in records}:
        assert f"`{source}`" in card(NAME), f"the card does not name {source}"


def test_public_lines_hold_no_words_of_the_texts(corpus: Path) -> None:
    for line in corpus.read_bytes().splitlines():
        data = orjson.loads(line)
        assert set(data) == (KEYS if data["pmid"] else KEYS | {"id"})
        assert data["standoff"] == STANDOFF_VERSION
        assert re.fullmatch(r"[1-9]\d{0,8}", data["pmid"] or "1")
        assert re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", data.get("id", "none"))
        assert re.fullmatch(r"[0-9a-f]{64}", data["sha256"])
        assert data["study_type"] in CTO.study_types
        assert re.fullmatch(r"[a-z0-9_-]{1,40}", data["source"])
        for *numbers, digest in data["sentences"]:
            assert all(type(n) is int for n in numbers)
            assert re.fullmatch(r"[0-9a-f]{12}", digest)
        for start, end, kind in data["mentions"]:
            assert 0 <= start < end <= data["length"]
            assert kind in CTO.mention_types
        for label, head, tail, *hedge in data["relations"]:
            assert label in CTO.relation_types
            assert (type(head), type(tail)) == (int, int)
            assert hedge in ([], ["speculative"])


def test_public_mentions_stand_in_sentences(corpus: Path) -> None:
    for record in read_standoff(corpus):
        for m in record.mentions:
            assert any(s.start <= m.start and m.end <= s.end for s in record.sentences)


def test_public_abstracts_stand_once(corpus: Path) -> None:
    records = list(read_standoff(corpus))
    assert len({r.id for r in records}) == len(records)
    assert len({r.sha256 for r in records}) == len(records)


@there
def test_public_abstracts_are_not_those_of_the_other_real_corpus() -> None:
    mine = list(read_standoff(TRAIN))
    for split in ("train", "dev"):
        others = list(read_standoff(CORPORA / "cto_standoff" / f"{split}.jsonl"))
        assert not {r.id for r in mine} & {r.id for r in others}
        assert not {r.sha256 for r in mine} & {r.sha256 for r in others}
