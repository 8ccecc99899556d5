"""Restoring an annotated document from its stand-off record and a text of the abstract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from il12nlp.document import Document, Passage, Relation, Sentence
from il12nlp.errors import RecordError
from il12nlp.pubmed.anchor import LostMention, anchor
from il12nlp.pubmed.standoff import StandoffRecord, text_digest
from il12nlp.schema import CTO


@dataclass(frozen=True, slots=True)
class Restored:
    """An annotated document and what of its record could not be kept.

    `exact` says that the text is the annotated one, to the last character.
    """

    document: Document
    exact: bool
    lost_mentions: tuple[LostMention, ...] = ()
    lost_relations: tuple[Relation, ...] = ()


def restore(record: StandoffRecord, source: Document) -> Restored:
    """Put a record's annotations on the text of `source`.

    Where the text, or another usual print of it (sections on one line, with or without their
    labels, the title without its period), has the record's SHA-256, the annotations fit as they
    are; otherwise each is anchored anew in the text as the source prints it. A record without a
    title line takes the abstract alone, since the title was not annotated. Raises RecordError
    where the text is not that of the annotated abstract, or is another print of it and the
    record has no surfaces to look for there.
    """
    for print_ in _prints(source, title=record.title):
        if len(print_.text) == record.length and text_digest(print_.text) == record.sha256:
            return Restored(_annotate(record, print_), exact=True)
    if not record.surfaces:
        raise RecordError(
            "the text is not the annotated print, and the record has no surfaces by which its "
            f"mentions could be placed in another; {remedy(record)}",
            record_id=record.id,
        )
    own = source if record.title else _abstract_only(source)
    anchored = anchor(record, own.text)
    if 2 * len(anchored.lost) > len(record.mentions) or not (
        anchored.confirmed or anchored.mentions
    ):
        raise RecordError(
            f"another text than the annotated one: {anchored.confirmed} of "
            f"{len(record.sentences)} sentences recognised and {len(anchored.lost)} of "
            f"{len(record.mentions)} mentions not found",
            record_id=record.id,
        )
    kept = {m.id for m in anchored.mentions}
    relations = tuple(r for r in record.relations if r.head in kept and r.tail in kept)
    document = _annotate(record, own).replace(
        sentences=anchored.sentences, mentions=anchored.mentions, relations=relations
    )
    lost = tuple(r for r in record.relations if r not in relations)
    return Restored(document.check(CTO), False, anchored.lost, lost)


def remedy(record: StandoffRecord) -> str:
    """What to do where a record without surfaces has no text yet."""
    collection = repr(record.source) if record.source else "that it comes from"
    return f"give the files of the collection {collection} with --from"


def _annotate(record: StandoffRecord, source: Document) -> Document:
    text = source.text
    meta = {**source.meta, **({"source": record.source} if record.source else {})}
    return source.replace(
        id=record.id,
        pmid=record.pmid,
        sentences=tuple(Sentence(s.start, s.end) for s in record.sentences),
        mentions=tuple(replace(m, text=text[m.start : m.end]) for m in record.mentions),
        relations=record.relations,
        findings=(),
        study_type=record.study_type,
        meta=meta,
    )


def _prints(source: Document, *, title: bool) -> Iterator[Document]:
    """The document as it is, and as other sources print the same record."""
    yield source
    sections = _sections(source)
    heads = [t for k, _, t in sections if k == "title"][:1] if title else []
    body = [(label, text) for kind, label, text in sections if kind != "title"]
    labelled = [f"{label}: {text}" if label else text for label, text in body]
    for head in (heads[0], heads[0].removesuffix(".")) if heads else (None,):
        for parts in ([text for _, text in body], labelled):
            for separator in (" ", "\n"):
                text = separator.join(parts)
                fresh = Document.from_text(head, text, id=source.id)
                yield source.replace(text=fresh.text, passages=fresh.passages)


def _sections(source: Document) -> list[tuple[str, str | None, str]]:
    """Kind, label and text of every passage; a bare text's first line is its title."""
    if source.passages:
        return [(p.kind, p.label, source.text[p.start : p.end]) for p in source.passages]
    title, newline, abstract = source.text.partition("\n")
    return (
        [("title", None, title), ("abstract", None, abstract)]
        if newline
        else [("abstract", None, source.text)]
    )


def _abstract_only(source: Document) -> Document:
    """The document without its title, in its own print."""
    passages = [p for p in source.passages if p.kind != "title"]
    if not passages:
        if source.passages:
            raise RecordError("the source holds a title only", record_id=source.id)
        return source
    start, end = passages[0].start, passages[-1].end
    moved = tuple(Passage(p.kind, p.start - start, p.end - start, p.label) for p in passages)
    return source.replace(text=source.text[start:end], passages=moved)
