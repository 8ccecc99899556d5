"""Reading therapies: known treatments, MeSH's drugs, agents by their target, and cells given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from il12nlp.document import Concept
from il12nlp.schema import MentionType
from il12nlp.terminology.derived import PREFIX, narrower
from il12nlp.terminology.names import match_key
from il12nlp.terminology.noun_phrases import Find, NounPhraseReader, first_known, plain
from il12nlp.terminology.phrases import BRACKETS, find_head, strippings
from il12nlp.terminology.usual_names import symbol_of
from il12nlp.terminology.word_lists import NEGLIGIBLE

_ANTIBODY, _INHIBITOR, _AGONIST = (
    "IL12:T_antibody_therapy",
    "IL12:T_target_inhibitor",
    "IL12:T_target_agonist",
)
_CELL_THERAPY, _TUMOR_CELL_VACCINE = "MESH:D016219", "IL12:T_tumor_cell_vaccine"
_TUMOR_CELL = "tumour cell"

_ANTI = (
    r"(?:[\s-](?:monoclonal|neutrali[sz]ing|blocking|antibod(?:y|ies)|mabs?|abs?|therapy|"
    r"treatment|blockade|checkpoint|inhibitors?))*"
)
_BLOCKING = r"blockade|inhibition|neutrali[sz]ation|inhibitors?|antagonists?|blockers?"
_PATTERNS = (
    (
        _ANTIBODY,
        r"(?:[\w-]+\s)?(?:antibod(?:y|ies)|antiser(?:um|a)|mabs?)\s"
        r"(?:to|against|targeting|directed\sagainst)\s(?P<target>.+)",
    ),
    (_INHIBITOR, rf"(?:{_BLOCKING}|blocking)\s(?:of\s)?(?P<target>.+)"),
    (_ANTIBODY, rf"(?:\w+\s)?anti-?\s?(?P<target>.+?){_ANTI}"),
    # With a space: "DOTA-antibody" tells what an antibody carries.
    (_ANTIBODY, r"(?P<target>.+?)(?:\s|[-\s]blocking\s)antibod(?:y|ies)"),
    (_INHIBITOR, rf"(?P<target>.+?)[-\s](?:{_BLOCKING})"),
    (_AGONIST, r"(?:agonists?|activators?)\sof\s(?P<target>.+)"),
    (_AGONIST, r"(?P<target>.+?)[-\s](?:agonists?|activators?)"),
)
_AGAINST = tuple((class_, re.compile(p, re.IGNORECASE)) for class_, p in _PATTERNS)
_AGAINST_NAMES = ("anti-{} antibody", "{} inhibitor", "anti-{} therapy", "{} blockade")
_CALLED = {
    _ANTIBODY: "anti-{} antibody",
    _INHIBITOR: "{} inhibitor",
    _AGONIST: "{} agonist",
}
_QUALIFIER = re.compile(
    r"^(?:the|an?|specific|selective|synthetic|small[- ]molecule|soluble|recombinant|human|murine|"
    r"mouse|novel|potent|targeted|dual|monoclonal|neutrali[sz]ing)\s|[\s-](?:specific|selective)$",
    re.IGNORECASE,
)
_MADE = re.compile(r"-[a-z]+ed$")
"""How an antibody was made ("DOTA-coupled"), not what it is against."""
_SYMBOL = re.compile(
    r"(?=[^\s]*[A-Z0-9α-ω])[\w./+()α-ω-]{2,}"
    r"(?:[-\s](?:[A-Z0-9α-ω][\w.+-]*|alpha|beta|gamma|delta|kappa|receptors?|ligand|kinase|"
    r"pathway|integrase|signal(?:l?ing)?))*"
)
"""The symbol of a gene or protein, with what may follow it; not an English word."""
_ENZYME = re.compile(
    r"(?!.*\b(?:bases?|cases?|diseases?|increase|phase|release)\b)"
    r"(?:[\w-]+\s){0,3}[\w-]*(?:ases?|receptors?|channels?)(?:\s[\w]{1,3})?"
)
_MAX_TARGET = 30
_CHEMOTHERAPY = re.compile(r"\schemotherapy$", re.IGNORECASE)
_CHEMOTHERAPIES = "chemotherapy"
"""The class of the drugs that a chemotherapy consists of."""


class TherapyReader(NounPhraseReader):
    """Reads texts of therapies with all lexicons that can say what is given."""

    def __init__(
        self,
        *,
        therapy: Find,
        drug: Find,
        cytokine: Find,
        cell: Find,
        entry: Callable[[str], Concept],
    ) -> None:
        """Reader over look-ups by name; `entry` gives a therapy by its id."""
        super().__init__(MentionType.THERAPY, therapy)
        self._drug = drug
        self._cytokine = cytokine
        self._cell = cell
        self._entry = entry

    def read(self, surface: str) -> Concept | None:
        """The treatment that the text names, or a kind of the one that its words tell."""
        text = plain(surface)
        return (
            self._named(text)
            or first_known(self._drug, super()._wordings(text))
            or self._regimen(text)
            or self._of_target(text)
            or self._kind_of_head(text)
            or self._kind_of_drug(text)
            or self._cells(text)
            or self._cytokine(text)
        )

    def _wordings(self, text: str) -> Iterator[str]:
        yield from super()._wordings(text)
        for _, target in _targets(BRACKETS.sub("", text)):
            cytokine = self._cytokine(target)
            for name in (target, symbol_of(cytokine.name)) if cytokine else (target,):
                yield from (wording.format(name) for wording in _AGAINST_NAMES)

    def _regimen(self, text: str) -> Concept | None:
        """The drugs that a chemotherapy consists of: "FOLFOX chemotherapy", "cisplatin/5-FU"."""
        drugs = _CHEMOTHERAPY.sub("", text)
        whole = None if drugs == text else self._named(drugs)
        if whole is not None and whole.category == _CHEMOTHERAPIES:
            return whole
        parts = [self._named(part) for part in drugs.split("/")] if "/" in drugs else []
        found = [p for p in parts if p is not None and p.category == _CHEMOTHERAPIES]
        ids = tuple(dict.fromkeys(p.id for p in found))
        if len(ids) < 2 or len(ids) < len(parts):
            return None
        return replace(narrower(drugs, found[0]), parents=ids)

    def _of_target(self, text: str) -> Concept | None:
        """What acts on a gene or protein that is named: "caspase-8 inhibitor", "anti-APO-1"."""
        for class_, target in _targets(BRACKETS.sub("", text)):
            cytokine = self._cytokine(target)
            if cytokine is not None or _is_target(target):
                name = cytokine.name if cytokine else target
                parent = self._entry(class_)
                called = _CALLED[class_]
                # Ids are made of symbols, which stay where usual names may be bettered.
                key = PREFIX + match_key(called.format(symbol_of(name) if cytokine else name))
                return Concept(key, called.format(name), parent.category, 0, (class_,))
        return None

    def _kind_of_drug(self, text: str) -> Concept | None:
        head = find_head(text, self._drug)
        return None if head is None else narrower(text, head)

    def _cells(self, text: str) -> Concept | None:
        """Cells that are given: "UCB-NK cells"; tumour cells are given to vaccinate."""
        words = NEGLIGIBLE[MentionType.THERAPY] | NEGLIGIBLE[MentionType.CELL]
        bare = BRACKETS.sub("", text)
        if bare.isupper() and bare.isalpha():  # "EC" may be anything
            return None
        forms = (text, *strippings(bare, lambda word: word.lower() in words))
        cell = first_known(self._cell, forms) or find_head(bare.replace("-", " "), self._cell)
        if cell is None:
            return None
        tumor = cell.category == _TUMOR_CELL
        therapy = self._entry(_TUMOR_CELL_VACCINE if tumor else _CELL_THERAPY)
        kind = narrower(text, therapy)
        return Concept(kind.id, kind.name, kind.category, 0, (therapy.id, cell.id))


def _is_target(text: str) -> bool:
    """Whether a text is the symbol of a gene or protein, or the name of an enzyme or receptor."""
    known = _SYMBOL.fullmatch(text) or _ENZYME.fullmatch(text)
    return len(text) <= _MAX_TARGET and known is not None


@lru_cache(maxsize=2**8)  # two readings of one text ask for them
def _targets(text: str) -> tuple[tuple[str, str], ...]:
    """The class of agent that a text tells and what it acts on, for each way to read it."""
    targets = []
    for class_, pattern in _AGAINST:
        found = pattern.fullmatch(text)
        if found is not None:
            target = found["target"]
            while (shorter := _QUALIFIER.sub("", target)) != target:
                target = shorter
            if _MADE.search(target) is None:
                targets.append((class_, target))
    return tuple(targets)
