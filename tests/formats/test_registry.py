import sys
from types import ModuleType

import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import FormatError
from il12nlp.formats import Format, registry
from il12nlp.formats.registry import suffix_of


@pytest.mark.parametrize("name", formats.format_names())
def test_format_carries_its_own_name_and_says_what_it_is(name: str) -> None:
    form = formats.get_format(name)
    assert form.name == name
    assert form.description
    assert form.read or form.write
    assert all(s.startswith(".") and s == s.lower() for s in form.suffixes)


@pytest.mark.parametrize(
    ("source", "suffix"),
    [("a.XML.GZ", ".xml"), ("a.b/c", ""), ("a.txt.zst", ".txt"), ("-", ""), (".gz", "")],
)
def test_suffix_is_that_under_the_compression(source: str, suffix: str) -> None:
    assert suffix_of(source) == suffix


def test_new_format_is_one_module_and_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    module = ModuleType("made_up_format")

    def read(stream: object, source: str) -> object:
        yield Document(id="x", text=stream.read().decode()[3:])  # type: ignore[attr-defined]

    module.FORMAT = Format("mine", (".mine",), "made up", lambda head: head.startswith("##"), read)  # type: ignore[attr-defined, arg-type]
    monkeypatch.setitem(sys.modules, "made_up_format", module)
    monkeypatch.setitem(registry._FORMATS, "mine", "made_up_format:FORMAT")
    path = tmp_path / "a.mine"  # type: ignore[operator]
    path.write_text("## IL-12")
    assert [r.id for r in formats.read(path)] == ["x"]
    registry.get_format.cache_clear()


def test_unknown_format_is_an_error_with_the_known_names() -> None:
    with pytest.raises(
        FormatError, match="unknown format 'bioc'; known: pubmed_xml, token_tags, jsonl"
    ):
        formats.get_format("bioc")
