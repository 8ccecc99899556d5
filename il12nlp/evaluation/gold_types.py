"""Gold annotations of the types that a model was asked for: others it cannot miss."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence

from il12nlp.document import Document
from il12nlp.schema import Schema

logger = logging.getLogger(__name__)


def within_schema(gold: Sequence[Document], schema: Schema) -> list[Document]:
    """The documents with the mentions, relations and study types of the schema alone.

    A relation goes with its mentions; findings, which rest on them, go in any case. A warning
    names the types that the schema lacks.
    """
    unknown = Counter(kind for document in gold for kind in _unknown(document, schema))
    if unknown:
        shown = ", ".join(f"{kind} ({count})" for kind, count in sorted(unknown.items()))
        logger.warning("not counted, as the model does not know these types of gold: %s", shown)
    return [_within(document, schema) for document in gold]


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
