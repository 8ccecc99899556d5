"""Reading one mention's text by itself: exact, folded, by the rules of its type, by likeness."""

from __future__ import annotations

from functools import cached_property, lru_cache, partial
from pathlib import Path

from il12nlp.document import Concept
from il12nlp.schema import MentionType
from il12nlp.terminology import cytokines
from il12nlp.terminology.derived import narrower
from il12nlp.terminology.drugs import DrugNames
from il12nlp.terminology.lexicon import Candidates, Lexicon
from il12nlp.terminology.names import is_damaged, match_key
from il12nlp.terminology.noun_phrases import NounPhraseReader
from il12nlp.terminology.outcomes import OutcomeReader
from il12nlp.terminology.similar import SimilarNames
from il12nlp.terminology.terms import read_terms
from il12nlp.terminology.therapies import TherapyReader

_REMEMBERED = 2**17
"""Surfaces whose reading is kept, some 30 MB; names repeat, so nearly all are found there."""
_PARTS_REMEMBERED = 2**15
"""Parts of surfaces that are kept likewise: "tumor growth" stands in many a longer outcome."""
_TYPES = frozenset(map(str, MentionType))


class SurfaceReader:
    """What texts of each mention type mean, without their document.

    A lexicon is loaded when the first mention of its type is read, and each text is read once.
    """

    def __init__(self, *, terms: str | Path | None = None) -> None:
        self._terms = read_terms(terms) if terms is not None else ()
        self._own = {(term.type, match_key(term.term)) for term in self._terms}
        self._lexicons: dict[str, Lexicon] = {}
        self._phrases: dict[str, NounPhraseReader] = {}
        self._similar: dict[str, SimilarNames] = {}
        self.read = lru_cache(maxsize=_REMEMBERED)(self._read)
        """`read(mention_type, surface)`: what a text may mean, None where nothing is known."""
        self._named = lru_cache(maxsize=_PARTS_REMEMBERED)(self._find_named)
        self._plain_cytokine = lru_cache(maxsize=_PARTS_REMEMBERED)(self._find_plain_cytokine)

    def certain(self, mention_type: str, surface: str) -> Concept | None:
        """The concept that a text means without any context, None where it needs one."""
        found = self.read(mention_type, surface)
        return None if found is None else found.certain

    def is_own(self, mention_type: str, name: str) -> bool:
        """Whether the user's terms say what a name means."""
        return (mention_type, match_key(name)) in self._own

    def entry(self, mention_type: str, id_: str) -> Concept:
        """The concept of an id of the lexicons; raises KeyError for an unknown one."""
        return self.lexicon(mention_type).concept(id_)

    def drug(self, name: str) -> Concept | None:
        """The treatment that MeSH calls by a name, where the name proves it."""
        return self._drugs.find(name)

    @cached_property
    def _drugs(self) -> DrugNames:
        return DrugNames(self.lexicon(MentionType.THERAPY).get)

    def lexicon(self, mention_type: str) -> Lexicon:
        """The lexicon of a mention type with the user's terms, loaded when first asked for."""
        if mention_type not in self._lexicons:
            lexicon = Lexicon.packaged(mention_type)
            for term in self._terms:
                if term.type == mention_type:
                    lexicon.add(term)
            self._lexicons[mention_type] = lexicon
        return self._lexicons[mention_type]

    def _read(self, mention_type: str, surface: str) -> Candidates | None:
        if is_damaged(surface) or mention_type not in _TYPES:
            return None
        found = self.lexicon(mention_type).find(surface)
        if found is not None:
            return found
        if mention_type == MentionType.CYTOKINE:
            return self._read_cytokine(surface)
        if mention_type == MentionType.OUTCOME:
            concept = self._outcomes.read(surface)
        else:
            concept = self._read_noun_phrase(mention_type, surface)
        return None if concept is None else Candidates((concept,))

    def _find_named(self, mention_type: str, name: str) -> Concept | None:
        found = self.lexicon(mention_type).find(name)
        return None if found is None else found.certain

    @cached_property
    def _outcomes(self) -> OutcomeReader:
        return OutcomeReader(
            outcome=partial(self._named, MentionType.OUTCOME),
            cytokine=self._plain_cytokine,
            cell=partial(self._named, MentionType.CELL),
            cancer=partial(self._named, MentionType.CANCER),
            therapy=partial(self.certain, MentionType.THERAPY),
            measurable=self.lexicon(MentionType.OUTCOME).called(" production", " expression"),
        )

    def _find_cytokine(self, name: str) -> Candidates | None:
        """What a name means as it stands or in another reading of it."""
        lexicon = self.lexicon(MentionType.CYTOKINE)
        for reading in (name, *cytokines.readings(name)):
            found = lexicon.find(reading)
            if found is not None:
                return found
        return None

    def _find_plain_cytokine(self, name: str) -> Concept | None:
        found = self._find_cytokine(name)
        return None if found is None else found.certain

    def _read_cytokine(self, surface: str) -> Candidates | None:
        found = self._find_cytokine(surface)
        if found is not None:
            return found
        meant = {self._named(MentionType.CYTOKINE, s) for s in cytokines.synonyms(surface)}
        if len(meant) == 1 and None not in meant:
            return Candidates(tuple(c for c in meant if c is not None))
        for name in cytokines.engineered_from(surface):
            parent = self._named(MentionType.CYTOKINE, name)
            if parent is not None:
                return Candidates((narrower(surface, parent),))
        similar = self._most_similar(MentionType.CYTOKINE, surface)
        return None if similar is None else Candidates((similar,))

    def _read_noun_phrase(self, mention_type: str, surface: str) -> Concept | None:
        if mention_type not in self._phrases:
            self._phrases[mention_type] = self._phrase_reader(mention_type)
        concept = self._phrases[mention_type].read(surface)
        return concept or self._most_similar(mention_type, surface)

    def _phrase_reader(self, mention_type: str) -> NounPhraseReader:
        if mention_type != MentionType.THERAPY:
            return NounPhraseReader(mention_type, partial(self._named, mention_type))
        lexicon = self.lexicon(MentionType.THERAPY)
        return TherapyReader(
            therapy=partial(self._named, MentionType.THERAPY),
            drug=self.drug,
            cytokine=self._plain_cytokine,
            cell=partial(self._named, MentionType.CELL),
            entry=lexicon.concept,
        )

    def _most_similar(self, mention_type: str, surface: str) -> Concept | None:
        if mention_type not in self._similar:
            self._similar[mention_type] = SimilarNames(self.lexicon(mention_type).names())
        return self._similar[mention_type].nearest(surface)
