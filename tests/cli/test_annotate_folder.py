from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from il12nlp import batch, formats
from tests.cli.conftest import Run
from tests.cli.test_annotate import LINES
from tests.doctests import ROOT

EVENTS = ["start", "shard", "end"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with a file of two records."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "given.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return folder


def test_folder_holds_what_a_file_would(
    run: Run, corpus: Path, model_folder: Path, tmp_path: Path
) -> None:
    out, single = tmp_path / "out", tmp_path / "single.jsonl"
    result = run("annotate", corpus, "-o", f"{out}/", "-m", model_folder, "--device", "cpu")
    assert result.exit_code == 0
    assert f"{out}/ holds 2 documents" in result.stderr
    run("annotate", corpus, "-o", single, "-m", model_folder, "--device", "cpu")
    assert formats.read_documents([out]) == formats.read_documents([single])


def test_second_run_into_a_folder_that_is_there_goes_on(
    run: Run, corpus: Path, model_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run("annotate", corpus, "-o", f"{out}/", "-m", model_folder, "--shard-size", 1)
    result = run("annotate", corpus, "-o", out, "-m", model_folder, "--shard-size", 1)
    assert "0 documents in 0.0 s" in result.stderr
    assert "2 of 2 shards stood already" in result.stderr


def test_folder_below_its_own_corpus_is_not_read(
    run: Run, corpus: Path, model_folder: Path
) -> None:
    for _ in range(2):
        result = run("annotate", corpus, "-o", f"{corpus}/out/", "-m", model_folder)
        assert "holds 2 documents" in result.stderr


def test_json_logs_are_json_to_the_last_line(
    run: Run, corpus: Path, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "given.jsonl").write_bytes(b'{"id": "1", "text": "IL-2 \xb5g"}\nnot json\n')
    out = tmp_path / "out"
    result = run("annotate", corpus, "-o", f"{out}/", "-m", model_folder, "--json-logs")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert [e["event"] for e in events if e["event"] != "notice"] == EVENTS
    assert any("not valid UTF-8" in e.get("message", "") for e in events)
    assert (events[-1]["documents"], events[-1]["failed"]) == (1, 1)
    assert result.exit_code == 3
    assert logging.getLogger("il12nlp").handlers == []
    logged = [json.loads(line) for line in (out / "runs.log").read_text().splitlines()]
    assert [e["event"] for e in logged] == EVENTS


def test_json_logs_tell_an_error_as_json(run: Run, corpus: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    result = run("annotate", corpus, "-o", f"{tmp_path}/out/", "-m", gone, "--json-logs")
    [event] = [json.loads(line) for line in result.stderr.splitlines()]
    assert event["event"] == "error"
    assert f"{gone}: no such model folder" in event["message"]
    assert result.exit_code == 1


def test_json_logs_tell_an_end_at_once_as_json(
    run: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "annotate_files", interrupted)
    result = run("annotate", corpus, "-o", f"{tmp_path}/out/", "--json-logs")
    [event] = [json.loads(line) for line in result.stderr.splitlines()]
    assert (event["event"], result.exit_code) == ("error", 130)


@pytest.mark.parametrize("options", [[], ["--json-logs"]])
def test_run_whose_standard_error_is_closed_is_not_done(
    corpus: Path, model_folder: Path, tmp_path: Path, options: list[str]
) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "il12nlp", "annotate", str(corpus), "-o", f"{tmp_path}/out/"]
    with open(write, "wb") as closed:
        done = subprocess.run(
            [*command, "-m", str(model_folder), *options], stderr=closed, cwd=ROOT, check=False
        )
    assert done.returncode == 1


def test_full_disk_is_told_with_its_remedy(
    run: Run, corpus: Path, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    result = run("annotate", corpus, "-o", f"{tmp_path}/out/", "-m", model_folder)
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert "the same command goes on from there" in result.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ["-o", "out.jsonl", "--json-logs"],
        ["-o", "out.jsonl", "--retry-failed"],
        ["-o", "out.jsonl", "--shard-size", "9"],
        ["-o", "out/", "--shard-size", "0"],
        ["-o", "out/", "--to", "csv"],
        ["-o", "out.jsonl", "--engine", "ray"],
        ["-o", "out.jsonl", "--processes", "2"],
        ["-o", "out/", "--processes", "0"],
        ["-o", "out/", "--engine", "spark"],
        ["-o", "out/", "--engine", "ray", "--actors", "0"],
    ],
)
def test_options_of_the_other_output_are_wrong_usage(
    run: Run, corpus: Path, wrong: list[str]
) -> None:
    assert run("annotate", corpus, *wrong).exit_code == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, 0),
        ({"failed": 1}, 3),
        ({"documents": 0}, 1),
        ({"documents": 0, "withdrawn": 1}, 0),
        ({"interrupted": True, "failed": 1}, 130),
    ],
)
def test_exit_code_tells_how_the_run_ended(
    run: Run,
    corpus: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    changed: dict[str, Any],
    code: int,
) -> None:
    summary = batch.Summary(
        documents=9, mentions=5, findings=2, failed=0, withdrawn=0, shards=2, kept=1, made=4,
        seconds=2.0, interrupted=False, vanished=(),
    )  # fmt: skip
    monkeypatch.setattr(batch, "annotate_files", lambda *_, **__: replace(summary, **changed))
    result = run("annotate", corpus, "-o", f"{tmp_path}/out/")
    assert result.exit_code == code
    assert "4 documents in 2.0 s (2.0 documents/s), 1 of 2 shards stood already" in result.stderr
    assert ("goes on from here" in result.stderr) == (code == 130)
