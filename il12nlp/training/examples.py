"""Training examples: documents with gold annotations as rows of a `datasets.Dataset`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from datasets import Dataset

from il12nlp.document import Document
from il12nlp.model.features import Features, Featurizer, Ints, word_range
from il12nlp.model.pairs import Mentions
from il12nlp.model.predict import name_ids
from il12nlp.schema import Schema


def make_dataset(
    documents: Sequence[Document], schema: Schema, featurizer: Featurizer, *, task: str | None
) -> Dataset:
    """One row a document: its `Features`, gold mentions and relations as numbers.

    Mentions of types that the schema lacks are left out, with the relations that name them;
    `left_out` tells which.
    """
    rows = [
        {"task": task or "", **_row(document, features, schema)}
        for document, features in zip(documents, featurizer(documents), strict=True)
        if features.words
    ]
    return Dataset.from_list(rows)


def _row(document: Document, features: Features, schema: Schema) -> dict[str, Any]:
    kinds = {name: i for i, name in enumerate(schema.mention_types)}
    labels = {name: i for i, name in enumerate(schema.relation_types, start=1)}
    found = []
    for m in document.mentions:
        words = word_range(features, m.start, m.end) if m.type in kinds else None
        if words is not None:
            found.append((*words, kinds[m.type], m.id, m.text))
    found.sort(key=lambda m: m[:3])
    place = {m[3]: i for i, m in enumerate(found)}
    relations = [
        (place[r.head], place[r.tail], labels[r.type], int(r.speculative))
        for r in document.relations
        if r.type in labels and r.head in place and r.tail in place
    ]
    study = schema.study_types.index(document.study_type) if (
        document.study_type in schema.study_types
    ) else -100  # fmt: skip
    return {
        "piece_ids": features.piece_ids,
        "piece_words": features.piece_words,
        "word_spans": features.word_spans,
        "word_shapes": features.word_shapes,
        "word_sentences": features.word_sentences,
        "mentions": np.asarray([m[:3] for m in found], dtype=np.int64).reshape(-1, 3),
        "names": name_ids([m[4] for m in found]),
        "relations": np.asarray(relations, dtype=np.int64).reshape(-1, 4),
        "study": study,
    }


def left_out(documents: Sequence[Document], schema: Schema) -> str:
    """What `make_dataset` does not take from documents, in words; "" where it takes all."""
    bare = sum(not d.mentions for d in documents)
    kinds: Counter[str] = Counter()
    links: Counter[str] = Counter()
    for d in documents:
        kinds.update(m.type for m in d.mentions if m.type not in schema.mention_types)
        for r in d.relations:
            head, tail = (d.mention_by_id[end].type for end in (r.head, r.tail))
            # One that stands the wrong way round is learnt the right way.
            if r.type not in (*schema.allowed(head, tail), *schema.allowed(tail, head)):
                links[r.type] += 1
    parts = [f"{bare} documents without mentions, learnt as such"] if bare else []
    for name, counts in (("mentions", kinds), ("relations", links)):
        if counts:
            shown = ", ".join(f"{kind} {count}" for kind, count in counts.most_common(10))
            more = ", …" if len(counts) > 10 else ""
            parts.append(f"{counts.total()} {name} left out that the schema lacks ({shown}{more})")
    return "; ".join(parts)


def features_of(row: Mapping[str, Any]) -> Features:
    """The features that a row holds."""
    return Features(
        piece_ids=_ints(row["piece_ids"]),
        piece_words=_ints(row["piece_words"]),
        word_spans=_ints(row["word_spans"]).reshape(-1, 2),
        word_shapes=_ints(row["word_shapes"]),
        word_sentences=_ints(row["word_sentences"]),
    )


def mentions_of(row: Mapping[str, Any]) -> Mentions:
    """The gold mentions that a row holds."""
    spans = _ints(row["mentions"]).reshape(-1, 3)
    sentences = _ints(row["word_sentences"])[spans[:, 0]]
    return Mentions(spans[:, 0], spans[:, 1], spans[:, 2], sentences, _ints(row["names"]))


def derived_schema(
    name: str,
    documents: Sequence[Document],
    *,
    mention_types: Sequence[str] = (),
    relations: bool = False,
    undirected: Sequence[str] = (),
    least_count: int = 1,
) -> Schema:
    """Schema of what a corpus annotates: types, and the pairs that its relations link.

    Types and relations seen less than `least_count` times are left out.
    """
    kinds = _common((m.type for d in documents for m in d.mentions), least_count)
    kinds = [k for k in kinds if not mention_types or k in mention_types]
    linked: dict[str, set[tuple[str, str]]] = {}
    if relations:
        wanted = set(_common((r.type for d in documents for r in d.relations), least_count))
        for kind, pair in _linked_types(documents):
            if kind in wanted and set(pair) <= set(kinds):
                linked.setdefault(kind, set()).add(pair)
    rules = [
        {"name": kind, "pairs": sorted(pairs), "undirected": kind in undirected}
        for kind, pairs in sorted(linked.items())
    ]
    return Schema.from_dict({"name": name, "mention_types": kinds, "relations": rules})


def _common(names: Iterator[str], least: int) -> list[str]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= least)


def _linked_types(documents: Sequence[Document]) -> Iterator[tuple[str, tuple[str, str]]]:
    for d in documents:
        for r in d.relations:
            yield r.type, (d.mention_by_id[r.head].type, d.mention_by_id[r.tail].type)


def _ints(values: Any) -> Ints:
    return np.asarray(values, dtype=np.int64)
