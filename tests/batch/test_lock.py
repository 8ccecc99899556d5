from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from il12nlp.batch import lock
from il12nlp.batch.lock import locked
from il12nlp.errors import OutputError
from tests.batch.stub import contents, start


def owner(folder: Path, **who: object) -> Path:
    path = folder / ".lock"
    path.write_text(json.dumps({"pid": 7, "host": socket.gethostname(), "started": "x", **who}))
    return path


def test_two_runs_on_one_folder_are_refused(corpus: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    start(out, *corpus)
    before = contents(out)
    with locked(out):
        with pytest.raises(OutputError, match=r"another run is at work here \(pid \d+ on .*"):
            start(out, *corpus, model="m2")
        # The other's name is still in the lock.
        assert json.loads((out / ".lock").read_bytes())["host"] == socket.gethostname()
    assert contents(out) == before


def test_lock_of_a_killed_run_is_taken_over(tmp_path: Path) -> None:
    # Its process may even live: a pid comes again.
    path = owner(tmp_path, pid=1)
    with locked(tmp_path):
        assert json.loads(path.read_bytes())["pid"] != 1
    assert path.read_bytes() == b""


def test_lock_of_another_host_is_believed(tmp_path: Path) -> None:
    path = owner(tmp_path, host="elsewhere")
    before = path.read_bytes()
    with pytest.raises(OutputError, match=r"pid 7 on elsewhere.*delete .*\.lock"), locked(tmp_path):
        pass
    assert path.read_bytes() == before


def test_lock_holds_where_the_system_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "_system_lock", lambda file: None)
    with (
        locked(tmp_path),
        pytest.raises(OutputError, match=r"delete .*\.lock"),
        locked(tmp_path),
    ):
        pass
    with locked(tmp_path):
        pass


def test_lock_that_holds_no_json_is_of_nobody(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_bytes(b"\x00\xff[")
    with locked(tmp_path):
        pass
