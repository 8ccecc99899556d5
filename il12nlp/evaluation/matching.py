"""Which predicted mentions and relations match which gold ones.

Mentions are compared as spans with a type, relations as a label between two such spans; ids and
order do not count, and what stands twice counts once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from il12nlp.document import Document, Mention
from il12nlp.schema import Schema


class Span(NamedTuple):
    """A mention without its id: offsets in code points, half-open, and the type."""

    start: int
    end: int
    type: str

    def shared(self, other: Span) -> int:
        """Characters that both cover, whatever their types; 0 or less where there are none."""
        return min(self.end, other.end) - max(self.start, other.start)

    def fits(self, other: Span) -> bool:
        """Whether the spans have one type and overlap."""
        return self.type == other.type and self.shared(other) > 0


class Link(NamedTuple):
    """A relation without ids; an undirected one has the earlier span as head."""

    type: str
    head: Span
    tail: Span


def is_undirected(relation_type: str, schema: Schema) -> bool:
    """Whether head and tail of a relation may be swapped; False for types not in the schema."""
    return relation_type in schema.relation_types and schema.rule(relation_type).undirected


def span_of(mention: Mention) -> Span:
    """The mention's offsets and type."""
    return Span(mention.start, mention.end, mention.type)


def spans(document: Document) -> frozenset[Span]:
    """The document's mentions as spans."""
    return frozenset(span_of(m) for m in document.mentions)


def relation_links(document: Document, schema: Schema) -> list[Link]:
    """The document's relations as links, one for each, in their order."""
    found = []
    for r in document.relations:
        head = span_of(document.mention_by_id[r.head])
        tail = span_of(document.mention_by_id[r.tail])
        if is_undirected(r.type, schema) and head > tail:
            head, tail = tail, head
        found.append(Link(r.type, head, tail))
    return found


def links(document: Document, schema: Schema) -> dict[Link, bool]:
    """The document's relations as a set in their order, each with its speculative flag."""
    flags = (r.speculative for r in document.relations)
    return dict(zip(relation_links(document, schema), flags, strict=True))


def count_overlapping(gold: Collection[Span], predicted: Collection[Span]) -> int:
    """Number of one-to-one matches between overlapping spans, the longest overlap first."""
    gold, predicted = sorted(gold), sorted(predicted)
    pairs = sorted(
        (
            (g.shared(p), i, j)
            for i, g in enumerate(gold)
            for j, p in enumerate(predicted)
            if g.shared(p) > 0
        ),
        reverse=True,
    )
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    for _, i, j in pairs:
        if i not in taken_gold and j not in taken_predicted:
            taken_gold.add(i)
            taken_predicted.add(j)
    return len(taken_gold)


def match_links(
    gold: Collection[Link], predicted: Mapping[Link, bool], schema: Schema
) -> list[tuple[Link, Link]]:
    """Pairs (gold, predicted) of one label whose ends fit; each link is used once.

    Gold links choose in the order of their names and offsets: their own likeness first, then
    the first predicted one that fits.
    """
    free: dict[str, list[Link]] = {}
    for link in predicted:
        free.setdefault(link.type, []).append(link)
    matches = []
    for link in sorted(gold):
        candidates = free.get(link.type, [])
        for candidate in sorted(candidates, key=lambda c: c != link):
            if _ends_fit(link, candidate, schema):
                candidates.remove(candidate)
                matches.append((link, candidate))
                break
    return matches


def _ends_fit(link: Link, other: Link, schema: Schema) -> bool:
    straight = other.head.fits(link.head) and other.tail.fits(link.tail)
    crossed = other.head.fits(link.tail) and other.tail.fits(link.head)
    return straight or (crossed and is_undirected(link.type, schema))
