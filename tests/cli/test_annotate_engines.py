"""`il12nlp annotate` with `--processes` and with `--engine ray`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from il12nlp import batch
from il12nlp.errors import NetworkError
from tests.batch.fake_ray import FakeRay
from tests.batch.stub import contents
from tests.cli.conftest import Run
from tests.cli.test_annotate import LINES


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder with three inputs of two records, named from the working directory."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for i in range(3):
        lines = [json.dumps(line) + "\n" for line in LINES]
        (folder / f"{i}.jsonl").write_text("".join(lines))
    monkeypatch.chdir(tmp_path)
    return folder.name


@pytest.fixture
def one_thread() -> Iterator[None]:
    """PyTorch on one thread, as in an actor of one processor."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def annotated_by_both(
    run: Run, corpus: str, model: Path, *options: object
) -> tuple[dict[str, bytes], ...]:
    """What the folders of a run with the options and of one process hold."""
    common = ("annotate", corpus, "-m", model, "--device", "cpu", "-o")
    result = run(*common, "many/", *options)
    assert result.exit_code == 0
    assert "many/ holds 6 documents" in result.stderr
    assert run(*common, "alone/").exit_code == 0
    return contents(Path("many")), contents(Path("alone"))


RAY = ("--engine", "ray", "--actors", 2)


@pytest.mark.usefixtures("one_thread")
def test_folder_of_processes_is_that_of_one(run: Run, corpus: str, model_folder: Path) -> None:
    many, alone = annotated_by_both(run, corpus, model_folder, "--processes", 2)
    assert many == alone


def test_processes_are_no_actors(run: Run, corpus: str) -> None:
    result = run("annotate", corpus, "-o", "out/", "--engine", "ray", "--processes", 2)
    assert result.exit_code == 2
    assert "--actors" in result.stderr


@pytest.mark.usefixtures("one_thread")
def test_folder_of_a_stand_in_for_ray_is_that_of_one_process(
    run: Run, corpus: str, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", FakeRay({"CPU": 2.0}))
    cluster, alone = annotated_by_both(run, corpus, model_folder, *RAY)
    assert cluster == alone


@pytest.mark.slow
@pytest.mark.usefixtures("one_thread")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_folder_of_ray_is_that_of_one_process(run: Run, corpus: str, model_folder: Path) -> None:
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        cluster, alone = annotated_by_both(run, corpus, model_folder, *RAY)
    finally:
        ray.shutdown()
    assert cluster == alone


def test_options_describe_the_cluster(
    run: Run, corpus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def refused(*_: object, cluster: object, **__: object) -> None:
        given.append(cluster)
        raise NetworkError("head:6379: no Ray cluster")

    monkeypatch.setattr(batch, "annotate_files", refused)
    options = ("--address", "head:6379", "--actors", 8, "--num-cpus", 2, "--num-gpus", 0.5)
    result = run("annotate", corpus, "-o", "out/", "--engine", "ray", *options)
    assert (result.exit_code, result.stderr) == (1, "error: head:6379: no Ray cluster\n")
    run("annotate", corpus, "-o", "out/", "--engine", "ray")
    run("annotate", corpus, "-o", "out/")
    whole = batch.Cluster(address="head:6379", actors=8, num_cpus=2.0, num_gpus=0.5)
    assert given == [whole, batch.Cluster(), None]


@pytest.mark.parametrize(
    "option", [("--address", "auto"), ("--actors", 2), ("--num-cpus", 2), ("--num-gpus", 1)]
)
def test_options_of_a_cluster_need_ray(run: Run, corpus: str, option: tuple[str, object]) -> None:
    result = run("annotate", corpus, "-o", "out/", *option)
    assert result.exit_code == 2
    assert "--engine ray" in result.stderr


def test_ray_that_is_not_installed_is_named_before_anything_is_written(
    run: Run, corpus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = run("annotate", corpus, "-o", "out/", "--engine", "ray")
    assert result.exit_code == 1
    assert "pip install 'il12nlp[ray]'" in result.stderr
    assert not Path("out").exists()
