"""The engine of processes; its shards must be those of one process."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from il12nlp.batch import Engine, Event, Local, Processes, Stop, annotate_files
from il12nlp.batch.events import Advanced, ShardDone
from il12nlp.batch.gpus import GPUS, visible_gpus
from il12nlp.batch.inputs import Source
from il12nlp.batch.manifest import Whole
from il12nlp.batch.processes import ATTEMPTS, _Ends
from il12nlp.batch.workers import Task
from il12nlp.errors import ConfigError, InputError, ModelError, WorkerError
from il12nlp.formats import Failure
from tests.batch.conftest import lines
from tests.batch.stub import Stub, contents, start
from tests.doctests import ROOT


class Dying(Stub):
    """A stub whose process is killed after so many records, in the first `wanted` processes."""

    def __init__(self, deaths: Path, *, wanted: int, after: int) -> None:
        def die() -> None:
            if len(self.seen) == after and len(list(deaths.iterdir())) < wanted:
                (deaths / str(os.getpid())).touch()
                os.kill(os.getpid(), signal.SIGKILL)

        super().__init__(on_record=die)


def seeing(folder: Path) -> Stub:
    """A stub that leaves a file named after the GPUs its process sees."""
    (folder / os.environ.get(GPUS, "none")).touch()
    return Stub()


def dying_on(deaths: Path, seen: Path, *, gpu: str) -> Stub:
    """A stub that dies once on one GPU; on others it waits until that has another process."""
    sees = os.environ[GPUS]
    (seen / f"{sees}-{os.getpid()}").touch()
    if sees == gpu:
        return Dying(deaths, wanted=1, after=5)
    return Stub(on_record=lambda: wait_for(lambda: len(list(seen.glob(f"{gpu}-*"))) == 2))


def warning() -> Stub:
    logging.getLogger("il12nlp.formats").warning("mind this")
    return Stub()


class Unfound:
    """Becomes nothing that another process finds."""

    def __reduce__(self) -> tuple[object, ...]:
        return importlib.import_module, ("tests.batch.there_is_none",)

    def __call__(self) -> Stub:
        raise AssertionError


def refusing() -> Stub:
    raise ModelError("holds no model")


def loading() -> Stub:
    time.sleep(3)
    return Stub()


def without_terms() -> Stub:
    raise InputError("names no columns", path="terms.tsv", line=1)


def odd() -> Stub:
    class Local(Exception):
        """Cannot be pickled, as no other process finds it."""

    raise Local("what went wrong")


@pytest.fixture
def deaths(tmp_path: Path) -> Path:
    folder = tmp_path / "deaths"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("number", [1, 2, 5])
def test_shards_are_those_of_one_process(corpus: list[Path], tmp_path: Path, number: int) -> None:
    summary = start(tmp_path / "out", *corpus, engine=Processes(Stub, number=number))
    alone = start(tmp_path / "alone", *corpus)
    assert (summary.documents, summary.failed) == (alone.documents, alone.failed)
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


@pytest.mark.parametrize("records", [0, 20, 59, 60])
def test_one_input_is_split_over_processes(tmp_path: Path, records: int) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(0, records) if records else b"\n")
    start(tmp_path / "out", path, engine=Processes(Stub, number=3))
    start(tmp_path / "alone", path)
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


def test_death_of_a_process_loses_nothing(corpus: list[Path], tmp_path: Path, deaths: Path) -> None:
    load = partial(Dying, deaths, wanted=2, after=30)
    summary = start(tmp_path / "out", *corpus, engine=Processes(load, number=2))
    alone = start(tmp_path / "alone", *corpus)
    assert len(list(deaths.iterdir())) == 2
    assert summary.documents == alone.documents
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


def test_input_that_kills_every_process_is_one_failure_and_the_others_go_on(
    corpus: list[Path], tmp_path: Path, deaths: Path
) -> None:
    small = corpus[2]
    load = partial(Dying, deaths, wanted=2 * ATTEMPTS, after=0)
    summary = start(tmp_path / "out", small, engine=Processes(load, number=2))
    assert (summary.documents, summary.failed) == (0, 1)
    (line,) = (tmp_path / "out" / "failures.jsonl").read_text().splitlines()
    assert f"{ATTEMPTS} processes died over it, the last with status -9" in line
    # The next run finds all of it undone.
    start(tmp_path / "out", small)
    start(tmp_path / "alone", small)
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


def test_run_that_is_interrupted_goes_on(corpus: list[Path], tmp_path: Path) -> None:
    stop = Stop()

    def stop_after_a_shard(event: Event) -> None:
        stop.requested = stop.requested or isinstance(event, ShardDone)

    out, engine = tmp_path / "out", Processes(Stub, number=2)
    first = start(out, *corpus, engine=engine, observer=stop_after_a_shard, stop=stop)
    assert first.interrupted
    second = start(out, *corpus, engine=engine)
    assert (second.interrupted, second.kept) == (False, first.shards)
    start(tmp_path / "alone", *corpus)
    assert contents(out) == contents(tmp_path / "alone")


def test_errors_of_a_process_end_the_run(corpus: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model"):
        start(tmp_path / "out", *corpus, engine=Processes(refusing, number=2))
    with pytest.raises(RuntimeError, match="what went wrong"):
        start(tmp_path / "out", *corpus, engine=Processes(odd, number=2))


@pytest.mark.parametrize("engine", [Local, partial(Processes, number=2)])
def test_file_that_is_no_input_is_named_itself(
    corpus: list[Path], tmp_path: Path, engine: Callable[..., Engine]
) -> None:
    with pytest.raises(InputError, match=r"^terms\.tsv:1: names no columns"):
        start(tmp_path / "out", *corpus, engine=engine(without_terms))


def test_each_process_sees_a_gpu_of_its_own(corpus: list[Path], tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    seen.mkdir()
    engine = Processes(partial(seeing, seen), number=2, gpus=["3", "GPU-7"])
    start(tmp_path / "out", *corpus, engine=engine)
    assert {path.name for path in seen.iterdir()} == {"3", "GPU-7"}


def test_the_process_after_a_dead_one_takes_its_gpu(
    corpus: list[Path], tmp_path: Path, deaths: Path
) -> None:
    seen = tmp_path / "seen"
    seen.mkdir()
    load = partial(dying_on, deaths, seen, gpu="7")
    start(tmp_path / "out", *corpus, engine=Processes(load, number=2, gpus=["3", "7"]))
    assert len(list(deaths.iterdir())) == 1
    used = sorted(path.name.partition("-")[0] for path in seen.iterdir())
    assert used == ["3", "7", "7"]


def test_process_that_cannot_start_ends_the_run(corpus: list[Path], tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="before it could begin"):
        start(tmp_path / "out", *corpus, engine=Processes(Unfound(), number=2))
    assert not (tmp_path / "out" / "failures.jsonl").exists()


@pytest.mark.parametrize("number", [0, -1])
def test_no_process_is_too_few(number: int) -> None:
    with pytest.raises(ConfigError, match=f"processes: {number}"):
        Processes(Stub, number=number)


def test_progress_of_one_input_that_processes_share(tmp_path: Path) -> None:
    path, events = tmp_path / "a.jsonl", list[Event]()
    text = "word " * 4000  # far more than what is read ahead
    path.write_text("".join(f'{{"id": "{i}", "text": "{text}"}}\n' for i in range(200)))
    start(tmp_path / "out", path, engine=Processes(Stub, number=2), observer=events.append)
    told = [(e.documents, e.fraction) for e in events if isinstance(e, Advanced)]
    assert told == sorted(told)
    assert told[-1] == (200, 1.0)
    # Ten shards of twenty: the bar moves long before the input is done.
    assert any(0.05 < fraction < 0.8 for _, fraction in told)


def test_loading_counts_for_no_rate(corpus: list[Path], tmp_path: Path) -> None:
    began = time.monotonic()
    summary = start(tmp_path / "out", corpus[2], engine=Processes(loading, number=1))
    assert summary.documents == 7
    assert time.monotonic() - began > 3 > 1 > summary.seconds > 0


def test_warnings_of_processes_are_told_once(
    corpus: list[Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    start(tmp_path / "out", corpus[0], engine=Processes(warning, number=3))
    assert [r.getMessage() for r in caplog.records if r.levelname == "WARNING"] == ["mind this"]


def test_an_input_is_whole_when_all_its_parts_are() -> None:
    source = Source("a", "d", 1, 1, "key", "")
    one, two = (Task(source, part, 2) for part in (0, 1))
    whole = Whole("key", "a", "d", 1, 9, 2)
    ends = _Ends([one, two])
    assert [ends.told(t, whole) for t in (one, one, two, two)] == [None, None, whole, None]
    failure = Failure("a", None, None, "gone")
    ends = _Ends([one, two])
    assert [ends.told(one, failure), ends.told(two, whole)] == [failure, None]
    assert ends.told(two, failure) is None


def test_gpus_are_those_that_this_process_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GPUS, "2,5")
    assert visible_gpus() == ["2", "5"]
    monkeypatch.setenv(GPUS, "0, 1,-1,4")
    assert visible_gpus() == ["0", "1"]
    monkeypatch.setenv(GPUS, "")
    assert visible_gpus() == []
    monkeypatch.delenv(GPUS)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    assert visible_gpus() == ["0", "1"]


def test_processes_end_with_the_runner(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(0, 40))
    seen = tmp_path / "seen"
    seen.mkdir()
    command = [sys.executable, "-m", "tests.batch.stub_processes", str(tmp_path / "out")]
    with subprocess.Popen([*command, str(path), str(seen)], cwd=ROOT) as runner:
        wait_for(lambda: len(list(seen.iterdir())) == 2)
        runner.kill()
    pids = [int(file.name) for file in seen.iterdir()]
    wait_for(lambda: not any(alive(pid) for pid in pids))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_to_all_processes_while_they_start_ends_the_run_cleanly(
    tmp_path: Path, number: int
) -> None:
    path, seen = tmp_path / "a.jsonl", tmp_path / "seen"
    path.write_bytes(lines(0, 40))
    seen.mkdir()
    command = [sys.executable, "-m", "tests.batch.stub_starting", str(tmp_path / "out")]
    with subprocess.Popen(
        [*command, str(path), str(seen)], cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
    ) as runner:
        wait_for(lambda: len(list(seen.iterdir())) == 2)
        os.killpg(runner.pid, number)  # as a terminal does at Ctrl-C
        _, told = runner.communicate()
    assert (runner.returncode, told) == (0, b"")


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition: object, *, seconds: float = 60) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_processes_and_a_cluster_exclude_each_other(corpus: list[Path], tmp_path: Path) -> None:
    from il12nlp.batch import Cluster

    with pytest.raises(ConfigError, match="a cluster has actors instead"):
        annotate_files([str(corpus[0])], tmp_path / "out", processes=2, cluster=Cluster())
