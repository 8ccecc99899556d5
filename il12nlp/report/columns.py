"""The columns that a summary may be grouped by, and what a finding has in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from il12nlp.document import Concept, Document, Finding, Mention
from il12nlp.findings.identity import Identities
from il12nlp.text.folding import fold

BY = ("cytokine", "partner_class", "outcome_class")
"""What a row stands for where nobody asks for something else."""

NONE = "none"
"""Partner of a cytokine that was given alone."""

NOT_STATED = "not stated"
"""Cancer or study type that the document does not tell."""

UNCLASSIFIED = "unclassified"
"""Class of what is linked to no concept, or to one without a class."""

_JOINT = " + "
_INTERFERON = "interferon"
"""Class of the cytokines that results often name by their family alone."""


class Interferons:
    """Which interferons a document means, found once, when a finding first has one."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def named(self, cytokines: Sequence[Mention]) -> Sequence[Mention]:
        """The cytokines, an interferon with the concept that the document gives it elsewhere: "the
        interferon" of a result is the "interferon alfa-2a" that was given.
        """
        if not any(m.concept and m.concept.category == _INTERFERON for m in cytokines):
            return cytokines
        return [m.with_concept(self._concepts[m.id]) for m in cytokines]

    @cached_property
    def _concepts(self) -> Mapping[str, Concept | None]:
        mentions = self._document.mentions
        identities = Identities(self._document, ())
        known = {m.concept.id: m.concept for m in mentions if m.concept}
        return {m.id: known.get(identities.of(m), m.concept) for m in mentions}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A finding in one of its cancers."""

    document: Document
    finding: Finding
    cancer: str
    interferons: Interferons

    def mentions(self, ids: Iterable[str]) -> list[Mention]:
        """The document's mentions of these ids."""
        return [self.document.mention_by_id[i] for i in ids]


def occurrences(document: Document, finding: Finding, interferons: Interferons) -> list[Occurrence]:
    """The finding once for each of its cancers, and once where it names none."""
    names = {name_of(document.mention_by_id[i]) for i in finding.cancers}
    return [Occurrence(document, finding, name, interferons) for name in names or [NOT_STATED]]


def name_of(mention: Mention) -> str:
    """Name of the mention's concept, else its text in small letters, Greek ones spelled out."""
    if mention.concept is not None:
        return mention.concept.name
    return " ".join(fold(mention.text).text.lower().split())


def class_of(mention: Mention) -> str:
    """Class of the mention's concept."""
    return (mention.concept.category if mention.concept else None) or UNCLASSIFIED


def study_type_of(document: Document) -> str:
    """The document's study type."""
    return document.study_type or NOT_STATED


def check_columns(names: Sequence[str]) -> tuple[str, ...]:
    """The names, once they are all known, at least one, and none twice; else ValueError."""
    strange = [name for name in names if name not in COLUMNS]
    if strange or not names:
        problem = f"unknown column {strange[0]!r}" if strange else "no column to group by"
        raise ValueError(f"{problem}; known: {', '.join(COLUMNS)}")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"column {twice[0]!r} stands twice")
    return tuple(names)


def _cytokines(of: Occurrence) -> str:
    return _set(map(name_of, of.interferons.named(of.mentions(of.finding.cytokines))))


def _partners(of: Occurrence) -> str:
    return _set(name_of(m) for m in of.mentions(of.finding.therapies))


def _partner_classes(of: Occurrence) -> str:
    return _set(class_of(m) for m in of.mentions(of.finding.therapies))


def _set(values: Iterable[str]) -> str:
    """Several names as one: a combination is a group of its own."""
    return _JOINT.join(sorted(set(values), key=name_order)) or NONE


def name_order(name: str) -> tuple[str, str]:
    """Sort key: the alphabet before the case."""
    return name.casefold(), name


COLUMNS: Mapping[str, Callable[[Occurrence], str]] = {
    "cytokine": _cytokines,
    "partner": _partners,
    "partner_class": _partner_classes,
    "outcome": lambda of: name_of(of.document.mention_by_id[of.finding.outcome]),
    "outcome_class": lambda of: class_of(of.document.mention_by_id[of.finding.outcome]),
    "direction": lambda of: str(of.finding.direction),
    "cancer": lambda of: of.cancer,
    "study_type": lambda of: study_type_of(of.document),
}
"""Columns by name; a finding has one value in each, apart from its cancers."""
