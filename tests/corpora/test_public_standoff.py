"""What the card of the annotations of public corpora's abstracts promises, proved on the files."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from il12nlp.pubmed.standoff import StandoffRecord, read_standoff
from tests.corpora.cards import CORPORA, card, check_line, counts_row

NAME = "cto_public_standoff"
PARTS = ("first", "second", "third")


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
        check_line(orjson.loads(line), surfaces=False)


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
