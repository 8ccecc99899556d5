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


def same_clause(document: Document, one: int, other: int) -> bool:
    """Whether no clause ends between two offsets of the text."""
    start, end = sorted((one, other))
    return _BREAK.search(document.text, start, end) is None


def given_here(document: Document, agent: Mention, partner: Mention, outcome: Mention) -> bool:
    """Whether a partner of an agent was given where an outcome of that agent is told.

    Behind the outcome, it must belong to the same statement: "prolonged survival when added to
    B". Before it, no other outcome may stand between agent and partner: in "A raised the response
    to B and cut pain" B belongs to the response. A partner that the outcome names is given.
    """
    if _overlap(partner, outcome):
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


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end
