from __future__ import annotations

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


def modules_after(code: str) -> set[str]:
    """Top-level modules that are loaded once the code has run."""
    found = "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    whole = f"import sys\ntry:\n    {code}\nfinally:\n    {found}"
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True)
    return set(done.stderr.split())


def test_help_loads_no_library_but_typer() -> None:
    # Loading is what takes the time of --help; counted in modules, a busy machine changes nothing.
    help_page = "sys.argv[1:] = ['--help']; from il12nlp.cli import main; main()"
    more = modules_after(help_page) - modules_after("import typer")
    assert more - set(sys.stdlib_module_names) == {"il12nlp"}


def test_all_is_sorted_and_resolves() -> None:
    assert il12nlp.__all__ == sorted(il12nlp.__all__)
    assert set(dir(il12nlp)) == set(il12nlp.__all__)
    assert all(getattr(il12nlp, name) for name in il12nlp.__all__)


def test_getattr_names_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'anotate'"):
        il12nlp.anotate  # noqa: B018
