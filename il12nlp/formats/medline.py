"""MEDLINE/NBIB, PubMed's tagged export: "PMID- 123", "TI  - …", continuation lines indented.

The format: https://www.nlm.nih.gov/bsd/mms/medlineelements.html. A value's lines are joined by a
space, as PubMed breaks them at spaces only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from il12nlp.formats.base import MAX_RECORD_BYTES, Failure, Format, Record, vetted
from il12nlp.formats.lines import numbered_lines, too_long
from il12nlp.formats.sections import build_document, split_labelled, unwrapped

_FIELD = re.compile(r"(?=.{4}-(?: |$))([A-Z][A-Z0-9]{1,3}) {0,2}-(.*)", re.DOTALL)
"""A tag takes four columns, so that a text line that begins with "IL-12" is none."""

_RECORD_START = re.compile(r"^PMID-(?: |\r?$)", re.MULTILINE)
_GLUED = re.compile(r"(.*[^\s(\[\ufeff])\ufeff?(PMID- \w[\w-]*)", re.DOTALL)
"""A last line without line end, and the first one of the file that `cat` put behind it."""

_ONCE = frozenset({"OWN", "TI", "AB"})
"""Tags that a record has once."""

_YEAR = re.compile(r"\b(1[5-9]|20)\d\d\b", re.ASCII)
_NO_TITLE = "[Not Available]."


@dataclass(slots=True)
class _Entry:
    """The fields of one record while its lines come in."""

    line: int
    size: int = 0
    fields: dict[str, list[list[str]]] = field(default_factory=dict)
    last: list[str] | None = None
    too_long: bool = False

    def add(self, line: str) -> None:
        self.size += len(line)
        if self.size > MAX_RECORD_BYTES:
            self.fields = {"PMID": self.fields.get("PMID", [])}
            self.too_long = True
            return
        match = _FIELD.fullmatch(line)
        if match:
            self.last = [match[2]]
            self.fields.setdefault(match[1], []).append(self.last)
        elif self.last is not None:
            self.last.append(line)

    def repeated(self, line: str) -> str | None:
        """The tag of a line that cannot be this record's, as it has that tag already."""
        tag = line[:4].rstrip()
        return tag if tag in _ONCE and tag in self.fields and _FIELD.fullmatch(line) else None

    def all(self, tag: str) -> list[str]:
        """Values of a tag in their order."""
        return [unwrapped("\n".join(lines)) for lines in self.fields.get(tag, ())]

    def first(self, *tags: str) -> str:
        """First value that is not empty of the tags, in their order; "" where none is."""
        return next((value for tag in tags for value in self.all(tag) if value), "")


def sniff(head: str) -> bool:
    """Whether a line begins a MEDLINE record."""
    return _RECORD_START.search(head) is not None


def read(stream: BinaryIO, source: str) -> Iterator[Record]:
    """One record for each PMID line; text before the first, or of a second record, is a failure."""
    entry: _Entry | None = None
    stray: Failure | None = None
    for number, line in _lines(stream):
        if line is None:
            yield Failure(source, number, None, too_long())
            continue
        begins = line.startswith("PMID") and _FIELD.fullmatch(line) is not None
        again = None if begins or entry is None else entry.repeated(line)
        if entry is not None and (begins or again):
            yield _record(entry, source)
            if again:
                problem = f"a second {again!r} below 'PMID- {entry.first('PMID')}'"
                remedy = "begin the record that it is of with its own 'PMID- ' line"
                stray = Failure(source, number, None, f"{problem}: {remedy}")
            entry = None
        if begins:
            if stray is not None:
                yield stray
            entry, stray = _Entry(number), None
        if entry is not None:
            entry.add(line)
        elif stray is None and line.strip():
            problem = "text outside a record: a record begins with 'PMID- '"
            stray = Failure(source, number, None, problem)
    if entry is not None:
        yield _record(entry, source)
    elif stray is not None:
        yield stray


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """Numbered lines, those apart that stand on one because a line end is missing."""
    for number, data in numbered_lines(stream):
        line = None if data is None else data.decode("utf-8")
        glued = _GLUED.fullmatch(line) if line and "PMID- " in line else None
        for part in glued.groups() if glued else (line,):
            yield number, part


def _record(entry: _Entry, source: str) -> Record:
    if entry.too_long:
        reason = f"a record of more than {MAX_RECORD_BYTES:,} characters"
        return Failure(source, entry.line, entry.first("PMID"), reason)
    title = entry.first("TI")
    if not title or title == _NO_TITLE:
        title = entry.first("TT", "BTI") or title
    document = build_document(
        title=title,
        sections=split_labelled(entry.first("AB")),
        record_id=entry.first("PMID") or None,
        meta=_meta(entry),
    )
    return vetted(document, source=source, line=entry.line)


def _meta(entry: _Entry) -> dict[str, Any]:
    year = _YEAR.search(entry.first("DP", "DEP"))
    return {
        "journal": entry.first("TA", "JT"),
        "year": int(year.group()) if year else None,
        "languages": entry.all("LA"),
        "publication_types": entry.all("PT"),
        "mesh": [heading for value in entry.all("MH") for heading in _headings(value)],
        "keywords": [value.lstrip("*") for value in entry.all("OT")],
        "doi": _doi(entry),
        "pmcid": entry.first("PMC"),
        "copyright": entry.first("CI"),
        "book": entry.first("BTI"),
        "other_abstracts": entry.all("OABL") or ["und" for _ in entry.all("OAB")],
    }


def _headings(value: str) -> list[str]:
    """Descriptor/qualifier for each of "Interleukin-12/genetics/*therapeutic use"."""
    descriptor, *qualifiers = (part.lstrip("*") for part in value.split("/"))
    return [f"{descriptor}/{q}" for q in qualifiers] or [descriptor]


def _doi(entry: _Entry) -> str:
    for value in (*entry.all("LID"), *entry.all("AID")):
        if value.endswith("[doi]"):
            return value.removesuffix("[doi]").strip()
    return ""


FORMAT = Format(
    name="medline",
    suffixes=(".nbib", ".medline", ".txt", ".text"),
    description="MEDLINE/NBIB, PubMed's tagged export",
    sniff=sniff,
    read=read,
)
