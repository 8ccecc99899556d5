"""Stand-off annotations: everything a corpus says about a text, without the text.

A record names the abstract by its PMID and carries offsets, the mentions' own surfaces, labels and
relations, and checksums by which a text can be proved to be the annotated one: the SHA-256 of
the whole, and for every sentence a short digest of its letters and digits, which stays the same
when whitespace, punctuation, dashes or the spelling of Greek letters changes. Surfaces may be
left out, where not even they can be passed on; such a record fits the annotated print only, and
its abstract needs no PMID, since the SHA-256 finds it in the collection it came from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from il12nlp.document import Document, Mention, Relation, Sentence
from il12nlp.errors import InputError, RecordError, SchemaError
from il12nlp.pubmed.folding import LABEL, fold
from il12nlp.schema import CTO

STANDOFF_VERSION = 1
"""Version of the stand-off form, written into every record."""

_DIGEST_DIGITS = 12
_SHORTEST_CORE = 20


@dataclass(frozen=True, slots=True)
class SentenceSum:
    """A sentence's span, and the digest by which its core is found in another printing.

    The core runs from the first to the last letter or digit, without a section label
    ("RESULTS: ") that opens the sentence, since some sources print labels and others do not;
    `size` counts its letters and digits as folded. A record without surfaces has the span alone,
    since it fits no other printing.
    """

    start: int
    end: int
    core_start: int = 0
    core_end: int = 0
    size: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class StandoffRecord:
    """The annotations of one abstract; mentions are T1, T2, … and relations R1, R2, …

    Offsets are code points into a text of `length` with SHA-256 `sha256` (of its UTF-8 bytes);
    `title` says whether its first line is the title. `id` is the PMID where there is one, and
    mentions have an empty text where surfaces are left out.
    """

    id: str
    pmid: str | None
    sha256: str
    length: int
    title: bool
    study_type: str | None
    source: str | None
    sentences: tuple[SentenceSum, ...]
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]

    @property
    def surfaces(self) -> bool:
        """Whether every mention has its surface, by which another print's place is found."""
        return all(m.text for m in self.mentions)


