"""What a known name in a text is no mention of: the annotation guidelines as rules for matching."""

from __future__ import annotations

import re

from il12nlp.document import Concept
from il12nlp.schema import MentionType

_ACRONYM = 5
"""Letters up to which a name written in capitals must not match a word in lower case."""
_SHORT = 3
"""Letters and digits up to which a name proves nothing, unless the text defines it."""

_NOT_AFTER = re.compile(
    r"\b(?i:anti[-–‑ ]?|peg(?:ylated)?[-–‑ ]|(?:pre)?pro[-–‑]|NF[-–‑])$|"
    r"\b(?:h|iso|tu|EG|IFN|NHS)[-–‑]$"
)
"""What makes another thing of a cytokine's name, or is the start of a longer name."""
_NOT_BEFORE = re.compile(
    r"(?: ?\([^()]{1,15})?\)?[-–‑ ]?"
    r"(?:(?i:receptors?)|(?:alpha|beta|gamma|[αβγδ])?R(?:[αβγ]?\b|\d)|"
    r"(?:signall?ing |pathway )?inhibit(?:or|ion)|antagonist|antibod|antiser|binding protein|"
    r"neutrali|blockade|blocker|trap\b)|[-–‑]/[-–‑]|[-–‑]like\b",
)
_NO_CYTOKINE = re.compile(
    r"(?:cytokine|chemokine|lymphokine)s?$|"
    r"^(?:(?:cytokine|chemokine)s? (?=\w*\d)|(?:recombinant|rec|human|murine|high[- ]dose)\b)|"
    r"receptor|^s?IL-?2R| \([^()]*\)$",
    re.IGNORECASE,
)
"""Classes, receptors, makes that stay outside the span, a long form with its abbreviation."""
_GOES_ON = re.compile(
    r"(?: ?[-–‑] ?| )?(?:alpha|alfa|beta|gamma|lambda|[αβγδλω])(?![a-z])|[-–‑][A-Z0-9]"
)
"""After the mere start of a longer name: "IFN" of "IFN alfa-2c", "IL13" of "IL13-PE38"."""
_RECEPTOR = re.compile(r"receptor(?! antagonist)|^s?IL-?2R", re.IGNORECASE)
_CHANGE = re.compile(
    r"^(?:reduced?|decreased?|increased?|improved?|enhanced?|prolonged|cured|inhibited|lower|higher|"
    r"delayed|suppressed|elevated|diminished|augmented)\b",
    re.IGNORECASE,
)
_TUMOR_CELL = "tumour cell"


def is_spelled_like(surface: str, name: str) -> bool:
    """Whether folding has not joined a name with words that only look like it ("as a", "ASA")."""
    letters = surface.replace(" ", "")
    if len(letters) <= _ACRONYM and " " in surface and " " not in name:
        return False
    return len(letters) > _ACRONYM or not surface.islower() or not name[1:].isupper()


def proves_itself(surface: str, mention_type: str) -> bool:
    """Whether a name is long enough to be believed; cytokines' symbols are short."""
    letters = sum(map(str.isalnum, surface))
    return letters > _SHORT or mention_type in (MentionType.CYTOKINE, MentionType.CELL)


def is_short_for(long_form: str, mention_type: str) -> bool:
    """Whether an abbreviation can stand for a mention of its type, by what it is short for."""
    return mention_type != MentionType.CYTOKINE or _RECEPTOR.search(long_form) is None


def is_mention(text: str, start: int, end: int, concept: Concept, mention_type: str) -> bool:
    """Whether the guidelines count a name at its place in the text as a mention of its type."""
    surface = text[start:end]
    if surface.count("(") != surface.count(")"):
        return False
    if mention_type == MentionType.CYTOKINE:
        return not (
            _NO_CYTOKINE.search(surface)
            or _RECEPTOR.search(concept.name)
            or _NOT_AFTER.search(text, max(0, start - 11), start)
            or _NOT_BEFORE.match(text, end)
            or _GOES_ON.match(text, end)
        )
    if mention_type == MentionType.OUTCOME:
        return _CHANGE.match(surface) is None
    return mention_type != MentionType.CELL or concept.category != _TUMOR_CELL
