"""Copies of annotated documents in which names are others of their type.

Who reads that one drug raised survival should learn what such a sentence says, not that drug's
name. In a copy all mentions of a name become the same other name, so that who is who stays.
"""

from __future__ import annotations

import dataclasses
import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from il12nlp.document import Document, Mention
from il12nlp.text.folding import fold_name


def swapped_copies(
    documents: Sequence[Document], types: Sequence[str], *, share: float, seed: int
) -> list[Document]:
    """A copy of each document with a `share` of its names of these types swapped."""
    names, chance = names_by_type(documents, types), random.Random(seed)
    return [
        swapped(d, names, share=share, chance=chance, new_id=f"{d.id}~swapped") for d in documents
    ]


def names_by_type(
    documents: Sequence[Document], types: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """All different names of these types that documents hold, sorted.

    What a list leaves of a name ("-18" of "IL-12 and -18") is none.
    """
    found: dict[str, set[str]] = {kind: set() for kind in types}
    for document in documents:
        for m in document.mentions:
            if m.type in found and m.text[0].isalpha():
                found[m.type].add(m.text)
    return {kind: tuple(sorted(names)) for kind, names in found.items()}


def swapped(
    document: Document,
    names: Mapping[str, Sequence[str]],
    *,
    share: float,
    chance: random.Random,
    new_id: str,
) -> Document:
    """A copy in which a `share` of the names of each type is swapped for others of `names`.

    Mentions that hold or cross another mention keep their own words.
    """
    others: dict[tuple[str, str], str | None] = {}
    chosen: list[tuple[Mention, str]] = []
    for m in _alone(document.mentions):
        if not names.get(m.type):
            continue
        key = (m.type, fold_name(m.text))
        if key not in others:
            swap = chance.random() < share
            others[key] = chance.choice(names[m.type]) if swap else None
        other = others[key]
        if other is not None:
            chosen.append((m, other))
    return _rewritten(document, chosen, new_id)


def _alone(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions, in reading order, that no other lies in or crosses."""
    ordered = sorted(mentions, key=lambda m: (m.start, m.end))
    return [
        m
        for m in ordered
        if all(o is m or o.end <= m.start or o.start >= m.end or _inside(m, o) for o in mentions)
    ]


def _inside(inner: Mention, outer: Mention) -> bool:
    """Whether a mention is a proper part of another."""
    whole = outer.start <= inner.start and inner.end <= outer.end
    return whole and (outer.start, outer.end) != (inner.start, inner.end)


def _rewritten(document: Document, chosen: Sequence[tuple[Mention, str]], new_id: str) -> Document:
    starts = [m.start for m, _ in chosen]
    shifts, parts, at = [0], [], 0
    for m, other in chosen:
        parts += [document.text[at : m.start], other]
        at = m.end
        shifts.append(shifts[-1] + len(other) - (m.end - m.start))
    text = "".join([*parts, document.text[at:]])

    def moved(place: int) -> int:
        # No place lies inside a chosen name: it counts from its end on.
        return place + shifts[bisect_left(starts, place)]

    mentions = []
    for m in document.mentions:
        a, b = moved(m.start), moved(m.end)
        mentions.append(dataclasses.replace(m, start=a, end=b, text=text[a:b]))
    return document.replace(
        id=new_id,
        pmid=None,
        text=text,
        mentions=tuple(mentions),
        sentences=tuple(
            dataclasses.replace(s, start=moved(s.start), end=moved(s.end))
            for s in document.sentences
        ),
        passages=(),
        findings=(),
    )