def text_digest(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def letters_digest(squeezed: str) -> str:
    """Short digest of a run of letters and digits as `fold(…, only_letters=True)` gives them."""
    return hashlib.sha256(squeezed.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_DIGITS]


def from_document(document: Document, *, surfaces: bool = True) -> StandoffRecord:
    """The stand-off form of an annotated document, with its mentions' surfaces or without.

    Raises RecordError for a document without PMID (without surfaces: and without source), or
    whose mentions and relations are not numbered T1, T2, … and R1, R2, … in order, since the
    form leaves the ids out.
    """
    if not _can_be_found(document, surfaces=surfaces):
        wanted = "PMID" if surfaces else "PMID and no source"
        raise RecordError(f"has no {wanted} to be found by", record_id=document.id)
    document.check(CTO)
    _require_numbering(document.id, "T", [m.id for m in document.mentions])
    _require_numbering(document.id, "R", [r.id for r in document.relations])
    return StandoffRecord(
        id=document.pmid or document.id,
        pmid=document.pmid,
        sha256=text_digest(document.text),
        length=len(document.text),
        title="\n" in document.text,
        study_type=document.study_type,
        source=document.meta.get("source"),
        sentences=tuple(
            _sum(document.text, s) if surfaces else SentenceSum(s.start, s.end)
            for s in document.sentences
        ),
        mentions=document.mentions if surfaces else _bare(document.mentions),
        relations=document.relations,
    )


def _can_be_found(document: Document, *, surfaces: bool) -> bool:
    return document.pmid is not None or (not surfaces and bool(document.meta.get("source")))


def _bare(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple(replace(m, text="") for m in mentions)


def _require_numbering(document_id: str, letter: str, ids: list[str]) -> None:
    for number, id in enumerate(ids, start=1):
        if id != f"{letter}{number}":
            raise RecordError(
                f"item {id!r} should be {letter}{number}; number them in order",
                record_id=document_id,
            )


def _sum(text: str, sentence: Sentence) -> SentenceSum:
    whole = text[sentence.start : sentence.end]
    label = LABEL.match(whole)
    core = fold(whole[label.end() :] if label else whole, only_letters=True)
    shift = label.end() if label else 0
    if label and len(core.text) < _SHORTEST_CORE:
        core, shift = fold(whole, only_letters=True), 0
    shift += sentence.start
    first, last = (core.starts[0], core.ends[-1]) if core.text else (0, 0)
    digest = letters_digest(core.text)
    return SentenceSum(
        sentence.start, sentence.end, shift + first, shift + last, len(core.text), digest
    )


def to_json(record: StandoffRecord) -> bytes:
    """One line of a stand-off file, without the line end."""
    index = {m.id: i for i, m in enumerate(record.mentions)}
    return orjson.dumps(
        {
            "standoff": STANDOFF_VERSION,
            **({} if record.pmid else {"id": record.id}),
            "pmid": record.pmid,
            "sha256": record.sha256,
            "length": record.length,
            "title": record.title,
            "study_type": record.study_type,
            "source": record.source,
            "sentences": [
                list(astuple(s)) if s.digest else [s.start, s.end] for s in record.sentences
            ],
            "mentions": [
                [m.start, m.end, m.type, *([m.text] if m.text else [])] for m in record.mentions
            ],
            "relations": [
                [r.type, index[r.head], index[r.tail], *(["speculative"] if r.speculative else [])]
                for r in record.relations
            ],
        }
    )


def from_json(line: bytes) -> StandoffRecord:
    """The record of one line; raises ValueError, KeyError, TypeError or SchemaError."""
    data: dict[str, Any] = orjson.loads(line)
    if data["standoff"] != STANDOFF_VERSION:
        raise ValueError(f"stand-off version {data['standoff']!r}, known is {STANDOFF_VERSION}")
    mentions = tuple(_mention(f"T{i}", *row) for i, row in enumerate(data["mentions"], start=1))
    relations = tuple(
        _relation(f"R{i}", mentions, *row) for i, row in enumerate(data["relations"], start=1)
    )
    for m in mentions:
        CTO.check_mention_type(m.type)
    return StandoffRecord(
        id=data["pmid"] or data["id"],
        pmid=data["pmid"],
        sha256=data["sha256"],
        length=data["length"],
        title=data["title"],
        study_type=data["study_type"],
        source=data["source"],
        sentences=tuple(SentenceSum(*row) for row in data["sentences"]),
        mentions=mentions,
        relations=relations,
    )


def _mention(id: str, start: int, end: int, kind: str, surface: str = "") -> Mention:
    return Mention(id, start, end, kind, surface)


def _relation(
    id: str, mentions: tuple[Mention, ...], kind: str, head: int, tail: int, spec: str = ""
) -> Relation:
    if not (0 <= head < len(mentions) and 0 <= tail < len(mentions)):
        raise ValueError(f"relation {id} links mentions {head} and {tail} of {len(mentions)}")
    CTO.check_relation(kind, mentions[head].type, mentions[tail].type)
    return Relation(id, kind, mentions[head].id, mentions[tail].id, spec == "speculative")


def read_standoff(path: str | Path) -> Iterator[StandoffRecord]:
    """Records of a stand-off file; raises InputError with the line of the first bad one."""
    try:
        with Path(path).open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                yield _parse(line, path, number)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error


def _parse(line: bytes, path: str | Path, number: int) -> StandoffRecord:
    try:
        return from_json(line)
    except KeyError as error:
        reason = f"key {error} is missing"
    except (ValueError, TypeError, SchemaError) as error:
        reason = str(error)
    raise InputError(f"no stand-off record: {reason}", path=path, line=number)


def write_standoff(
    documents: Iterable[Document], path: str | Path, *, surfaces: bool = True
) -> int:
    """Write the documents that can be found again, one a line; returns their number.

    Those have a PMID, by which they are sorted, or, last and without surfaces only, a source.
    """
    records = sorted(
        (
            from_document(d, surfaces=surfaces)
            for d in documents
            if _can_be_found(d, surfaces=surfaces)
        ),
        key=lambda r: (r.pmid is None, int(r.pmid or 0), r.id),
    )
    with Path(path).open("wb") as out:
        out.writelines(to_json(record) + b"\n" for record in records)
    return len(records)
