"""Reading outcomes, which are free text, as a known variable and its polarity.

A known name is looked for in what is left when words are taken away that do not change which
variable is meant ("median", "serum", "in treated mice"), after named cancers have become "tumor",
and, for what is measured of a cytokine or counted of a cell, in two small tables. Words that turn
the meaning round ("inhibition of", "resistance to") turn the polarity. A phrase with any other
word in it stays unread: "survival of NK cells" is no patient's survival.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from il12nlp.document import Concept
from il12nlp.terminology.cell_outcomes import cell_outcome
from il12nlp.terminology.derived import narrower, opposite
from il12nlp.terminology.phrases import find_head, reorderings, split_words, strippings
from il12nlp.terminology.tumor_names import without_cancers
from il12nlp.terminology.word_lists import (
    CELL_COUNT,
    CHANGE,
    LEVEL,
    OUTCOME_MODIFIERS,
    TURN,
    VAGUE_HEADS,
)

Find = Callable[[str], Concept | None]

_SUBJECTS = re.compile(
    r"\s(?:of|in|among|from|for|at)\s(?:[\w/+-]+\s){0,4}(?:patients?|mice|mouse|animals?|rats?|"
    r"dogs?|cats?|hosts?|subjects?|recipients?|individuals?|women|men|children|volunteers|"
    r"responders|groups?|vivo|vitro)$|\sat\s\d+\s(?:days?|weeks?|months?|years?)$",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^(?:\d+(?:[.-]\d+)?|one|two|three|four|five|ten)-?(?:year|yr|month|mo|week|day|d|h)s?$",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"^(?:grades?|[≥>]?\d(?:[-–/]\d)?|(?:i{1,3}|iv)(?:[-–/](?:i{1,3}|iv))?|[≥>]grade)$",
    re.IGNORECASE,
)
_GRADES = re.compile(r"\b(grades?\s[\div]+)\s(?:or|and|to|and/or)\s(?=[\div]+\b)", re.IGNORECASE)
_CAUSE = re.compile(
    r"^.+-(?:mediated|induced|dependent|related|associated|elicited|driven|specific|reactive|"
    r"confirmed)$"
)
"""What brought an outcome about does not change which outcome it is."""
_CAUSED_DEATH = re.compile(
    r"^(?!(?:\w*therapy|treatment|drug|radiation|toxicity|infection|lps|endotoxin|cancer|tumou?r)-)"
    r"\S+-(?:mediated|induced|dependent)\s(?=death$)",
    re.IGNORECASE,
)
"""What a ligand or an enzyme kills is cells, where nobody else is named: "Fas-mediated death"."""
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_UNTIL = re.compile(r"^(?:time|days|weeks|months|interval)\s(?:to|until)\s(?P<about>.+)$", re.I)
"""The longer it takes until something good comes, the worse."""
_TURN, _CHANGE = "|".join(sorted(TURN)), "|".join(sorted(CHANGE))
_TURNED = re.compile(
    rf"^(?:(?:{_TURN})\s(?:of|to|from|against|in)\s(?:the\s)?(?P<about>.+)"
    rf"|(?P<before>.+)[\s-](?:{_TURN}))$",
    re.IGNORECASE,
)
_CHANGED = re.compile(rf"^(?:{_CHANGE})\s(?:of|in|to)\s(?:the\s)?(?P<about>.+)$", re.IGNORECASE)

_RESPONSIVE = re.compile(
    r"^(?:(?P<what>resistance|sensitivity|response|responses|responsiveness)\sto\s(?P<to>.+)"
    r"|(?P<drug>.+?)[\s-](?P<end>resistance|sensitivity))$",
    re.IGNORECASE,
)

_NO_CELLS = re.compile(
    r"^(?:as|to|into|within|against|by|from|in|on|for)\s|\s(?:and|or|and/or|within)\s|"
    r"[a-z]/[a-z]|\b[A-Z]\d$"
)
"""What names no cells of one kind: a list, a place, a code ("glutathione S-transferase M1")."""
_WHEREVER = re.compile(r"\s(?:of|by|in|from|against|toward|towards|to)\s")
_ANYWHERE = frozenset(
    {"cytokine production", "immune activation", "immune infiltration", "toxicity/adverse event"}
)
"""Classes of outcomes that mean the same whoever shows them and against whatever."""
OF_PATIENTS = "survival"
"""The class of outcomes that only a patient or an animal has."""


class OutcomeReader:
    """Reads outcome texts with the lexicons of outcomes, cytokines, cells and cancers."""

    def __init__(
        self,
        *,
        outcome: Find,
        cytokine: Find,
        cell: Find,
        cancer: Find,
        therapy: Find,
        measurable: Iterable[Concept],
    ) -> None:
        """Reader over look-ups by name; `measurable` are the outcomes called "X production"."""
        self._outcome = outcome
        self._cytokine = cytokine
        self._cell = cell
        self._cancer = cancer
        self._therapy = therapy
        self._measurable = tuple(measurable)

    def read(self, surface: str) -> Concept | None:
        """The variable that the text names, None where it is not known for sure."""
        text = _plain(surface)
        if not text:
            return None
        return (
            self._read_name(text)
            or self._read_sensitivity(text)
            or self._read_turned(text)
            or self._read_cancer(text)
            or self._read_head(text)
            or self._read_kind_of_cells(text)
        )

    def _read_known(self, text: str) -> Concept | None:
        return self._read_name(text) or self._read_cancer(text)

    def _read_name(self, text: str) -> Concept | None:
        return self._first(_variants(text)) or self._read_measured(text) or self._read_cells(text)

    def _read_cancer(self, text: str) -> Concept | None:
        for renamed, cells in without_cancers(text, self._cancer):
            concept = self._first(_variants(renamed))
            # The survival of those with a tumour is theirs, that of its cells is not.
            if concept is not None and not (cells and concept.category == OF_PATIENTS):
                return concept
        return None

    def _read_sensitivity(self, text: str) -> Concept | None:
        """Resistance or sensitivity to a treatment: "cisplatin resistance"."""
        found = _RESPONSIVE.match(text)
        if found is None:
            return None
        what = found["what"] or found["end"]
        about = found["to"] or found["drug"]
        concept = self._outcome("drug resistance" if what.lower() == "resistance" else what)
        agent = self._therapy(about) or self._cytokine(about)
        return narrower(text, concept) if concept is not None and agent is not None else None

    def _read_head(self, text: str) -> Concept | None:
        """What cells do or make, wherever and to whomever: "IFN-γ production by T cells"."""
        head = text[: found.start()] if (found := _WHEREVER.search(text)) else ""
        concept = self._read_known(head) if head else None
        return concept if concept is not None and concept.category in _ANYWHERE else None

    def _first(self, names: Iterator[str]) -> Concept | None:
        return next((c for c in map(self._outcome, names) if c is not None), None)

    def _read_turned(self, text: str) -> Concept | None:
        """The inhibition or the increase of a known outcome."""
        for pattern, turned in ((_UNTIL, True), (_TURNED, True), (_CHANGED, False)):
            found = pattern.match(text)
            if found is not None:
                about = next(part for part in found.groups() if part)
                concept = self._read_known(_plain(about))
                if concept is not None and turned:
                    known = self._outcome(f"{concept.name} inhibition")
                    return (
                        opposite(text, concept)
                        if pattern is _UNTIL
                        else known or opposite(text, concept)
                    )
                if concept is not None:
                    return narrower(text, concept)
        return None

    def _read_measured(self, text: str) -> Concept | None:
        """What is measured of a cytokine: "serum IFN-γ levels", "production of IL-10"."""
        for name in strippings(text, lambda word: word.lower() in LEVEL):
            cytokine = self._cytokine(name)
            if cytokine is not None:
                return self._produced.get(cytokine.id) or _level(cytokine)
        return None

    @cached_property
    def _produced(self) -> Mapping[str, Concept]:
        """The outcomes that are one cytokine's production, by that cytokine's id."""
        found = {}
        for concept in self._measurable:
            cytokine = self._cytokine(concept.name.rpartition(" ")[0])
            if cytokine is not None:
                found[cytokine.id] = concept
        return found

    def _read_cells(self, text: str) -> Concept | None:
        """How many cells there are, or how active: "intratumoral CD8+ T cells"."""
        for name in strippings(text, _counts_cells):
            cell = self._cell(name)
            if cell is not None:
                return cell_outcome(cell, _lowered(text) - _lowered(name))
        return None

    def _read_kind_of_cells(self, text: str) -> Concept | None:
        """Cells that a text calls by more than a known name: "CXCR3+ T cells"."""
        *_, name = ["", *strippings(text, _counts_cells)]
        head = None if _NO_CELLS.search(name) else find_head(name, self._cell)
        if head is None or head.id in VAGUE_HEADS:
            return None
        return cell_outcome(narrower(name, head), _lowered(text) - _lowered(name), kind_of=head)


def _plain(text: str) -> str:
    """The text without brackets and without whom it was seen in, "grade 3 or 4" as "grade 3-4"."""
    text = _CAUSED_DEATH.sub("cell ", " ".join(_BRACKETS.sub("", text).split()))
    return _SUBJECTS.sub("", _GRADES.sub(r"\1-", text))


def _variants(text: str) -> Iterator[str]:
    """What is left of the text without words that change nothing, both ways round."""
    if _UNTIL.match(text):
        yield text
        return
    forms = (text, *reorderings(text))
    yield from forms
    for form in forms:
        yield from strippings(form, _removable)


@lru_cache(maxsize=2**14)
def _removable(word: str) -> bool:
    patterns = (_TIME, _GRADE, _CAUSE)
    return word.lower() in OUTCOME_MODIFIERS or any(p.match(word) for p in patterns)


@lru_cache(maxsize=2**14)
def _counts_cells(word: str) -> bool:
    return word.lower() in CELL_COUNT or _CAUSE.match(word) is not None


def _lowered(text: str) -> set[str]:
    return {word.lower() for word in split_words(text)}


def _level(cytokine: Concept) -> Concept:
    """The amount of a cytokine that has no outcome of its own; which way is better is open."""
    name = f"{cytokine.name} level"
    return Concept(cytokine.id, name, "cytokine production", 0, ("GO:0001816",))
