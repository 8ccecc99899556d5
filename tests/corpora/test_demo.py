"""The demo corpus: made by its script, honest about itself, and readable."""

from __future__ import annotations

import re

import pytest

from il12nlp import formats
from il12nlp.document import Document
from tests.conftest import ROOT
from tests.scripts import load_script

DEMO = ROOT / "corpora" / "demo"


@pytest.fixture(scope="module")
def authored() -> dict[str, Document]:
    path = ROOT / "corpora" / "cto_authored" / "dev.jsonl"
    found = formats.read(path, format="jsonl")
    return {d.id: d for d in found if isinstance(d, Document)}


@pytest.fixture(scope="module")
def demo() -> list[Document]:
    records = list(formats.read_many([DEMO]))
    assert not [r for r in records if isinstance(r, formats.Failure)]
    return [r for r in records if isinstance(r, Document)]


def _as_read(document: Document) -> str:
    """The text as readers build it: labels of sections go, and each section has its line."""
    title, _, abstract = document.text.partition("\n")
    labels = r"(?:^|(?<=[.)]) )(?:Background|BACKGROUND/AIMS|Introduction|Methods|METHODS|Results"
    labels += r"|RESULTS|Discussion|Conclusions|CONCLUSIONS): "
    return "\n".join([title, *filter(None, re.split(labels, abstract))])


def test_demo_files_are_what_the_script_makes(authored: dict[str, Document]) -> None:
    made = load_script("make_demo").demo_files(authored)
    shipped = {p.name: p.read_text(encoding="utf-8") for p in DEMO.iterdir() if p.suffix != ".md"}
    assert shipped == made


def test_demo_holds_a_dozen_abstracts_of_every_kind(
    demo: list[Document], authored: dict[str, Document]
) -> None:
    assert len(demo) == len({d.id for d in demo}) == 12
    kinds = {authored[d.id].study_type for d in demo}
    assert kinds >= {"animal", "clinical", "in_vitro", "review"}
    assert sum("IL-12" in d.text for d in demo) >= 8


def test_demo_reads_back_to_the_authored_text(
    demo: list[Document], authored: dict[str, Document]
) -> None:
    for document in demo:
        assert document.check().text == _as_read(authored[document.id])


def test_demo_ids_are_no_pmids(demo: list[Document]) -> None:
    for document in demo:
        assert document.pmid is None
        assert not document.id.isdigit()


def test_demo_says_that_it_is_invented(demo: list[Document]) -> None:
    for document in demo:
        assert "Invented abstract" in document.meta["copyright"]
    for path in DEMO.iterdir():
        text = " ".join(path.read_text(encoding="utf-8").split())
        assert "fiction" in text
        assert "nvented" in text


def test_demo_pages_hold_titles_of_other_abstracts_outside_the_text(
    demo: list[Document], authored: dict[str, Document]
) -> None:
    pages = {
        p.stem.removeprefix("page_"): p.read_text(encoding="utf-8") for p in DEMO.glob("*.txt")
    }
    read = {d.id: d for d in demo}
    for id, page in pages.items():
        others = [d.text.split("\n")[0] for d in authored.values() if d.id != id]
        shown = [title for title in others if title in page]
        assert len(shown) == 6
        assert not [title for title in shown if title in read[id].text]
    assert "Review" in read["A9-031"].meta["publication_types"]
