from pathlib import Path

from il12nlp import formats
from tests.doctests import ROOT, run_page

PAGE = Path(ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def test_formats_page_examples_hold() -> None:
    assert run_page("docs/formats.md") > 8


def test_formats_page_names_every_format_and_suffix() -> None:
    for name in formats.format_names():
        assert f"`{name}`" in PAGE
        assert all(f"`{suffix}`" in PAGE for suffix in formats.get_format(name).suffixes)


def test_formats_page_names_every_public_function() -> None:
    for name in ("read", "read_many", "expand_inputs", "open_writer", "finding_rows"):
        assert f"`{name}(" in PAGE
