from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import NoReturn

import pytest

from il12nlp import formats
from il12nlp.batch import Noticed, Stop
from il12nlp.batch.events import Advanced, Event, ShardDone
from il12nlp.document import Document
from il12nlp.errors import InputError
from il12nlp.formats import Failure
from tests.batch.conftest import lines
from tests.batch.stub import READ_AHEAD, Stub, contents, start


def never() -> NoReturn:
    raise AssertionError("nothing was to be annotated")


def notices(events: list[Event]) -> str:
    return "\n".join(e.message for e in events if isinstance(e, Noticed))


def annotated(paths: list[Path]) -> list[Document]:
    records = Stub().annotate_records(formats.read_many(paths))
    return [record for record in records if isinstance(record, Document)]


def test_shards_hold_the_documents_in_their_order(corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = start(out, *corpus)
    assert formats.read_documents([out]) == annotated(corpus)
    assert summary.documents == summary.made == len(annotated(corpus))
    assert (summary.shards, summary.kept, summary.failed) == (7 + 5 + 1, 0, 11)


def test_shard_has_the_asked_number_of_records(corpus: list[Path], tmp_path: Path) -> None:
    start(tmp_path / "out", *corpus, shard_records=50)
    made = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["shards"]
    assert [s["records"] for s in made] == [50, 50, 30, 50, 50, 7]


def test_second_run_does_nothing(corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    start(out, *corpus)
    before = contents(out)
    summary = start(out, *corpus, stub=Stub(on_record=never))
    assert contents(out) == before
    assert (summary.made, summary.kept, summary.documents) == (0, 13, len(annotated(corpus)))


def test_changed_input_is_annotated_anew_and_no_other(corpus: list[Path], tmp_path: Path) -> None:
    out, stub = tmp_path / "out", Stub()
    start(out, *corpus)
    corpus[1].write_bytes(lines(500, 540))
    start(out, *corpus, stub=stub)
    assert stub.seen == [f"d{i}" for i in range(500, 540)]
    start(tmp_path / "fresh", *corpus)
    assert contents(out) == contents(tmp_path / "fresh")


@pytest.mark.parametrize(
    "setting", [{"model": "m2"}, {"terms": "t"}, {"shard_records": 30}, {"source_format": "jsonl"}]
)
def test_changed_settings_and_weights_make_all_anew(
    corpus: list[Path], tmp_path: Path, setting: dict[str, object]
) -> None:
    out, events = tmp_path / "out", list[Event]()
    start(out, *corpus)
    summary = start(out, *corpus, observer=events.append, **setting)
    assert (summary.kept, summary.made) == (0, len(annotated(corpus)))
    assert next(iter(setting)) in notices(events)
    start(tmp_path / "fresh", *corpus, **setting)
    assert contents(out) == contents(tmp_path / "fresh")


def test_files_added_between_runs_are_taken(corpus: list[Path], tmp_path: Path) -> None:
    out, stub = tmp_path / "out", Stub()
    start(out, corpus[0], corpus[2])
    start(out, *corpus, stub=stub)
    assert stub.seen == [r.id for r in formats.read(corpus[1]) if isinstance(r, Document)]
    start(tmp_path / "fresh", *corpus)
    assert contents(out) == contents(tmp_path / "fresh")


def test_shards_of_vanished_inputs_stay_and_are_told(corpus: list[Path], tmp_path: Path) -> None:
    out, events = tmp_path / "out", list[Event]()
    start(out, *corpus)
    before = contents(out)
    summary = start(out, *corpus[1:], observer=events.append)
    assert summary.vanished == (str(corpus[0]),)
    assert str(corpus[0]) in notices(events)
    assert contents(out) == before
    assert summary.documents == len(annotated(corpus[1:]))


def test_corpus_may_move(corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    start(out, *corpus)
    moved = tmp_path / "moved"
    corpus[0].parent.rename(moved)
    paths = [moved / path.name for path in corpus]
    start(out, *paths, stub=Stub(on_record=never))
    failures = [json.loads(line) for line in (out / "failures.jsonl").read_text().splitlines()]
    assert {f["source"] for f in failures} == {str(path) for path in paths[:2]}


def test_input_that_stands_twice_is_taken_once(corpus: list[Path], tmp_path: Path) -> None:
    again, events = tmp_path / corpus[1].name, list[Event]()
    again.write_bytes(corpus[1].read_bytes())
    start(tmp_path / "out", *corpus, again, observer=events.append)
    assert formats.read_documents([tmp_path / "out"]) == annotated(corpus)
    assert f"{again}: left out" in notices(events)


def test_files_of_one_name_keep_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "x" / "a.jsonl", tmp_path / "y" / "a.jsonl"]
    for i, path in enumerate(paths):
        path.parent.mkdir()
        path.write_bytes(lines(10 * i + 10, 10 * i + 15))
    start(tmp_path / "out", *paths)
    found = {d.id for d in formats.read_documents([tmp_path / "out"])}
    assert found == {d.id for d in annotated(paths)}


def test_files_of_one_relative_path_keep_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / "x" / "a.jsonl", tmp_path / "y" / "a.jsonl"]
    for i, path in enumerate(paths):
        path.parent.mkdir()
        path.write_bytes(lines(10 * i + 10, 10 * i + 15))
        monkeypatch.chdir(path.parent)
        start(tmp_path / "out", Path(path.name))
    found = {d.id for d in formats.read_documents([tmp_path / "out"])}
    assert found == {d.id for d in annotated(paths)}


def test_changed_input_is_known_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x" / "a.jsonl"
    path.parent.mkdir()
    for i, given in enumerate(("a.jsonl", "../x/a.jsonl")):
        path.write_bytes(lines(10 * i + 10, 10 * i + 15))
        (tmp_path / "y").mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / "xy"[i])
        start(tmp_path / "out", Path(given))
    assert formats.read_documents([tmp_path / "out"]) == annotated([path])


