from __future__ import annotations

import gzip
from pathlib import Path

from il12nlp.batch import Settings
from il12nlp.batch.inputs import Reading, take
from il12nlp.pubmed.index import Entered, open_index
from tests.batch.conftest import lines

SETTINGS = Settings(model="m")


def test_source_names_its_shards_after_the_file_and_what_they_depend_on(tmp_path: Path) -> None:
    path = tmp_path / "Übersicht (1).v2.jsonl.gz"
    path.write_bytes(gzip.compress(lines(0, 3)))
    [source], _, _ = take([str(path)], SETTINGS)
    assert source.shard(12) == f"_bersicht_1_.{source.key[:12]}.000012"


def test_place_grows_to_the_files_size(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines(0, 40_000)))
    [source], _, _ = take([str(path)], SETTINGS)
    reading = Reading(source, format=None)
    assert reading.place() == 0
    places = [reading.place() for _ in reading.records]
    assert 0 < places[0] < places[20_000] < places[-1] == source.bytes
    assert reading.place() == source.bytes


def test_state_changes_when_pubmeds_index_grows(tmp_path: Path) -> None:
    names = ["pubmed26n0001.xml.gz", "pubmed26n0002.xml.gz"]
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_bytes(gzip.compress(b"<PubmedArticleSet></PubmedArticleSet>"))
    other = tmp_path / "own.jsonl"
    other.write_bytes(lines(0, 3))
    states = []
    for number, path in enumerate(paths, start=1):
        with (
            open_index(tmp_path) as index,
            index.entering(Entered(number, path.name, "md5", 5), path),
        ):
            pass
        first, own = take([str(paths[0]), str(other)], SETTINGS)[0]
        states.append(first.state)
        assert own.state == ""
    assert len({*states, ""}) == 3
