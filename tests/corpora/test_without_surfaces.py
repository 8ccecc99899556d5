"""What the cards of the annotations without surfaces promise, proved on the files."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from il12nlp.pubmed.standoff import StandoffRecord, read_standoff
from tests.corpora.cards import CORPORA, card, check_line, counts_row

FILES = {
    "cto_public_standoff": ("first", "second", "third", "fourth"),
    "cto_raw_standoff": ("first", "second", "third", "fourth", "fifth"),
}
SPLITS = [(name, split) for name, splits in FILES.items() for split in splits]


def _path(name: str, split: str) -> Path:
    return CORPORA / name / f"{split}.jsonl"


Records = dict[str, dict[str, list[StandoffRecord]]]


@pytest.fixture(scope="module")
def records() -> Records:
    return {
        name: {split: list(read_standoff(_path(name, split))) for split in splits}
        for name, splits in FILES.items()
    }


def _all(records: Records) -> list[StandoffRecord]:
    return [r for splits in records.values() for found in splits.values() for r in found]


@pytest.mark.parametrize("name", FILES)
def test_card_tells_the_counts(records: Records, name: str) -> None:
    for split, found in records[name].items():
        assert counts_row(split, found) in card(name), counts_row(split, found)
    every = [r for found in records[name].values() for r in found]
    said = f"{sum(r.pmid is None for r in every)} abstracts have no PMID"
    assert said in card(name), f"the card should say: {said}"
    for source in {r.source for r in every}:
        assert f"`{source}`" in card(name), f"the card does not name {source}"


@pytest.mark.parametrize(("name", "split"), SPLITS)
def test_lines_hold_no_words_of_the_texts(name: str, split: str) -> None:
    for line in _path(name, split).read_bytes().splitlines():
        check_line(orjson.loads(line), surfaces=False)


def test_mentions_stand_in_sentences(records: Records) -> None:
    for record in _all(records):
        for m in record.mentions:
            assert any(s.start <= m.start and m.end <= s.end for s in record.sentences)


def test_abstracts_stand_once(records: Records) -> None:
    every = _all(records)
    assert len({r.id for r in every}) == len(every)
    assert len({r.sha256 for r in every}) == len(every)


def test_abstracts_are_not_those_of_the_other_real_corpus(records: Records) -> None:
    mine = _all(records)
    for split in ("train", "dev"):
        others = list(read_standoff(CORPORA / "cto_standoff" / f"{split}.jsonl"))
        assert not {r.id for r in mine} & {r.id for r in others}
        assert not {r.sha256 for r in mine} & {r.sha256 for r in others}
