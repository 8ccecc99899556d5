"""Relations that say once more, from another mention of the same agent, what is said already.

The guidelines link the closest mention of an agent alone; a model that scores pairs one by one
links "interleukin 2" and "(IL-2)" to the same outcome.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from il12nlp.document import Document, Mention, Relation
from il12nlp.findings.identity import Identities
from il12nlp.schema import RelationType
from il12nlp.text.abbreviations import Abbreviation


def without_repeats(
    document: Document, abbreviations: Iterable[Abbreviation] | None = None
) -> Document:
    """The document with one relation of a type from the mentions of one agent in one sentence.

    Of several to the same mention the one that scores highest stays, of equal ones the first.
    COMBINED_WITH has no direction, so neither of its ends is repeated. `abbreviations` are those
    that the document defines; left out, they are sought.
    """
    if len(document.relations) < 2:
        return document
    identities = Identities(document, abbreviations)

    def facts(relation: Relation) -> list[Hashable]:
        head, tail = (document.mention_by_id[i] for i in (relation.head, relation.tail))
        ends = [(head, tail)]
        if relation.type == RelationType.COMBINED_WITH:
            ends.append((tail, head))
        return [(relation.type, *agent(a), other.id) for a, other in ends]

    def agent(mention: Mention) -> tuple[Hashable, ...]:
        return identities.of(mention), document.sentence_index(mention.start)

    said: set[Hashable] = set()
    kept: set[str] = set()
    for relation in sorted(document.relations, key=lambda r: -r.score):
        told = facts(relation)
        if said.isdisjoint(told):
            said.update(told)
            kept.add(relation.id)
    if len(kept) == len(document.relations):
        return document
    return document.replace(relations=tuple(r for r in document.relations if r.id in kept))
