"""Building a document's text from a title and the sections of an abstract.

The text is the title, a line feed, and the sections joined by line feeds. A section's label
("RESULTS") is no part of the text: it stands in its passage. So one record has the same text,
and the same offsets, from PubMed's XML, its MEDLINE export and its web page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from il12nlp.document import Document, Passage
from il12nlp.formats.base import content_id

_PMID = re.compile(r"[1-9]\d{0,8}", re.ASCII)

_UNLABELLED = frozenset({"UNLABELLED", "UNASSIGNED"})

_EDGE = " \t\r\n"
"""What is cut from the ends of lines, titles and sections; other spaces may be the authors' own."""

_CAPITALS = re.compile(
    r"(?:^|(?<=[.!?:;)\]%\"'] ))(?P<label>[A-Z][A-Z /&,'()’–-]{0,80}[A-Z)]) ?: +(?=\S)"
)
_STEM_WORDS = """
    acquisition aim analys application approach area art assess author availab background case
    clinical collection conclusion consensus content context criteri data description design
    development diagnos direction discussion eligib endpoint ethic evaluat evidence experiment
    expert exposure extraction finding funding future goal highlight hypothes identification
    impact implication importan information intervention interpretation introduction issue key
    level limitation material measure message method model motivation novelty objective
    observation opinion option originality outcome participant patient perspective point
    population practice presentation problem procedure purpose question rationale
    recommendation registration relevan report research result review sample scope search
    selection setting significan source sponsor statement statistic strateg study studies
    subject summary supplement synthesis translational trial validation value
"""
_STEMS = tuple(_STEM_WORDS.split())
_JOINING_WORDS = """
    and or of the for in to this main major primary secondary principal overall other recent
    advances covered known new what is state number type s
"""
_JOINERS = frozenset(_JOINING_WORDS.split())
_MAX_LABEL_WORDS = 8
_HEADING = re.compile(r"(?P<label>[A-Z][^.:;?!]{1,80}?) ?:(?:[ \t]+(?P<rest>.*)|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an abstract, with the label that the source gives it."""

    text: str
    label: str | None = None


def unwrapped(text: str) -> str:
    """Text without its file's layout: line breaks become spaces, the ends are trimmed.

    All else stays: double, thin and non-breaking spaces too.
    """
    if "\n" not in text:
        return text.strip(_EDGE)
    return " ".join(filter(None, (line.strip(_EDGE) for line in text.split("\n"))))


def build_document(
    *,
    title: str,
    sections: Iterable[Section],
    record_id: str | None,
    meta: dict[str, Any],
) -> Document:
    """Document with a passage for the title and one for each section that has text.

    An id that has the form of a PMID (one to nine digits, no leading zero) is one; without an id
    the text gives it. Values of `meta` that say nothing (None, "", []) are left out.
    """
    parts: list[str] = []
    passages: list[Passage] = []
    at = 0
    for kind, part in _parts(title, sections):
        at += 1 if parts else 0
        parts.append(part.text)
        passages.append(Passage(kind, at, at + len(part.text), part.label))
        at += len(part.text)
    text = "\n".join(parts)
    is_pmid = record_id is not None and _PMID.fullmatch(record_id) is not None
    return Document(
        id=record_id or content_id(text),
        text=text,
        pmid=record_id if is_pmid else None,
        passages=tuple(passages),
        meta={key: value for key, value in meta.items() if value not in (None, "", [])},
    )


def _parts(title: str, sections: Iterable[Section]) -> list[tuple[str, Section]]:
    parts = [("title", Section(title))] + [("abstract", section) for section in sections]
    return [(kind, part) for kind, part in parts if part.text]


def clean_label(label: str | None) -> str | None:
    """A section's label; None for the one that PubMed gives to sections without."""
    label = (label or "").strip(_EDGE + ":")
    return None if not label or label.upper() in _UNLABELLED else label


def split_labelled(abstract: str) -> list[Section]:
    """Sections of an abstract in one flow, as MEDLINE writes it: "PURPOSE: … RESULTS: …".

    Labels are words of labels in capitals at the start or after the end of a sentence, and the
    first one begins the abstract; otherwise the abstract is one section, as it is.
    """
    found = [m for m in _CAPITALS.finditer(abstract) if is_label(m["label"])]
    if not found or found[0].start() != 0:
        return [Section(abstract)]
    ends = [m.start() for m in found[1:]] + [len(abstract)]
    return [
        Section(abstract[m.end() : end].strip(_EDGE), clean_label(m["label"]))
        for m, end in zip(found, ends, strict=True)
    ]


def label_paragraphs(paragraphs: Sequence[str]) -> list[Section]:
    """Sections from paragraphs that may begin with a label: "Results: IL-12 …".

    A label is taken where it is made of words that labels are made of, or where all of several
    paragraphs begin like one; a paragraph may also be a flow of several sections.
    """
    found = [_HEADING.fullmatch(paragraph) for paragraph in paragraphs]
    all_labelled = len(found) > 1 and all(m and _is_short(m["label"]) for m in found)
    sections: list[Section] = []
    for paragraph, m in zip(paragraphs, found, strict=True):
        flow = split_labelled(paragraph)
        if len(flow) == 1 and m and (all_labelled or is_label(m["label"])):
            flow = [Section((m["rest"] or "").strip(_EDGE), clean_label(m["label"]))]
        sections += flow
    return sections


def is_label(text: str) -> bool:
    """Whether text is made of nothing but the words of section labels."""
    if text.upper() in _UNLABELLED:
        return True
    if re.search(r"[.;!?:]", text):
        return False
    words = re.findall(r"[^\W\d_]+", text.lower())
    return (
        _is_short(text)
        and any(word.startswith(_STEMS) for word in words)
        and all(word in _JOINERS or word.startswith(_STEMS) for word in words)
    )


def _is_short(text: str) -> bool:
    return len(text.split()) <= _MAX_LABEL_WORDS
