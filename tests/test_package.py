from __future__ import annotations

import os
import subprocess
import sys

import pytest

import il12nlp


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["il12nlp", "il12nlp.cli"])
def test_import_loads_no_heavy_library(module: str) -> None:
    heavy = "torch transformers spacy scispacy sklearn pyarrow datasets pandas lxml numpy"
    code = f"import sys, {module}; print([m for m in {heavy.split()} if m in sys.modules])"
    assert run(code) == "[]"


def test_import_takes_less_than_a_tenth_of_a_second() -> None:
    code = "import time; t = time.process_time(); import il12nlp; print(time.process_time() - t)"
    assert min(float(run(code)) for _ in range(3)) < 0.1


def seconds(*arguments: str) -> float:
    """Processor time, least of several runs, so that what else the machine does counts little."""
    times = []
    for _ in range(9):
        before = os.times()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        after = os.times()
        times.append(
            after.children_user + after.children_system
            - before.children_user - before.children_system
        )  # fmt: skip
    return min(times)


def test_help_answers_within_twice_the_import_of_typer() -> None:
    assert seconds("-m", "il12nlp.cli", "--help") <= 2 * seconds("-c", "import typer")


def test_all_is_sorted_and_resolves() -> None:
    assert il12nlp.__all__ == sorted(il12nlp.__all__)
    assert set(dir(il12nlp)) == set(il12nlp.__all__)
    assert all(getattr(il12nlp, name) for name in il12nlp.__all__)


def test_getattr_names_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'anotate'"):
        il12nlp.anotate  # noqa: B018
