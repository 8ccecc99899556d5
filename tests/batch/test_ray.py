"""The Ray engine; skipped where Ray is not installed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from il12nlp.batch.ray import ATTEMPTS, Ray
from il12nlp.errors import MissingDependencyError
from tests.batch.conftest import lines
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


def test_ray_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'il12nlp\[ray\]'"):
        Ray(Stub, actors=1)
