"""The snippet of docs/fetch.md runs, and the page says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from il12nlp.pubmed.answers import MOST_FOUND
from il12nlp.pubmed.fetch import SLICE_SIZE
from il12nlp.pubmed.search import MOST_WANTED
from tests.conftest import ROOT
from tests.pubmed.ncbi import FakeNcbi

PAGE = (ROOT / "docs" / "fetch.md").read_text(encoding="utf-8")


def test_fetch_page_snippet_runs(
    ncbi: FakeNcbi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ncbi.add(range(101, 104))
    monkeypatch.setenv("IL12NLP_EUTILS_URL", ncbi.eutils)
    monkeypatch.chdir(tmp_path)
    [snippet] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(snippet, "docs/fetch.md", "exec"), {})
    assert capsys.readouterr().out == "3 3 0 0\n"


def test_fetch_page_names_the_bounds_of_the_code() -> None:
    for number in (MOST_FOUND, MOST_WANTED, SLICE_SIZE):
        assert f"{number:,}" in PAGE
