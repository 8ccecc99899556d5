"""The table of formats, and which of them a file is in.

A new format is one file with a `Format` in it and one line here. Modules are imported when
their format is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import PurePath
from typing import BinaryIO

from il12nlp.errors import FormatError
from il12nlp.formats.base import Format, Reader, Sink
from il12nlp.formats.source import COMPRESSIONS, STDIN
from il12nlp.formats.wrong_exports import wrong_export

_FORMATS = {
    "pubmed_xml": "il12nlp.formats.pubmed_xml:FORMAT",
    "token_tags": "il12nlp.formats.token_tags:FORMAT",
    "jsonl": "il12nlp.formats.jsonl:FORMAT",
    "medline": "il12nlp.formats.medline:FORMAT",
    "pubmed_page": "il12nlp.formats.pubmed_page:FORMAT",
    "plain": "il12nlp.formats.plain:FORMAT",
    "csv": "il12nlp.formats.tables:CSV",
    "tsv": "il12nlp.formats.tables:TSV",
    "parquet": "il12nlp.formats.tables:PARQUET",
}
"""Where each format lives. Contents are tried in this order, the surest first."""

_LAST_RESORT = "plain"
"""Anything could be plain text, so only a name or the user can say that it is meant."""

# Possessive, so that a file full of comments is not tried in every way to part them.
_HTML = re.compile(r"(?is)(?:\s|<!--.*?-->|<\?.*?\?>)*+<(?:!doctype\s+)?html\b")


def format_names() -> tuple[str, ...]:
    """Names of all formats, of those that are only written too."""
    return tuple(_FORMATS)


@cache
def get_format(name: str) -> Format:
    """The format of that name; raises FormatError with the list of names for another."""
    try:
        module, attribute = _FORMATS[name].split(":")
    except KeyError:
        raise FormatError(f"unknown format {name!r}; known: {', '.join(format_names())}") from None
    found: Format = getattr(import_module(module), attribute)
    return found


def suffix_of(source: str) -> str:
    """Suffix of a file's name in lower case, without that of a compression; "" where none."""
    path = PurePath(source)
    if path.suffix.lower() in COMPRESSIONS:
        path = path.with_suffix("")
    return path.suffix.lower()


def readable_suffixes() -> frozenset[str]:
    """Suffixes of the formats that are read."""
    return frozenset(suffix for form, _ in _readable() for suffix in form.suffixes)


def reader_for(source: str, head: str, *, name: str | None = None) -> Reader:
    """Reader of a source: of the named format, else by its suffix and content.

    Of the formats that use the suffix, the first whose sniffing recognises the content; where
    none does, the last and most general, whose reader then says what is wrong. With an unknown
    suffix the content alone decides, and must be recognised. No text is plain that is in another
    format, whatever its suffix.
    """
    if name is not None:
        named = get_format(name).read
        if named is None:
            raise FormatError(f"{name} is written, not read; {_list_of_readable()}", path=source)
        return named
    if _HTML.match(head):
        raise FormatError(
            "is an HTML page: open it in a browser and save it as text, or copy the page's text "
            "into a .txt file",
            path=source,
        )
    if (wrong := wrong_export(head)) is not None:
        raise FormatError(wrong, path=source)
    suffix = suffix_of(source)
    by_suffix = [(form, read) for form, read in _readable() if suffix in form.suffixes]
    may_be_plain = source == STDIN or suffix in get_format(_LAST_RESORT).suffixes
    likely = by_suffix if by_suffix and not may_be_plain else _readable(last_resort=may_be_plain)
    for form, read in likely:
        if form.sniff(head):
            return read
    if by_suffix:
        return by_suffix[-1][1]
    if suffix in _written_suffixes():
        problem = f"{suffix} is a table that is written, not read"
        remedy = "give the JSON lines that such a table is made from, or the abstracts themselves"
        raise FormatError(f"{problem}: {remedy}", path=source)
    about = f"unknown suffix {suffix!r}" if suffix else "no suffix"
    raise FormatError(
        f"{about}, and the content is in no format known; name one: {_list_of_readable()}",
        path=source,
    )


def sink_for(path: str, *, name: str | None = None) -> Callable[[BinaryIO], Sink]:
    """What writes to a path: in the named format, else by its suffix."""
    if name is None and path == STDIN:
        name = "jsonl"
    if name is not None:
        named = get_format(name).write
        if named is None:
            raise FormatError(f"{name} is read, not written", path=path)
        return named
    writable = [get_format(known) for known in _FORMATS]
    suffix = suffix_of(path)
    for form in writable:
        if form.write is not None and suffix in form.suffixes:
            return form.write
    known = ", ".join(s for form in writable if form.write is not None for s in form.suffixes)
    raise FormatError(
        f"unknown suffix {suffix!r} of an output; use one of {known}, or name the format", path=path
    )


def _readable(*, last_resort: bool = True) -> Iterator[tuple[Format, Reader]]:
    for name in _FORMATS:
        form = get_format(name)
        if form.read is not None and (last_resort or name != _LAST_RESORT):
            yield form, form.read


def _written_suffixes() -> frozenset[str]:
    """Suffixes of the formats that are written alone."""
    forms = map(get_format, _FORMATS)
    return frozenset(s for form in forms if form.read is None for s in form.suffixes)


def _list_of_readable() -> str:
    return "formats that are read: " + ", ".join(form.name for form, _ in _readable())
