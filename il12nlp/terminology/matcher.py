"""The dictionary baseline: mentions found in a text by the packaged names alone.

A model that learns must beat it. Names are matched as the lexicons fold them (case, Greek letters,
hyphens, plurals), as whole words, the longest first; abbreviations that the abstract defines are
matched by their long form, and names that need context to be believed are left out. Nothing is
learnt, no relation is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from il12nlp.document import Concept, Document, Mention
from il12nlp.schema import MentionType
from il12nlp.terminology.cytokines import restore_head
from il12nlp.terminology.doubtful import is_doubtful
from il12nlp.terminology.guards import is_mention, is_short_for, is_spelled_like, proves_itself
from il12nlp.terminology.names import match_key
from il12nlp.terminology.surfaces import SurfaceReader
from il12nlp.terminology.windows import START, TOKEN, windows
from il12nlp.terminology.word_lists import NO_MENTION
from il12nlp.text.abbreviations import Abbreviation, find_abbreviations, long_forms
from il12nlp.text.sentences import with_sentences

_MEANINGS_REMEMBERED = 2**14
"""Abbreviations and long forms whose meaning is kept; most abstracts define the same ones."""
_NO_GREEK = r"(?![ -](?:alpha|beta|gamma|[αβγ])\b)"
"""After an abbreviation: where a letter follows, the longer name is meant ("rTNF alpha")."""
_NEXT_OF_LIST = re.compile(
    r"(?:,? (?:and|or) |, |/)(?P<item>[-–‑](?:\d{1,2}[A-Za-zα-ω]?|[α-ω])|(?<=/)\d{1,2})(?![\w-])"
)
"""A further name of a list that leaves its head out: "IL-12 and -18", "IL-2/15"."""

_TYPES = tuple(map(str, MentionType))
_PRECEDENCE = ("CYTOKINE", "CANCER", "CELL", "OUTCOME", "THERAPY")
"""Which type wins where one span is a name of several: "dendritic cells" are cells."""
_WHOLE = (MentionType.CYTOKINE, MentionType.CANCER)
"""Types whose names hold no mention of another type: "T cell lymphoma" names no T cell."""


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    type: str
    concept: Concept

    def holds(self, other: _Hit) -> bool:
        return self is not other and self.start <= other.start and other.end <= self.end


class DictionaryMatcher:
    """Annotates texts with the names of the lexicons; made for one thread at a time."""

    def __init__(
        self,
        *,
        terms: str | Path | None = None,
        reader: SurfaceReader | None = None,
        types: Sequence[str] = _TYPES,
        score: float = 1.0,
    ) -> None:
        """Matcher over the packaged lexicons and, with `terms`, those of a TSV (`read_terms`).

        A linker's `reader` in the place of `terms` shares its lexicons. `types` are the mention
        types to look for, `score` is what each mention gets.
        """
        self._reader = reader or SurfaceReader(terms=terms)
        self._types = tuple(map(str, types))
        self._score = score
        self._meant = lru_cache(maxsize=_MEANINGS_REMEMBERED)(self._find_meant)

    def annotate(self, document: Document) -> Document:
        """The document with mentions and their concepts, and nothing else.

        Sentences are split where it has none; what it was annotated with before is dropped.
        """
        (document,) = with_sentences([document])
        mentions = self.mentions(document, find_abbreviations(document.text, document.sentences))
        return document.replace(mentions=mentions, relations=(), findings=(), study_type=None)

    def mentions(
        self, document: Document, abbreviations: Iterable[Abbreviation]
    ) -> tuple[Mention, ...]:
        """The mentions alone, in reading order; `abbreviations` are what the text defines."""
        text = document.text
        known = long_forms(text, abbreviations)
        hits = [*self._short_forms(text, known), *self._names(text, known)]
        hits += [h for hit in hits for h in self._rest_of_list(text, hit)]
        kept = sorted(_settled(hits), key=lambda h: (h.start, -h.end, h.type))
        return tuple(
            Mention(f"T{n}", h.start, h.end, h.type, text[h.start : h.end], self._score, h.concept)
            for n, h in enumerate(kept, start=1)
        )

    @cached_property
    def _index(self) -> dict[str, dict[str, str]]:
        """By folded name: the types that know it, with a spelling of it."""
        index: dict[str, dict[str, str]] = {}
        for mention_type in self._types:
            for key, name in self._reader.lexicon(mention_type).spellings():
                if key in NO_MENTION:
                    continue
                plural = [key[:-1] + "ie"] if name.endswith("y") and len(name) > len("ally") else []
                for form in (key, *plural):
                    index.setdefault(form, {}).setdefault(mention_type, name)
        return index

    @cached_property
    def _starts(self) -> frozenset[str]:
        """The starts of the folded names, of any length up to `START`."""
        starts = {key[:START] for key in self._index}
        return frozenset(start[:n] for start in starts for n in range(len(start) + 1))

    def _names(self, text: str, defined: Iterable[str]) -> Iterator[_Hit]:
        """The longest names of each type from the left, those of one type not overlapping."""
        short, starts, index = set(defined), self._starts, self._index
        tokens = [(token, match_key(token[0])) for token in TOKEN.finditer(text)]
        keys = [*(key for _, key in tokens), ""]
        free_from = dict.fromkeys(self._types, 0)
        for first, (opening, following) in enumerate(pairwise(keys)):
            # Names start with "of" too, but hardly ever go on with the word that follows it.
            if opening not in index and (opening + following)[:START] not in starts:
                continue
            longest: dict[str, _Hit] = {}
            for start, end, key in windows(text, tokens, first, starts):
                if text[start:end] in short:
                    # The text defines this name itself, so no shorter one in it is meant.
                    longest.clear()
                    continue
                for mention_type, name in index.get(key, {}).items():
                    if start < free_from[mention_type]:
                        continue
                    concept = self._believed(text[start:end], mention_type, name)
                    if concept is None:
                        continue
                    # A longer name that is no mention is what is meant, and no shorter one in it.
                    longest.pop(mention_type, None)
                    if is_mention(text, start, end, concept, mention_type):
                        longest[mention_type] = _Hit(start, end, mention_type, concept)
            for mention_type, hit in longest.items():
                free_from[mention_type] = hit.end
                yield hit

    def _believed(self, surface: str, mention_type: str, name: str) -> Concept | None:
        """What a surface means, where it is enough like the name that it matches."""
        if not is_spelled_like(surface, name) or not proves_itself(surface, mention_type):
            return None
        return self._certain(mention_type, surface)

    def _certain(self, mention_type: str, name: str) -> Concept | None:
        found = self._reader.lexicon(mention_type).find(name)
        concept = None if found is None else found.certain
        if concept is None or mention_type != MentionType.CYTOKINE:
            return concept
        doubtful = is_doubtful(name, concept) and not self._reader.is_own(mention_type, name)
        return None if doubtful else concept

    def _short_forms(self, text: str, defined: dict[str, str]) -> Iterator[_Hit]:
        """Abbreviations of the text, by what their long form or, else, they themselves mean."""
        for short, long_form in defined.items():
            # A make of a cytokine is a drug to some lexicons: "rTNF alpha" is one by its own name.
            meanings = [m for m in (self._meant(long_form), self._meant(short)) if m is not None]
            meant = min(meanings, key=lambda m: m[0] != MentionType.CYTOKINE, default=None)
            if meant is None:
                continue
            mention_type, concept = meant
            if mention_type not in self._types or not is_short_for(long_form, mention_type):
                continue
            for found in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w){_NO_GREEK}", text):
                if is_mention(text, *found.span(), concept, mention_type):
                    yield _Hit(*found.span(), mention_type, concept)

    def _find_meant(self, name: str) -> tuple[str, Concept] | None:
        if match_key(name) in NO_MENTION:
            return None
        for mention_type in _PRECEDENCE:
            concept = self._certain(mention_type, name)
            if concept is not None and proves_itself(name, mention_type):
                return mention_type, concept
        drug = self._reader.drug(name)
        known = drug is not None and proves_itself(name, MentionType.THERAPY)
        return (str(MentionType.THERAPY), drug) if drug is not None and known else None

    def _rest_of_list(self, text: str, hit: _Hit) -> Iterator[_Hit]:
        """Cytokines that follow in a list without their head."""
        if hit.type != MentionType.CYTOKINE:
            return
        name, end = text[hit.start : hit.end], hit.end
        while (found := _NEXT_OF_LIST.match(text, end)) is not None:
            whole = restore_head(found["item"], name)
            concept = None if whole is None else self._reader.certain(hit.type, whole)
            if whole is None or concept is None:
                return
            name, end = whole, found.end()
            yield _Hit(found.start("item"), end, hit.type, concept)


def _settled(hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """One type for each span, no overlap in a type, and nothing inside a cytokine or a cancer."""
    by_span: dict[tuple[int, int], _Hit] = {}
    for hit in hits:
        known = by_span.setdefault((hit.start, hit.end), hit)
        if _PRECEDENCE.index(hit.type) < _PRECEDENCE.index(known.type):
            by_span[hit.start, hit.end] = hit
    whole = [h for h in by_span.values() if h.type in _WHOLE]
    free_from = dict.fromkeys(_TYPES, 0)
    for hit in sorted(by_span.values(), key=lambda h: (h.start, -h.end)):
        if hit.start >= free_from[hit.type] and not any(w.holds(hit) for w in whole):
            free_from[hit.type] = hit.end
            yield hit
