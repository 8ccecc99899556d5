"""The canonical form of a document: plain data with fixed keys in a fixed order.

`document_to_dict` keeps everything that a document holds, and `document_from_dict` gives it
back. Reading also takes the short forms: {"id", "text"} and {"pmid", "title", "abstract"}.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from il12nlp.document import (
    SCHEMA_VERSION,
    Concept,
    Document,
    Mention,
    Passage,
    Relation,
    Sentence,
)
from il12nlp.errors import RecordError
from il12nlp.formats.base import content_id
from il12nlp.formats.canonical_findings import finding_from_dict, finding_to_dict
from il12nlp.formats.fields import (
    Data,
    FieldError,
    items,
    name,
    offsets,
    optional,
    required,
    score,
    short,
    strings,
)

_Item = TypeVar("_Item", Mention, Relation)


def document_to_dict(document: Document) -> dict[str, Any]:
    """Canonical form of a document, all keys present, as plain data for JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "id": document.id,
        "pmid": document.pmid,
        "text": document.text,
        "passages": [
            {"kind": p.kind, "label": p.label, "start": p.start, "end": p.end}
            for p in document.passages
        ],
        "sentences": [[s.start, s.end] for s in document.sentences],
        "entities": [_mention_to_dict(m) for m in document.mentions],
        "relations": [_relation_to_dict(r) for r in document.relations],
        "findings": [finding_to_dict(f) for f in document.findings],
        "study_type": document.study_type,
        "meta": dict(document.meta),
    }


def _mention_to_dict(mention: Mention) -> dict[str, Any]:
    concept = mention.concept
    return {
        "id": mention.id,
        "start": mention.start,
        "end": mention.end,
        "type": str(mention.type),
        "text": mention.text,
        "score": mention.score,
        "concept": None
        if concept is None
        else {
            "id": concept.id,
            "name": concept.name,
            "category": concept.category,
            "polarity": concept.polarity,
            "parents": list(concept.parents),
            "species": concept.species,
        },
    }


def _relation_to_dict(relation: Relation) -> dict[str, Any]:
    return {
        "id": relation.id,
        "type": str(relation.type),
        "head": relation.head,
        "tail": relation.tail,
        "score": relation.score,
        "speculative": relation.speculative,
    }


_KEYS = frozenset(document_to_dict(Document(id="", text="")))


def document_from_dict(data: Data) -> Document:
    """Document from the canonical form or a short one; unknown top-level keys go into `meta`.

    The id is "id", else "pmid", else made from the text. A mention's id and text and a
    relation's id may be left out. Offsets are not proved here: `Document.check` does that.
    Raises RecordError, which names the key.
    """
    record_id = None
    try:
        record_id = name(data, "id") or name(data, "pmid")
        version = data.get("schema_version", SCHEMA_VERSION)
        if version != SCHEMA_VERSION:
            raise FieldError(f"schema_version {short(version)}; {SCHEMA_VERSION} is what is read")
        # Some exports have an empty "text" where the title and abstract have it.
        split = data.get("text") == "" and (data.get("title") or data.get("abstract"))
        make = _from_title_and_abstract if split or data.get("text") is None else _from_text
        return make(data, record_id)
    except FieldError as error:
        raise RecordError(str(error), record_id=record_id) from None


def _from_text(data: Data, record_id: str | None) -> Document:
    text = required(str, data, "text")
    return Document(
        id=record_id or content_id(text),
        text=text,
        pmid=name(data, "pmid"),
        passages=items(data, "passages", dict, _passage),
        sentences=items(data, "sentences", list, partial(offsets, Sentence)),
        mentions=_numbered("T", items(data, "entities", dict, partial(_mention, text))),
        relations=_numbered("R", items(data, "relations", dict, _relation)),
        findings=items(data, "findings", dict, finding_from_dict),
        study_type=optional(str, data, "study_type"),
        meta=_meta(data, _KEYS),
    )


def _from_title_and_abstract(data: Data, record_id: str | None) -> Document:
    title, abstract = optional(str, data, "title"), optional(str, data, "abstract")
    if title is None and abstract is None:
        raise FieldError(
            f"neither 'text' nor 'title' nor 'abstract'; keys: {short(', '.join(data))}"
        )
    for key in ("passages", "sentences", "entities", "relations", "findings"):
        if data.get(key):
            raise FieldError(f"{key!r} needs 'text', which its offsets are of")
    document = Document.from_text(title, abstract, id="", pmid=name(data, "pmid"))
    return document.replace(
        id=record_id or content_id(document.text),
        study_type=optional(str, data, "study_type"),
        meta=_meta(data, _KEYS | {"title", "abstract"}),
    )


def _meta(data: Data, known: frozenset[str]) -> dict[str, Any]:
    meta = dict(optional(dict, data, "meta") or {})
    for key, value in data.items():
        if key in known:
            continue
        if key in meta and meta[key] != value:
            raise FieldError(f"{key!r} stands twice, in 'meta' too, with different values")
        meta[key] = value
    return meta


def _passage(data: Data) -> Passage:
    return Passage(
        kind=required(str, data, "kind"),
        start=required(int, data, "start"),
        end=required(int, data, "end"),
        label=optional(str, data, "label"),
    )


def _mention(text: str, data: Data) -> Mention:
    concept = optional(dict, data, "concept")
    start, end = required(int, data, "start"), required(int, data, "end")
    surface = optional(str, data, "text")
    return Mention(
        id=optional(str, data, "id") or "",
        start=start,
        end=end,
        type=required(str, data, "type"),
        text=text[max(0, start) : max(0, end)] if surface is None else surface,
        score=score(data),
        concept=None if concept is None else _concept(concept),
    )


def _numbered(prefix: str, made: tuple[_Item, ...]) -> tuple[_Item, ...]:
    """Items without an id get one from their place: T1, T2, …"""
    return tuple(
        item if item.id else replace(item, id=f"{prefix}{number}")
        for number, item in enumerate(made, start=1)
    )


def _concept(data: Data) -> Concept:
    return Concept(
        id=required(str, data, "id"),
        name=required(str, data, "name"),
        category=optional(str, data, "category"),
        polarity=optional(int, data, "polarity") or 0,
        parents=strings(data, "parents"),
        species=optional(str, data, "species"),
    )


def _relation(data: Data) -> Relation:
    return Relation(
        id=optional(str, data, "id") or "",
        type=required(str, data, "type"),
        head=required(str, data, "head"),
        tail=required(str, data, "tail"),
        speculative=optional(bool, data, "speculative") or False,
        score=score(data),
    )