def test_shards_of_a_hidden_input_are_read_like_others(tmp_path: Path) -> None:
    path = tmp_path / ".notes.jsonl"
    path.write_bytes(lines(0, 5))
    start(tmp_path / "out", path)
    assert formats.read_documents([tmp_path / "out"]) == annotated([path])


def test_shard_that_is_gone_is_made_again_alone(corpus: list[Path], tmp_path: Path) -> None:
    out, stub, events = tmp_path / "out", Stub(), list[Event]()
    start(out, *corpus)
    before = contents(out)
    sorted((out / "shards").glob("a.*.jsonl.zst"))[2].unlink()
    start(out, *corpus, stub=stub, observer=events.append)
    assert contents(out) == before
    assert stub.seen == [f"d{i}" for i in range(40, 60) if i % 41 != 7]
    assert "1 shards are gone" in notices(events)


def test_failures_are_listed_and_retried_on_demand(corpus: list[Path], tmp_path: Path) -> None:
    path, out, stub = tmp_path / "odd.jsonl", tmp_path / "out", Stub(mended=True)
    texts = ["odd" if i == 25 else "IL-2 rose" for i in range(60)]
    path.write_text(
        "".join(json.dumps({"id": str(i), "text": t}) + "\n" for i, t in enumerate(texts))
    )
    assert start(out, path).failed == 1
    [failure] = map(json.loads, (out / "failures.jsonl").read_text().splitlines())
    assert (failure["source"], failure["id"], failure["withdrawn"]) == (str(path), "25", False)
    assert start(out, path, stub=Stub(on_record=never)).failed == 1
    summary = start(out, path, stub=stub, retry_failed=True)
    assert stub.seen == [str(i) for i in range(20, 40)]
    assert (summary.failed, summary.documents) == (0, 60)
    assert not (out / "failures.jsonl").exists()
    assert [d.id for d in formats.read_documents([out])] == [str(i) for i in range(60)]


def test_withdrawn_records_are_no_failures(tmp_path: Path) -> None:
    path, out = tmp_path / "a.xml", tmp_path / "out"
    path.write_text(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>"
        "IL-2 rose</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        "<DeleteCitation><PMID>7</PMID></DeleteCitation></PubmedArticleSet>"
    )
    summary = start(out, path)
    assert (summary.documents, summary.failed, summary.withdrawn) == (1, 0, 1)
    [line] = (out / "failures.jsonl").read_text().splitlines()
    assert json.loads(line)["withdrawn"]
    start(out, path, stub=Stub(on_record=never), retry_failed=True)


def test_document_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    class Wrong(Stub):
        def _annotated(self, document: Document) -> Document | Failure:
            meta = {"x": object()} if document.id == "d3" else {}
            return document.replace(meta=meta)

    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(0, 6))
    summary = start(tmp_path / "out", path, stub=Wrong())
    assert (summary.documents, summary.failed) == (5, 1)
    assert "cannot be written as JSON" in (tmp_path / "out" / "failures.jsonl").read_text()


def test_stop_ends_after_the_batch_in_hand(corpus: list[Path], tmp_path: Path) -> None:
    stop, out = Stop(), tmp_path / "out"
    stub = Stub()

    def count() -> None:
        stop.requested = len(stub.seen) >= 30

    stub._on_record = count
    summary = start(out, *corpus, stub=stub, stop=stop)
    assert summary.interrupted
    assert summary.shards == 1
    assert len(stub.seen) < 30 + READ_AHEAD
    assert not list(out.rglob("*.part"))
    start(out, *corpus)
    start(tmp_path / "fresh", *corpus)
    assert contents(out) == contents(tmp_path / "fresh")


def test_stop_keeps_a_shard_whose_last_batch_was_in_hand(tmp_path: Path) -> None:
    path, stop = tmp_path / "a.jsonl", Stop()
    path.write_bytes(lines(10, 40))
    stub = Stub()

    def at_the_last() -> None:
        stop.requested = len(stub.seen) >= 19

    stub._on_record = at_the_last
    assert start(tmp_path / "out", path, stub=stub, stop=stop).shards == 1


