"""Gold annotations of the types that a model was asked for: others it cannot miss."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence

from il12nlp.document import Document
from il12nlp.errors import InputError
from il12nlp.schema import Schema

logger = logging.getLogger(__name__)


def check_gold(gold: Sequence[Document], *, path: str | None = None) -> None:
    """Raise InputError for gold that no figure can be made of.

    Where an id stands twice, predictions cannot be matched to it; where no document is annotated,
    whatever is found would be wrong.
    """
    twice = [i for i, count in Counter(d.id for d in gold).items() if count > 1]
    if twice:
        raise InputError(f"{twice[0]!r} stands twice; figures need ids that differ", path=path)
    if not any(map(_is_annotated, gold)):
        raise InputError(
            f"none of the {len(gold)} documents has gold annotations; name files that have some",
            path=path,
        )


def within_schema(gold: Sequence[Document], schema: Schema) -> list[Document]:
    """The documents with the mentions, relations and study types of the schema alone.

    A relation goes with its mentions; findings, which rest on them, go in any case. A warning
    names the types that the schema lacks; where gold has no others, an InputError does.
    """
    unknown = Counter(kind for document in gold for kind in _unknown(document, schema))
    found = [_within(document, schema) for document in gold]
    if unknown:
        shown = ", ".join(f"{kind} ({count})" for kind, count in sorted(unknown.items()))
        if not any(map(_is_annotated, found)):
            known = ", ".join(schema.mention_types)
            raise InputError(
                f"the model knows none of the types of gold: {shown}; it knows {known}"
            )
        logger.warning("not counted, as the model does not know these types of gold: %s", shown)
    return found


def _is_annotated(document: Document) -> bool:
    return bool(document.mentions or document.study_type)


def _within(document: Document, schema: Schema) -> Document:
    mentions = tuple(m for m in document.mentions if m.type in schema.mention_types)
    kept = {m.id for m in mentions}
    relations = tuple(
        r
        for r in document.relations
        if r.type in schema.relation_types and r.head in kept and r.tail in kept
    )
    study = document.study_type if document.study_type in schema.study_types else None
    return document.replace(mentions=mentions, relations=relations, findings=(), study_type=study)


def _unknown(document: Document, schema: Schema) -> Iterator[str]:
    yield from (m.type for m in document.mentions if m.type not in schema.mention_types)
    yield from (r.type for r in document.relations if r.type not in schema.relation_types)
    if document.study_type and document.study_type not in schema.study_types:
        yield f"study type {document.study_type}"
