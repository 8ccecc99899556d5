from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from il12nlp.batch import annotate_files, manifest
from il12nlp.batch.events import Event, ShardDone
from il12nlp.errors import InputError, OutputError
from tests.batch.stub import contents, start
from tests.doctests import ROOT


def test_corrupt_shard_is_named_and_nothing_is_touched(corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    start(out, *corpus)
    whole = contents(out)
    shard = sorted((out / "shards").glob("b.*.zst"))[1]
    data = bytearray(shard.read_bytes())
    data[20] ^= 1
    shard.write_bytes(data)
    before = contents(out)
    with pytest.raises(OutputError, match=rf"{shard.name}: is not as it was written.*delete it"):
        start(out, *corpus, model="m1")
    assert contents(out) == before
    shard.unlink()
    start(out, *corpus)
    assert contents(out) == whole


def test_corrupt_failures_of_an_input_that_is_not_given_are_named_at_once(
    corpus: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    start(out, *corpus)
    [listed, *_] = sorted((out / "shards").glob("a.*.failures.jsonl"))
    listed.write_bytes(b"no JSON\n")
    with pytest.raises(OutputError, match=rf"{listed.name}: is not as it was written"):
        start(out, *corpus[1:])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"name": "a web app"}',
        b'{"source": "query", "of": "IL-12", "slices": [], "version": 1}',
        b'{"manifest_version": 99}',
        b'{"manifest_version": 1, "settings": 1, "inputs": [], "shards": []}',
    ],
)
def test_folder_of_something_else_is_refused_and_left_as_it_is(
    corpus: list[Path], tmp_path: Path, content: bytes
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_bytes(content)
    with pytest.raises(OutputError, match=r"manifest\.json: is (no manifest|of something)") as told:
        start(out, *corpus)
    # Another's file is not to be deleted.
    assert ("delete" in str(told.value)) == (b"manifest_version" in content or not content)
    assert [path.name for path in out.iterdir()] == ["manifest.json"]
    assert (out / "manifest.json").read_bytes() == content


def test_journal_line_that_was_cut_off_was_never_said(corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"

    class Killed(BaseException):
        pass

    def kill(event: Event) -> None:
        if isinstance(event, ShardDone) and event.shard.endswith("000003"):
            raise Killed

    with pytest.raises(Killed):
        start(out, *corpus, observer=kill)
    journal = out / ".journal"
    assert len(journal.read_bytes().splitlines()) == 4
    journal.write_bytes(journal.read_bytes()[:-30])
    assert len(manifest.Manifest.read(out).shards) == 3
    start(out, *corpus)
    start(tmp_path / "whole", *corpus)
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize("line", [b'{"shard": ', b"[1]", b"{}", b"\0\0", b'{"shard": {"a": 1}}'])
def test_damaged_journal_is_named_and_may_be_deleted(
    corpus: list[Path], tmp_path: Path, line: bytes
) -> None:
    out = tmp_path / "out"
    start(out, *corpus)
    whole = contents(out)
    (out / ".journal").write_bytes(line + b'\n{"drop": "a"}\n')
    with pytest.raises(OutputError, match=r"\.journal: is damaged .*; delete it"):
        start(out, *corpus)
    (out / ".journal").unlink()
    start(out, *corpus)
    assert contents(out) == whole


def test_place_where_no_folder_can_be_is_an_error(corpus: list[Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="file: no folder can be made here"):
        start(tmp_path / "file", *corpus)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_is_read_only_is_an_error(corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "shards").mkdir(parents=True)
    out.chmod(0o500)
    with pytest.raises(OutputError, match=r"out/\.lock: cannot be written: Permission denied"):
        start(out, *corpus)


@pytest.mark.parametrize("place", ["manifest.json", "b.", "c."])
def test_full_disk_is_an_error_and_the_run_goes_on_later(
    corpus: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    out, replace = tmp_path / "out", os.replace

    def full(source: Path, target: Path) -> None:
        if Path(target).name.startswith(place):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match=rf"{place}.*: cannot be written: .*No space left"):
        start(out, *corpus)
    monkeypatch.undo()
    assert not list(out.rglob("*.part"))
    start(out, *corpus)
    start(tmp_path / "whole", *corpus)
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize(("limit", "place"), [(0, ".lock"), (900, "runs.log"), (1200, ".journal")])
def test_file_that_cannot_grow_is_named(
    corpus: list[Path], tmp_path: Path, limit: int, place: str
) -> None:
    out = tmp_path / "out"
    code = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "from tests.batch.stub import main; main()"
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    if place == "runs.log":
        out.mkdir()
        (out / place).write_text("{}\n" * (limit // 3))
    command = [sys.executable, "-c", code, str(out), *map(str, corpus)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.endswith(f"OutputError: {out / place}: cannot be written: File too large")
    start(out, *corpus)
    start(tmp_path / "whole", *corpus)
    assert contents(out) == contents(tmp_path / "whole")


def test_leftover_of_other_settings_is_told_and_kept(corpus: list[Path], tmp_path: Path) -> None:
    out, told = tmp_path / "out", list[str]()
    start(out, *corpus)
    strange = out / "shards" / "a.0123456789ab.000000.jsonl.zst"
    strange.write_bytes(b"x")
    start(out, *corpus, observer=lambda event: told.append(getattr(event, "message", "")))
    # `convert out/` would read it, and records would come out twice.
    assert any(strange.name in message and "delete them" in message for message in told)
    assert strange.exists()


def test_output_that_holds_all_inputs_is_told(corpus: list[Path]) -> None:
    folder = str(corpus[0].parent)
    with pytest.raises(InputError, match=f"{folder}: all its files lie in {folder}, where results"):
        annotate_files([folder], folder)
    assert len(list(corpus[0].parent.iterdir())) == 3


def test_only_half_written_files_of_runs_are_removed(corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "shards").mkdir(parents=True)
    other = out / ".table.csv.7.part"  # a run into one file, at work beside this one
    ours = [
        out / ".manifest.json.7.part",
        out / ".failures.jsonl.7.part",
        out / "shards" / ".a.0123456789ab.000000.jsonl.zst.7.part",
    ]
    for path in (other, *ours):
        path.touch()
    start(out, *corpus)
    assert list(out.rglob("*.part")) == [other]


def test_load_is_not_called_when_nothing_is_to_be_made(corpus: list[Path], tmp_path: Path) -> None:
    from il12nlp.batch import Local

    def load() -> NoReturn:
        raise AssertionError("loaded")

    start(tmp_path / "out", *corpus)
    assert start(tmp_path / "out", *corpus, engine=Local(load)).kept == 13


class Killed(BaseException):
    pass


def before_any_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    from il12nlp.batch.runner import _Run

    def kill(*_: object) -> NoReturn:
        raise Killed

    monkeypatch.setattr(_Run, "_remove", kill)


def between_the_two_files_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def kill(path: Path, missing_ok: bool = False) -> None:
        if path.parent.name == "shards" and path.name.endswith(".failures.jsonl") and path.exists():
            raise Killed
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", kill)


@pytest.mark.parametrize("killing", [before_any_is_removed, between_the_two_files_of_one])
def test_kill_while_shards_are_replaced_leaves_none_of_the_old(
    killing: Callable[[pytest.MonkeyPatch], None],
    corpus: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    start(out, *corpus)
    killing(monkeypatch)
    with pytest.raises(Killed):
        start(out, *corpus, model="m2")
    monkeypatch.undo()
    start(out, *corpus, model="m2")
    start(tmp_path / "whole", *corpus, model="m2")
    assert contents(out) == contents(tmp_path / "whole")
