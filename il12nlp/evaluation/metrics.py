"""Precision, recall and F1 of predicted documents against gold ones, by set operations.

    ner.strict      same start, end and type
    ner.overlap     same type and overlapping spans, one to one
    ner.<TYPE>      strict, one type
    rel.strict      same label, both ends the same strict mentions; an undirected one either way
    rel.overlap     same label, both ends of the right type and overlapping the gold mentions
    rel.<LABEL>     overlap, one label
    effects         per document, the set of (agent name, effect, outcome name), names folded
    combos          per document, the set of combined or delivering name pairs, names folded
    spec.accuracy   the speculative flag, over the relations found under rel.overlap
    study.accuracy  the study type, where gold has one

All are micro-averages over the documents. The schema of the task tells which relations are
undirected; figures of relations that it lacks are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from il12nlp.document import Document
from il12nlp.errors import DocumentError
from il12nlp.evaluation.counts import Counts, Tally, add_tallies
from il12nlp.evaluation.matching import (
    Link,
    Span,
    count_overlapping,
    is_undirected,
    links,
    match_links,
    spans,
)
from il12nlp.schema import CTO, EFFECTS, RelationType, Schema
from il12nlp.text.folding import fold_name

ACCURACIES = ("spec.accuracy", "study.accuracy")
"""Figures that are shares of right labels, every item having exactly one."""

_FACTS: Mapping[str, Collection[str]] = {
    "effects": tuple(EFFECTS),
    "combos": (RelationType.COMBINED_WITH, RelationType.DELIVERED_BY),
}
"""Labels of the relations that each figure of facts is made of."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of every figure, summed over `documents` documents; `scores["ner.strict"].f1`."""

    counts: Tally
    documents: int

    def __getitem__(self, key: str) -> Counts:
        """Counts of one figure; raises KeyError for a figure that neither side has items for."""
        return self.counts[key]

    def value(self, key: str) -> float:
        """The figure as one number: F1, or the accuracy; 0 where there is nothing to count."""
        counts = self.counts.get(key, Counts())
        return counts.precision if key in ACCURACIES else counts.f1

    def to_dict(self) -> dict[str, Any]:
        """Plain data: {"p", "r", "f1", "gold"} by figure, and a number for each accuracy."""
        return {
            key: c.precision
            if key in ACCURACIES
            else {"p": c.precision, "r": c.recall, "f1": c.f1, "gold": c.gold}
            for key, c in self.counts.items()
        }


def score(
    gold: Iterable[Document], predicted: Iterable[Document], *, schema: Schema = CTO
) -> Scores:
    """Scores of predicted documents, matched to the gold ones by id.

    A gold document that `predicted` lacks counts as one without annotations; predicted ones that
    gold lacks do not count. Raises DocumentError where an id stands twice among the predicted, or
    a text is not gold's.
    """
    tallies = tally_documents(gold, predicted, schema=schema)
    return Scores(add_tallies(tallies), len(tallies))


def tally_documents(
    gold: Iterable[Document], predicted: Iterable[Document], *, schema: Schema = CTO
) -> list[Tally]:
    """Counts of each gold document, in gold's order; errors as in `score`."""
    by_id = _by_id(predicted)
    return [tally_document(g, by_id.get(g.id, Document(g.id, g.text)), schema=schema) for g in gold]


def tally_document(gold: Document, predicted: Document, *, schema: Schema = CTO) -> Tally:
    """Counts of one document; raises DocumentError where one of the two contradicts itself."""
    for document in (gold, predicted):
        document.check()
    if gold.text != predicted.text:
        raise DocumentError(
            f"{gold.id}: the predicted document's text differs from the gold one's from "
            f"character {_first_difference(gold.text, predicted.text)} on; "
            f"annotate the gold file's own text"
        )
    tally = _tally_spans(spans(gold), spans(predicted))
    if schema.relations:
        tally |= _tally_relations(gold, predicted, schema)
    if gold.study_type:
        tally["study.accuracy"] = _label(gold.study_type == predicted.study_type)
    return tally


def _tally_spans(gold: frozenset[Span], predicted: frozenset[Span]) -> dict[str, Counts]:
    tally = {"ner.strict": _tally_sets(gold, predicted)}
    for kind in sorted({s.type for s in gold | predicted}):
        wanted = {s for s in gold if s.type == kind}
        found = {s for s in predicted if s.type == kind}
        matched = count_overlapping(wanted, found)
        overlap = Counts.of(matched, gold=len(wanted), predicted=len(found))
        tally["ner.overlap"] = tally.get("ner.overlap", Counts()) + overlap
        tally[f"ner.{kind}"] = _tally_sets(wanted, found)
    return tally


def _tally_relations(gold: Document, predicted: Document, schema: Schema) -> dict[str, Counts]:
    wanted, found = links(gold, schema), links(predicted, schema)
    tally = _tally_links(wanted, found, schema)
    for figure, labels in _FACTS.items():
        if not set(labels).isdisjoint(schema.relation_types):
            names = (_names(gold.text, table, labels, schema) for table in (wanted, found))
            tally[figure] = _tally_sets(*names)
    return tally


def _tally_links(
    gold: Mapping[Link, bool], predicted: Mapping[Link, bool], schema: Schema
) -> dict[str, Counts]:
    matches = match_links(gold, predicted, schema)
    tally = {
        "rel.strict": _tally_sets(gold.keys(), predicted.keys()),
        "rel.overlap": Counts.of(len(matches), gold=len(gold), predicted=len(predicted)),
    }
    wanted, found = Counter(k.type for k in gold), Counter(k.type for k in predicted)
    hits = Counter(g.type for g, _ in matches)
    for kind in sorted(wanted.keys() | found.keys()):
        tally[f"rel.{kind}"] = Counts.of(hits[kind], gold=wanted[kind], predicted=found[kind])
    if matches:
        flags = (_label(gold[g] == predicted[p]) for g, p in matches)
        tally["spec.accuracy"] = sum(flags, Counts())
    return tally


def _names(
    text: str, table: Iterable[Link], labels: Collection[str], schema: Schema
) -> frozenset[tuple[str, str, str]]:
    found = set()
    for label, head, tail in table:
        if label in labels:
            ends = [fold_name(text[s.start : s.end]) for s in (head, tail)]
            first, second = sorted(ends) if is_undirected(label, schema) else ends
            found.add((first, label, second))
    return frozenset(found)


def _tally_sets(gold: Iterable[Any], predicted: Iterable[Any]) -> Counts:
    wanted, found = frozenset(gold), frozenset(predicted)
    return Counts.of(len(wanted & found), gold=len(wanted), predicted=len(found))


def _label(right: bool) -> Counts:
    """Counts of one label out of several: a wrong one is both surplus and missing."""
    return Counts(tp=1) if right else Counts(fp=1, fn=1)


def _by_id(documents: Iterable[Document]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for document in documents:
        if document.id in found:
            raise DocumentError(f"{document.id}: predicted twice; keep one document an id")
        found[document.id] = document
    return found


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
