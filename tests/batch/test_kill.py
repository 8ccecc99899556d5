from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

from tests.batch.conftest import lines
from tests.batch.stub import contents, start
from tests.doctests import ROOT

KILLS, RECORDS = 5, 300


def killed_after(records: int, folder: Path, path: Path) -> bool:
    """Run the stub in a process of its own and kill it after so many records; whether it lived."""
    command = [sys.executable, "-m", "tests.batch.stub", str(folder), str(path)]
    with subprocess.Popen(command, stdout=PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.read(records)
        process.kill()
    return process.returncode == -signal.SIGKILL


def test_run_that_is_killed_and_goes_on_ends_like_an_unbroken_one(tmp_path: Path) -> None:
    path, out = tmp_path / "a.jsonl", tmp_path / "out"
    path.write_bytes(lines(0, RECORDS))
    moments = random.Random(1)
    killed = [killed_after(moments.randint(1, 90), out, path) for _ in range(KILLS)]
    assert any(killed)
    start(out, path)
    start(tmp_path / "whole", path)
    assert contents(out) == contents(tmp_path / "whole")
