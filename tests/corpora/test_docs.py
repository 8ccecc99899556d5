"""The snippet of docs/corpora.md runs and prints what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_corpora_snippet_prints_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "corpora.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(snippet, "docs/corpora.md", "exec"), {})
    said = re.findall(r"^# (.*)$", snippet, re.MULTILINE)
    assert capsys.readouterr().out.splitlines() == said


@pytest.mark.parametrize(
    "page",
    [
        "docs/corpora.md",
        "corpora/cto_authored/README.md",
        "corpora/cto_standoff/README.md",
        "corpora/cto_public_standoff/README.md",
        "corpora/cto_raw_standoff/README.md",
        "corpora/cto_invented/README.md",
        "corpora/cto_trials/README.md",
    ],
)
def test_links_lead_to_files(page: str) -> None:
    place = ROOT / page
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", place.read_text(encoding="utf-8"))
    assert not [link for link in links if not (place.parent / link).exists()]
