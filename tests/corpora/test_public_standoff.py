"""What the card of the annotations of public corpora's abstracts promises, proved on the files."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from il12nlp.pubmed.standoff import STANDOFF_VERSION, StandoffRecord, read_standoff
from il12nlp.schema import CTO
from tests.corpora.cards import CORPORA, card, counts_row

NAME = "cto_public_standoff"
PARTS = ("first", "second", "third")
KEYS = {
    "standoff", "pmid", "sha256", "length", "title", "study_type", "source", "sentences",
    "mentions", "relations",
}  # fmt: skip


def _path(part: str) -> Path:
    return CORPORA / NAME / f"{part}.jsonl"


@pytest.fixture(scope="module")
def records() -> dict[str, list[StandoffRecord]]:
    return {part: list(read_standoff(_path(part))) for part in PARTS}


def test_public_card_tells_the_counts(records: dict[str, list[StandoffRecord]]) -> None:
    for part, found in records.items():
        assert counts_row(part, found) in card(NAME), counts_row(part, found)
    every = [r for found in records.values() for r in found]
    said = f"{sum(r.pmid is None for r in every)} abstracts have no PMID"
    assert said in card(NAME), f"the card should say: {said}"
    for source in {r.source for r in every}:
        assert f"`{source}`" in card(NAME), f"the card does not name {source}"


@pytest.mark.parametrize("part", PARTS)
def test_public_lines_hold_no_words_of_the_texts(part: str) -> None:
    for line in _path(part).read_bytes().splitlines():
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


def test_public_mentions_stand_in_sentences(records: dict[str, list[StandoffRecord]]) -> None:
    for record in (r for found in records.values() for r in found):
        for m in record.mentions:
            assert any(s.start <= m.start and m.end <= s.end for s in record.sentences)


def test_public_abstracts_stand_once(records: dict[str, list[StandoffRecord]]) -> None:
    every = [r for found in records.values() for r in found]
    assert len({r.id for r in every}) == len(every)
    assert len({r.sha256 for r in every}) == len(every)


def test_public_abstracts_are_not_those_of_the_other_real_corpus(
    records: dict[str, list[StandoffRecord]],
) -> None:
    mine = [r for found in records.values() for r in found]
    for split in ("train", "dev"):
        others = list(read_standoff(CORPORA / "cto_standoff" / f"{split}.jsonl"))
        assert not {r.id for r in mine} & {r.id for r in others}
        assert not {r.sha256 for r in mine} & {r.sha256 for r in others}
