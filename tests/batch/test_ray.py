"""The Ray engine; skipped where Ray is not installed."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from il12nlp.batch import Cluster, Event, Ray, Stop, annotate, annotate_files
from il12nlp.batch.cluster import connect, room
from il12nlp.batch.events import ShardDone
from il12nlp.batch.ray import ATTEMPTS
from il12nlp.batch.work import Made, load_on_threads
from il12nlp.errors import ConfigError, MissingDependencyError, NetworkError, OutputError
from il12nlp.model import hardware
from tests.batch.conftest import lines
from tests.batch.fake_ray import FakeRay
from tests.batch.stub import Stub, contents, start
from tests.doctests import ROOT

# Ray leaves the processes that it starts to be collected.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def dying_stub(deaths: Path, *, wanted: int, after: int) -> Callable[[], Stub]:
    """Makes stubs whose process is killed after so many records, the first `wanted` times."""

    def load() -> Stub:
        stub = Stub()

        def die() -> None:
            if len(stub.seen) == after and len(list(deaths.iterdir())) < wanted:
                (deaths / str(os.getpid())).touch()
                os.kill(os.getpid(), signal.SIGKILL)

        stub._on_record = die
        return stub

    return load


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A cluster of this machine with two workers."""
    ray = pytest.importorskip("ray")
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()
    os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{i}.jsonl" for i in range(4)]
    for i, path in enumerate(paths):
        path.write_bytes(lines(100 * i, 100 * i + 90))
    return paths


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("deaths", [0, 1, 3])
def test_shards_of_a_cluster_are_those_of_one_machine(
    files: list[Path], tmp_path: Path, deaths: int
) -> None:
    died = tmp_path / "died"
    died.mkdir()
    engine = Ray(dying_stub(died, wanted=deaths, after=30), actors=2)
    summary = start(tmp_path / "out", *files, engine=engine)
    alone = start(tmp_path / "alone", *files)
    assert len(list(died.iterdir())) == deaths
    assert (summary.documents, summary.failed) == (alone.documents, alone.failed)
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_input_that_kills_every_actor_is_a_failure_in_the_end(
    files: list[Path], tmp_path: Path
) -> None:
    died = tmp_path / "died"
    died.mkdir()
    engine = Ray(dying_stub(died, wanted=99, after=0), actors=1)
    summary = start(tmp_path / "out", files[0], engine=engine)
    assert len(list(died.iterdir())) == ATTEMPTS
    assert (summary.documents, summary.failed) == (0, 1)


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_run_on_a_cluster_that_is_interrupted_goes_on(files: list[Path], tmp_path: Path) -> None:
    stop = Stop()

    def stop_after_a_shard(event: Event) -> None:
        stop.requested = stop.requested or isinstance(event, ShardDone)

    out = tmp_path / "out"
    engine = Ray(Stub, actors=1)
    first = start(out, *files, engine=engine, observer=stop_after_a_shard, stop=stop)
    assert first.interrupted
    second = start(out, *files, engine=engine)
    assert (second.interrupted, second.kept) == (False, first.shards)
    start(tmp_path / "alone", *files)
    assert contents(out) == contents(tmp_path / "alone")


