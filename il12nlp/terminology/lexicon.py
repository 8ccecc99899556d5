"""The names of one mention type and the concepts that they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from il12nlp.document import Concept
from il12nlp.terminology import tables
from il12nlp.terminology.names import match_key, singular
from il12nlp.terminology.tables import Restriction, Rule
from il12nlp.terminology.terms import Term


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a name may mean.

    One concept without a restriction is an answer. Of several, and under a restriction, the
    abstract must decide.
    """

    concepts: tuple[Concept, ...]
    restriction: Restriction | None = None

    @property
    def certain(self) -> Concept | None:
        """The concept, where the name alone is proof of it."""
        alone = len(self.concepts) == 1 and self.restriction is None
        return self.concepts[0] if alone else None


class Lexicon:
    """Names of one mention type, looked up exactly, then folded."""

    def __init__(
        self,
        concepts: Iterable[Concept],
        names: Iterable[Iterable[str]],
        restrictions: Mapping[str, Restriction],
    ) -> None:
        self._concepts = {c.id: c for c in concepts}
        self._restrictions = dict(restrictions)
        self._ids: dict[str, dict[str, list[str]]] = {}
        for key, name, id_ in names:
            self._ids.setdefault(key, {}).setdefault(id_, []).append(name)

    @classmethod
    def packaged(cls, mention_type: str) -> Lexicon:
        """The lexicon of one mention type that is shipped with il12nlp."""
        return cls(
            tables.read_concepts(mention_type),
            tables.read_names(mention_type),
            tables.read_restrictions(mention_type),
        )

    def add(self, term: Term) -> None:
        """Let a term mean its concept, whatever the name meant before."""
        self._concepts[term.id] = term.concept(self._concepts.get(term.id))
        key = match_key(term.term)
        self._ids[key] = {term.id: [term.term]}
        self._restrictions.pop(key, None)

    def concept(self, id_: str) -> Concept:
        """The concept of an id; raises KeyError for an unknown one."""
        return self._concepts[id_]

    def get(self, id_: str) -> Concept | None:
        """The concept of an id, None for an unknown one."""
        return self._concepts.get(id_)

    def called(self, *endings: str) -> Iterable[Concept]:
        """The concepts whose preferred name ends in one of some words."""
        return (c for c in self._concepts.values() if c.name.endswith(endings))

    def names(self) -> Iterable[tuple[str, Concept]]:
        """All names that mean one concept without doubt, with it; for building an index."""
        for key, ids in self._ids.items():
            if len(ids) == 1 and key not in self._restrictions:
                for id_, names in ids.items():
                    yield names[0], self._concepts[id_]

    def spellings(self) -> Iterable[tuple[str, str]]:
        """The folded names, each with one spelling of it."""
        for key, ids in self._ids.items():
            yield key, next(iter(ids.values()))[0]

    def find(self, name: str) -> Candidates | None:
        """What a name may mean, None where it is unknown.

        A name whose case matters must be spelled as in the tables, but for a plural s and the
        capital of a word that begins a sentence.
        """
        key = match_key(name)
        ids: Mapping[str, list[str]] | None = self._ids.get(key)
        if ids is None:
            other = singular(name)
            return None if other == name else self.find(other)
        restriction = self._restrictions.get(key)
        if restriction is not None and Rule.CASE in restriction.rules:
            spellings = {name, name.removesuffix("s"), _inside_a_sentence(name)}
            ids = {i: names for i, names in ids.items() if not spellings.isdisjoint(names)}
            restriction = _without_case(restriction)
        if len(ids) > 1:
            ids = self._preferred(name, key, ids)
        return Candidates(tuple(self._concepts[i] for i in ids), restriction) if ids else None

    def _preferred(
        self, name: str, key: str, ids: Mapping[str, list[str]]
    ) -> Mapping[str, list[str]]:
        """Those ids that have the name as it is spelled, or as their preferred name."""
        for chosen in (
            [i for i in ids if match_key(self._concepts[i].name) == key],
            [i for i, names in ids.items() if name in names],
        ):
            if len(chosen) == 1:
                return {chosen[0]: ids[chosen[0]]}
        return ids


def _inside_a_sentence(name: str) -> str:
    """A capitalised word as it stands inside a sentence; "ALL" and "IL-2" stay."""
    return name[:1].lower() + name[1:] if name[1:].islower() else name


def _without_case(restriction: Restriction) -> Restriction | None:
    rules = restriction.rules - {Rule.CASE}
    return Restriction(rules, restriction.context) if rules else None
