"""Linking the mentions of a document to concepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path

from il12nlp.document import Concept, Document, Mention
from il12nlp.schema import MentionType
from il12nlp.terminology.cytokines import is_elliptical, restore_head
from il12nlp.terminology.lexicon import Candidates
from il12nlp.terminology.outcomes import OF_PATIENTS
from il12nlp.terminology.surfaces import SurfaceReader
from il12nlp.terminology.tables import Entry, Restriction, Rule, entries
from il12nlp.terminology.targets import of_tumor
from il12nlp.text.abbreviations import Abbreviation, long_forms


class Linker:
    """Gives mentions their concept, or none where what they mean is not sure.

    Lexicons are loaded on first use and kept, so one linker should serve all documents; it is
    not made for several threads at once.
    """

    def __init__(self, *, terms: str | Path | None = None) -> None:
        """Linker over the packaged lexicons and, with `terms`, those of a TSV (`read_terms`)."""
        self.reader = SurfaceReader(terms=terms)

    def link(self, document: Document, abbreviations: Iterable[Abbreviation] = ()) -> Document:
        """The document with a concept on every mention that names one for sure.

        Names that need no context come first, an abbreviation speaking by its long form; lists
        ("IL-12 and -18") get their head back; ambiguous names are taken where their rule holds.
        Concepts that mentions had before are dropped.
        """
        work = _DocumentLinks(document, long_forms(document.text, abbreviations), self.reader)
        concepts = work.concepts()
        return document.replace(
            mentions=tuple(
                m if m.concept == concepts.get(m.id) else m.with_concept(concepts.get(m.id))
                for m in document.mentions
            )
        )

    def concept(self, mention_type: str, name: str) -> Concept | None:
        """The concept that a name means without any context, None where it needs one."""
        return self.reader.certain(mention_type, name)

    def entry(self, mention_type: str, id_: str) -> Entry:
        """What the packaged tables say of a concept: itself, its ids elsewhere, its wholes.

        Raises KeyError for an id that they do not hold.
        """
        return entries(mention_type)[id_]


class _DocumentLinks:
    """The concepts of one document's mentions, as far as they are found."""

    def __init__(
        self, document: Document, long_forms: Mapping[str, str], reader: SurfaceReader
    ) -> None:
        self._document = document
        self._long_forms = long_forms
        self._reader = reader
        self._found: dict[str, Concept] = {}
        self._open: list[tuple[Mention, Candidates]] = []

    def concepts(self) -> Mapping[str, Concept]:
        """Concepts by mention id."""
        for mention in self._document.mentions:
            self._link_name(mention)
        self._link_elliptical()
        self._link_ambiguous()
        self._link_by_cancers()
        self._link_processes()
        return self._found

    def _link_name(self, mention: Mention) -> None:
        found = self._reader.read(mention.type, mention.text)
        long_form = self._long_forms.get(mention.text)
        if long_form is not None and not _speaks_for_itself(mention.text, found):
            defined = self._reader.certain(mention.type, long_form)
            if defined is not None:
                self._found[mention.id] = defined
                return
            if _is_acronym(mention.text):
                return
        found = found or self._read_expanded(mention)
        if found is None:
            return
        if found.certain is not None:
            self._found[mention.id] = found.certain
        else:
            self._open.append((mention, found))

    def _read_expanded(self, mention: Mention) -> Candidates | None:
        """Reading of a mention whose words are abbreviations of the abstract: "mRCC growth"."""
        if not self._long_forms or " " not in mention.text:
            return None
        words = mention.text.split(" ")
        expanded = " ".join(self._long_forms.get(word, word) for word in words)
        if expanded == mention.text:
            return None
        return self._reader.read(mention.type, expanded)

    def _link_elliptical(self) -> None:
        """Cytokines of a list get the head of the name before them in their sentence."""
        cytokines = [m for m in self._document.mentions if m.type == MentionType.CYTOKINE]
        previous: Mention | None = None
        name = ""
        for mention in sorted(cytokines, key=lambda m: m.start):
            if previous is not None and is_elliptical(mention.text):
                whole = (
                    restore_head(mention.text, name) if self._together(previous, mention) else None
                )
                concept = None if whole is None else self._reader.certain(mention.type, whole)
                if whole is not None and concept is not None:
                    self._found[mention.id] = concept
                    name, previous = whole, mention
                    continue
            name, previous = mention.text, mention

    def _together(self, first: Mention, second: Mention) -> bool:
        at = self._document.sentence_index
        return at(first.start) == at(second.start) and second.start - first.end < _LIST_REACH

    def _link_ambiguous(self) -> None:
        """Take ambiguous names whose rule holds, judged by the certain ones of the document."""
        if not self._open:
            return
        text = self._document.text.lower()
        known = {(m.type, c.id) for m in self._document.mentions if (c := self._found.get(m.id))}
        for mention, candidates in self._open:
            named = [c for c in candidates.concepts if (mention.type, c.id) in known]
            if len(named) == 1:
                self._found[mention.id] = named[0]
            elif len(candidates.concepts) == 1 and _holds(candidates.restriction, text):
                self._found[mention.id] = candidates.concepts[0]

    def _link_by_cancers(self) -> None:
        """Outcomes that name a cancer which only the document knows: "growth of XF-7"."""
        open_ = [m for m in self._document.mentions if m.id not in self._found]
        cancers = [m for m in open_ if m.type == MentionType.CANCER]
        outcomes = [m for m in open_ if cancers and m.type == MentionType.OUTCOME]
        for outcome, cancer in product(outcomes, cancers):
            # A bare name is what a list leaves of its outcome: "regression of XF-2 and XF-7".
            bare = cancer.text == outcome.text
            if outcome.start <= cancer.start and cancer.end <= outcome.end and not bare:
                renamed = outcome.text.replace(cancer.text, "tumor", 1)
                concept = self._reader.certain(outcome.type, renamed)
                # Whether the survival is that of patients or of cells, the name alone would say.
                if concept is not None and concept.category != OF_PATIENTS:
                    self._found[outcome.id] = concept

    def _link_processes(self) -> None:
        """Processes that befell tumour cells, where the text says which cells they befell."""
        for mention in self._document.mentions if self._document.sentences else ():
            if mention.type == MentionType.OUTCOME and mention.id in self._found:
                process = of_tumor(self._document, mention, self._found)
                if process is not None:
                    self._found[mention.id] = self._reader.entry(mention.type, process)


_LIST_REACH = 40
"""Characters within which a list goes on: "IL-12 (10 ng/ml) and -18"."""


def _holds(restriction: Restriction | None, text: str) -> bool:
    """Whether the words that a rule asks for stand in the lower-case text."""
    if restriction is None:
        return True
    return restriction.rules == {Rule.CONTEXT} and any(w in text for w in restriction.context)


def _speaks_for_itself(text: str, found: Candidates | None) -> bool:
    """Whether a short form is known and no mere acronym: "IL-8", whatever stands before it."""
    return found is not None and found.certain is not None and any(c.isdigit() for c in text)


def _is_acronym(text: str) -> bool:
    """Whether a short form is so short that its letters alone prove nothing."""
    return len(text) <= 4 and text.isalpha()