def test_ray_that_is_not_installed_is_named_and_nothing_written(
    monkeypatch: pytest.MonkeyPatch, files: list[Path], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'il12nlp\[ray\]'"):
        Ray(Stub, actors=1)
    with pytest.raises(MissingDependencyError, match=r"pip install 'il12nlp\[ray\]'"):
        annotate_files([str(files[0])], tmp_path / "out", cluster=Cluster())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("error", [None, Exception("timed out"), ConnectionError("refused")])
def test_connecting_leaves_sigterm_to_the_run_whatever_comes_of_it(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    monkeypatch.setitem(sys.modules, "ray", FakeRay(error=error))
    before = signal.getsignal(signal.SIGTERM)
    if error is None:
        connect("head:6379")
    else:
        with pytest.raises(NetworkError, match=f"head:6379: .*{error}"):
            connect("head:6379")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    ("needed", "fitting"),
    [
        ({"CPU": 1, "GPU": 0}, 6),
        ({"CPU": 2, "GPU": 0}, 2),
        ({"CPU": 0.5, "GPU": 0}, 12),
        ({"CPU": 1, "GPU": 1}, 2),
        ({"CPU": 1, "GPU": 0.6}, 2),
        ({"CPU": 1, "GPU": 0.5}, 3),
        ({"CPU": 4, "GPU": 0}, 0),
    ],
)
def test_room_is_that_of_each_machine(needed: dict[str, float], fitting: int) -> None:
    ray = FakeRay({"CPU": 3.0, "GPU": 2.0}, {"CPU": 3.0, "memory": 9.0}, {})
    assert room(ray, needed) == fitting


def test_actors_without_a_place_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", FakeRay({"CPU": 2.0}))
    assert Ray(Stub)._number == 2
    with pytest.raises(
        ConfigError, match=r"room for 2 actors of 1 processors and 0 GPUs, not for 3"
    ):
        Ray(Stub, actors=3)
    with pytest.raises(ConfigError, match="room for 0 actors"):
        Ray(Stub, num_gpus=1)


def test_device_of_an_actor_is_not_that_of_this_machine() -> None:
    assert Cluster().device("auto") == Cluster().device("cpu") == "cpu"
    assert Cluster(num_gpus=0.5).device("auto") == "cuda"
    with pytest.raises(ConfigError, match="--num-gpus"):
        Cluster().device("cuda")
    with pytest.raises(ConfigError, match="--num-gpus"):
        Cluster(num_gpus=1).device("cpu")


@pytest.mark.parametrize(
    ("cluster", "fast", "precision"),
    [
        (Cluster(), ("float32",), "float32"),
        (Cluster(), ("float32", "bfloat16"), "bfloat16"),
        (Cluster(num_gpus=1), ("float32",), "bfloat16"),
    ],
)
def test_actors_are_given_what_can_be_pickled_and_the_precision_of_their_device(
    monkeypatch: pytest.MonkeyPatch,
    files: list[Path],
    tmp_path: Path,
    cluster: Cluster,
    fast: tuple[str, ...],
    precision: str,
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(hardware, "fast_precisions", lambda: fast)
    monkeypatch.setitem(sys.modules, "ray", FakeRay({"CPU": 2.0, "GPU": 1.0}))
    monkeypatch.setattr(annotate, "run", lambda *_, **options: given.update(options))
    annotate_files([str(files[0])], tmp_path / "out", cluster=cluster)
    assert given["settings"].precision == precision
    load = pickle.loads(pickle.dumps(given["engine"]._load))
    inner = load.args[0] if load.func is load_on_threads else load
    assert inner.keywords["precision"] == precision, "an actor's processor may be another"


def test_pytorch_uses_the_processors_of_an_actor() -> None:
    before = torch.get_num_threads()
    try:
        assert load_on_threads(lambda: SimpleNamespace(n=torch.get_num_threads()), 3).n == 3  # type: ignore
    finally:
        torch.set_num_threads(before)


def test_shards_of_a_stand_in_are_those_of_one_machine(
    monkeypatch: pytest.MonkeyPatch, files: list[Path], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "ray", FakeRay({"CPU": 3.0}))
    start(tmp_path / "out", *files, engine=Ray(Stub))
    start(tmp_path / "alone", *files)
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


def test_actor_tells_the_cause_of_what_it_could_not_write(
    monkeypatch: pytest.MonkeyPatch, files: list[Path], tmp_path: Path
) -> None:
    def refusing(*_: object, **__: object) -> Iterator[Made]:
        try:
            raise OSError(28, "No space left on device")
        except OSError as error:
            raise OutputError(f"out: cannot be written: {error}") from error
        yield

    monkeypatch.setitem(sys.modules, "ray", FakeRay({"CPU": 1.0}))
    monkeypatch.setattr("il12nlp.batch.ray.make_shards", refusing)
    with pytest.raises(OutputError, match="No space left") as caught:
        start(tmp_path / "out", files[0], engine=Ray(Stub))
    assert isinstance(caught.value.__cause__, OSError)


def test_missing_package_is_named_by_an_error_that_another_process_raised() -> None:
    error = MissingDependencyError("openvino", extra="int8", purpose="precision int8")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (MissingDependencyError, str(error))
