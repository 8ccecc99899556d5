"""A PubMed page as text: pasted or saved from the browser, or PubMed's "Abstract (text)".

Kept are title and abstract, and in `meta` journal, year, identifiers, keywords, publication types
and MeSH terms; banner, menus, authors, affiliations, similar articles, references and links are
not. A file may hold several pages or records, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from il12nlp.errors import FormatError
from il12nlp.formats import page_layout as layout
from il12nlp.formats.base import Failure, Format, Record, vetted
from il12nlp.formats.page_parts import Part, find_parts
from il12nlp.formats.sections import build_document, label_paragraphs

MAX_PAGE_BYTES = 64 * 1024 * 1024
"""Largest file; PubMed's "Abstract (text)" of 10,000 records, the most it saves, is half of it."""

_PLAIN = "plain text is read with --from plain (format='plain')"


def sniff(head: str) -> bool:
    """Whether text has the form of a page; a citation and a PMID stand in users' own notes too."""
    parts = find_parts(_trimmed(head))
    return any(part.certain and (part.title or part.paragraphs) for part in parts)


def read(stream: BinaryIO, source: str) -> Iterator[Record]:
    """One document for each article of the page."""
    data = stream.read(MAX_PAGE_BYTES + 1)
    if len(data) > MAX_PAGE_BYTES:
        raise FormatError(f"a page of more than {MAX_PAGE_BYTES:,} bytes: split it", path=source)
    found = False
    for part in find_parts(_trimmed(data.decode("utf-8"))):
        found = True
        yield _record(part, source)
    if not found:
        problem = f"no PubMed page: neither 'Abstract' nor a citation in it; {_PLAIN}"
        raise FormatError(problem, path=source)


def _trimmed(text: str) -> list[str]:
    return [line.strip(" \t\r") for line in text.split("\n")]


def _record(part: Part, source: str) -> Record:
    document = build_document(
        title=part.title,
        sections=label_paragraphs(part.paragraphs),
        record_id=_identifier(layout.PMID, part) or None,
        meta=_meta(part),
    )
    if not document.text:
        problem = f"neither title nor abstract where a PubMed page has them; {_PLAIN}"
        return Failure(source, part.line, document.id, problem)
    return vetted(document, source=source, line=part.line)


def _meta(part: Part) -> dict[str, Any]:
    journal = (part.citation["journal"] or "").strip() if part.citation else ""
    journal, types = _without_types(journal or part.journal_line)
    listed = _below("publication type", part.after) or _below("publication types", part.after)
    notice = next((line for line in part.after if layout.COPYRIGHT.match(line)), "")
    return {
        "journal": journal if part.citation else "",
        "year": int(part.citation["year"]) if part.citation else None,
        "publication_types": list(dict.fromkeys([*types, *listed, *_retracted(part.after)])),
        "mesh": [_heading(line) for line in _below("mesh terms", part.after)],
        "keywords": _keywords(part.after),
        "doi": _identifier(layout.DOI, part).rstrip(".,;"),
        "pmcid": _identifier(layout.PMCID, part),
        "copyright": notice,
    }


def _identifier(pattern: re.Pattern[str], part: Part) -> str:
    found = (pattern.search(line) for line in part.own)
    return next((match[1] for match in found if match), "")


def _without_types(journal: str) -> tuple[str, list[str]]:
    """A journal's name without the publication type that the page prints before it."""
    for kind in layout.PUBLICATION_TYPES:
        if journal.startswith(f"{kind} "):
            return journal[len(kind) + 1 :], [kind]
    return journal, []


def _below(heading: str, lines: Sequence[str]) -> list[str]:
    """Entries of the list below a heading, up to the next one."""
    at = next((i for i, line in enumerate(lines) if layout.bare(line) == heading), None)
    if at is None:
        return []
    entries = []
    for line in lines[at + 1 :]:
        if layout.is_heading(line):
            break
        if line and layout.bare(line) not in layout.NOISE:
            entries.append(line.lstrip("•* \t"))
    return entries


def _retracted(lines: Sequence[str]) -> list[str]:
    """PubMed's own type for an article with a notice; the text form has no list of types."""
    return ["Retracted Publication"] if "retraction in" in map(layout.bare, lines) else []


def _heading(term: str) -> str:
    return term.replace("*", "").replace(" / ", "/").strip()


def _keywords(lines: Sequence[str]) -> list[str]:
    at, match = next(
        ((i, m) for i, line in enumerate(lines) if (m := layout.KEYWORDS.match(line))), (0, None)
    )
    if match is None:
        return []
    parts = [match[1]]
    for line in lines[at + 1 :]:
        if not line or layout.is_heading(line) or layout.IDENTIFIER.match(line):
            break
        if layout.COPYRIGHT.match(line):
            break
        parts.append(line)
    words = " ".join(parts).strip().removesuffix(".").split(";")
    return [word.strip() for word in words if word.strip()]


FORMAT = Format(
    name="pubmed_page",
    suffixes=(".txt", ".text"),
    description="a PubMed page pasted or saved as text, or PubMed's 'Abstract (text)'",
    sniff=sniff,
    read=read,
)