def test_parquet_shards_hold_the_findings(corpus: list[Path], tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    start(tmp_path / "out", *corpus, target_format="parquet")
    files = sorted((tmp_path / "out" / "shards").glob("*.parquet"))
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    assert [row["document_id"] for row in rows] == [d.id for d in annotated(corpus)]


def test_file_of_no_use_costs_no_other(corpus: list[Path], tmp_path: Path) -> None:
    pdf, torn, gone = (tmp_path / name for name in ("a.txt", "torn.jsonl.gz", "gone.jsonl"))
    pdf.write_bytes(b"%PDF-1.7")
    torn.write_bytes(gzip.compress(lines(300, 320))[:-20])
    summary = start(tmp_path / "out", pdf, torn, gone, *corpus)
    listed = (tmp_path / "out" / "failures.jsonl").read_text()
    for path, word in ((pdf, "a PDF"), (torn, "compressed data"), (gone, "No such file")):
        assert any(str(path) in line and word in line for line in listed.splitlines())
    assert summary.failed == 11 + 3
    again = start(tmp_path / "out", pdf, torn, gone, *corpus, stub=Stub(on_record=never))
    assert again.failed == summary.failed


def test_file_that_cannot_be_read_for_a_while_is_tried_again(
    corpus: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from il12nlp.formats import source

    def refused(path: str, *_: object) -> object:
        raise OSError(5, "Input/output error", path)

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(source, "open", refused, raising=False)
        assert start(out, *corpus).failed == 3
    assert (out / "failures.jsonl").read_text().count("Input/output error") == 3
    start(out, *corpus)
    start(tmp_path / "whole", *corpus)
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize("name", ["-", "gone.jsonl", "."])
def test_run_without_an_input_that_can_be_read_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        start(tmp_path / "out", Path(name) if name == "-" else tmp_path / name)


def test_input_that_changes_while_it_is_read_is_not_taken_for_what_it_was(
    corpus: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def change(event: Event) -> None:
        if isinstance(event, ShardDone) and event.shard.startswith("b."):
            corpus[1].write_bytes(corpus[1].read_bytes() + b"{}\n")

    summary = start(out, *corpus, observer=change)
    made = [path.name.split(".")[0] for path in (out / "shards").glob("*.zst")]
    assert (made.count("a"), made.count("b"), made.count("c")) == (7, 1, 1)
    assert "changed while it was read" in (out / "failures.jsonl").read_text()
    assert summary.failed
    start(out, *corpus)
    start(tmp_path / "fresh", *corpus)
    assert contents(out) == contents(tmp_path / "fresh")


def test_input_that_vanishes_while_it_is_read_costs_no_other(
    corpus: list[Path], tmp_path: Path
) -> None:
    def remove(event: Event) -> None:
        if isinstance(event, ShardDone):
            corpus[1].unlink(missing_ok=True)

    out = tmp_path / "out"
    start(out, *corpus, observer=remove)
    assert "b.jsonl" in (out / "failures.jsonl").read_text()
    assert {d.id for d in annotated([corpus[0], corpus[2]])} == {
        d.id for d in formats.read_documents([out])
    }


def test_progress_forgets_what_a_changed_input_took_with_it(
    corpus: list[Path], tmp_path: Path
) -> None:
    path, events = corpus[1], list[Event]()
    stub = Stub(on_record=lambda: os.utime(path) if len(stub.seen) == 30 else None)
    summary = start(tmp_path / "out", path, stub=stub, observer=events.append)
    assert 0 < summary.made < 20
    assert [e.documents for e in events if isinstance(e, Advanced)][-1] == summary.made


def test_other_versions_are_told_and_their_shards_stay(corpus: list[Path], tmp_path: Path) -> None:
    out, events = tmp_path / "out", list[Event]()
    start(out, *corpus, made_by="il12nlp 0.1.0")
    start(out, *corpus, made_by="il12nlp 0.0.1", stub=Stub(on_record=never), observer=events.append)
    assert "13 shards were made by il12nlp 0.1.0 and stay" in notices(events)


def test_growing_index_of_pubmed_leaves_whole_inputs_and_begins_others_again(
    corpus: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from il12nlp.batch import inputs

    out, stop, events, stub = tmp_path / "out", Stop(), list[Event](), Stub()

    def in_the_middle(event: Event) -> None:
        if isinstance(event, ShardDone) and event.shard.startswith("b."):
            stop.requested = True

    monkeypatch.setattr(inputs, "index_state", lambda path: "one file")
    assert start(out, *corpus, stop=stop, observer=in_the_middle).shards == 8
    monkeypatch.setattr(inputs, "index_state", lambda path: "two files")
    summary = start(out, *corpus, stub=stub, observer=events.append)
    assert summary.kept == 7
    assert stub.seen[0] == "d131"
    assert "1 inputs were annotated before PubMed's index grew" in notices(events)
