"""Clauses: which words of a sentence speak of one arm, one outcome, one cancer."""

from __future__ import annotations

import re

from il12nlp.document import Document, Mention
from il12nlp.schema import MentionType

_BREAK = re.compile(r";\s|,\s(?:but|whereas|while|although|and\sin)\s", re.IGNORECASE)
_NEW_STATEMENT = re.compile(r",\s|\s(?:and|but|yet|nor|or)\s")
"""After an outcome, what leads on to another statement: "…, and re-sensitised cells to …"."""

_LISTED = re.compile(r"\s*(?:,|/|[-–+]|and|or|plus|,\s?and|,\s?or)?\s*")
"""What parts the items of a list."""
_JOINED = re.compile(
    r"\s*(?:/|[-–+]|and|plus|(?:combined\s|together\s|along\s)?with|(?:and\s)?then|followed\sby)\s*"
)
"""What joins two agents given together."""
_SUM = re.compile(r"\s?\+\s?|\splus\s|[-‐–]")
"""What makes one of two names: "A plus B", "A-B"."""
_REGARDLESS = re.compile(
    r"\b(?:irrespective|regardless|independent(?:ly)?|with\sor\swithout|whether\sor\snot|alone|"
    r"by\s(?:itself|themselves))\b",
    re.IGNORECASE,
)
"""Words by which a sentence tells an effect of an agent whatever else was given."""


def same_clause(document: Document, one: int, other: int) -> bool:
    """Whether no clause ends between two offsets of the text."""
    start, end = sorted((one, other))
    return _BREAK.search(document.text, start, end) is None


def given_here(document: Document, agent: Mention, partner: Mention, outcome: Mention) -> bool:
    """Whether a partner of an agent was given where an outcome of that agent is told.

    A partner that the outcome names is given, and so is one named together with the agent behind
    the outcome: "survival was prolonged by A, and more so by A plus B". Else, behind the outcome
    it must belong to the same statement: "prolonged survival when added to B". Before it, no other
    outcome may stand between agent and partner: in "A raised the response to B and cut pain" B
    belongs to the response.
    """
    behind = min(agent.start, partner.start) >= outcome.end
    if _overlap(partner, outcome) or (behind and _joined(document, agent, partner)):
        return True
    if not same_clause(document, partner.start, outcome.start):
        return False
    if partner.start >= outcome.end:
        until = _list_start(document, outcome.end, partner)
        return _NEW_STATEMENT.search(document.text, outcome.end, until) is None
    first, second = sorted((agent, partner), key=lambda m: m.start)
    return not any(
        m.type == MentionType.OUTCOME
        and first.end <= m.start < second.start
        and not _overlap(m, outcome)
        for m in document.mentions
    )


def _list_start(document: Document, after: int, partner: Mention) -> int:
    """Where the list begins that a partner ends: "B" for C in "when added to B, D and C"."""
    agents = (MentionType.CYTOKINE, MentionType.THERAPY)
    start = partner.start
    before = [m for m in document.mentions if m.type in agents and after <= m.start < start]
    for mention in sorted(before, key=lambda m: -m.start):
        if mention.start < start and _LISTED.fullmatch(document.text, mention.end, start):
            start = mention.start
    return start


def referred_to(document: Document, agent: Mention, outcome: Mention) -> bool:
    """Whether a sentence that combines its agent with one of an earlier sentence tells its outcome
    of both: "Adding B to it prolonged survival", but not "… irrespective of it".
    """
    if agent.start > outcome.start or not same_clause(document, agent.start, outcome.start):
        return False
    sentence = document.sentences[document.sentence_index(outcome.start)]
    return _REGARDLESS.search(document.text, sentence.start, sentence.end) is None


def added(document: Document, one: Mention, other: Mention) -> bool:
    """Whether two mentions are written as a sum, or as one name."""
    first, second = sorted((one, other), key=lambda m: m.start)
    return _SUM.fullmatch(document.text, first.end, second.start) is not None


def _joined(document: Document, one: Mention, other: Mention) -> bool:
    """Whether only words of giving together part two mentions: "A plus B"."""
    first, second = sorted((one, other), key=lambda m: m.start)
    return _JOINED.fullmatch(document.text, first.end, second.start) is not None


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end
