"""The README's snippets run as they stand and give what they say."""

from __future__ import annotations

import gzip
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from il12nlp.cli import app
from tests.doctests import ROOT, run_page
from tests.pubmed.ncbi import article, fake_ncbi, file_xml

README = (ROOT / "README.md").read_text(encoding="utf-8")
DEMO = ROOT / "corpora" / "demo"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def pubmed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A local PubMed in the place of NCBI's."""
    with fake_ncbi() as ncbi:
        ncbi.add(range(101, 104))
        ncbi.add_file("baseline/pubmed26n0001.xml.gz", file_xml(article(101, "IL-12 in mice.")))
        monkeypatch.setenv("IL12NLP_EUTILS_URL", ncbi.eutils)
        monkeypatch.setenv("IL12NLP_BASELINE_URL", ncbi.pubmed)
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the repository's corpora and configs, and the inputs that the README names."""
    for name in ("configs", "corpora"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(DEMO / "export.nbib", tmp_path)
    (tmp_path / "pubmed.xml.gz").write_bytes(gzip.compress((DEMO / "efetch.xml").read_bytes()))
    (tmp_path / "pmids.txt").write_text("101\n102\n")
    (tmp_path / "pages").mkdir()
    for page in DEMO.glob("page_*.txt"):
        shutil.copy(page, tmp_path / "pages")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("pubmed")
def test_readme_commands_run(clone: Path) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    commands = [
        shlex.split(line, comments=True)[1:] for line in lines if line.startswith("il12nlp")
    ]
    assert len(commands) >= 6
    for command in commands:
        result = CliRunner().invoke(app, command, catch_exceptions=False)
        assert result.exit_code == 0, f"il12nlp {shlex.join(command)}: {result.output}"
    assert (clone / "annotated.jsonl").stat().st_size > 10_000


def test_readme_shows_every_command() -> None:
    names = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    assert names
    assert [n for n in sorted(names) if f"il12nlp {n} " not in README] == []


def test_readme_make_targets_exist() -> None:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^make (\w+)", "\n".join(blocks("sh")), re.MULTILINE)
    assert {"demo", "test"} <= set(named)
    assert all(re.search(rf"^{name}:", rules, re.MULTILINE) for name in named)


def test_readme_python_gives_what_it_says() -> None:
    assert run_page("README.md") >= 5


def test_readme_demo_is_what_the_demo_shows(tmp_path: Path) -> None:
    out = tmp_path / "annotations.jsonl"
    runner = CliRunner()
    command = ["annotate", str(DEMO), "-o", str(out), "--precision", "float32"]
    assert runner.invoke(app, command).exit_code == 0
    shown = runner.invoke(app, ["show", str(out)]).stdout
    expected = [line.strip() for line in blocks("text")[0].splitlines() if line.strip()]
    assert expected
    # A score's last digit may differ from one processor to the next.
    bare = {re.sub(r"\d\.\d\d", "", line.strip()) for line in shown.splitlines()}
    assert [line for line in expected if re.sub(r"\d\.\d\d", "", line) not in bare] == []


def test_readme_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert len(targets) > 8
    assert [t for t in targets if not (ROOT / t).exists()] == []
