"""What the tests of the baseline share: the names of its files, fetching it, and reading it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.pubmed.baseline import BaselineSummary, baseline_settings, fetch_baseline
from tests.pubmed.ncbi import FakeNcbi

ONE, TWO, THREE = "pubmed26n0001.xml.gz", "pubmed26n0002.xml.gz", "pubmed26n0003.xml.gz"

ALL = {"101": "one", "102": "revised", "202": "two", "301": "new"}
"""What the files hold together, once the updates are applied."""


def run_baseline(ncbi: FakeNcbi, out: Path, **options: object) -> BaselineSummary:
    """Fetch without waiting between attempts."""
    settings = replace(baseline_settings(ncbi.pubmed), attempts=2)
    return fetch_baseline(
        out,
        settings=options.pop("settings", settings),  # type: ignore[arg-type]
        sleep=lambda _: None,
        **options,  # type: ignore[arg-type]
    )


def texts_in(out: Path) -> dict[str, str]:
    """PMID and text of what `annotate` would see of the folder; fails where one comes twice."""
    documents = [r for r in formats.read_many([out]) if isinstance(r, Document)]
    assert len({d.id for d in documents}) == len(documents)
    return {d.id: d.text.strip() for d in documents}
