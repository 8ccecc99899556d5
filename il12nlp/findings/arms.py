"""Arms: whether a sentence speaks of its agents together, one by one, or against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from il12nlp.document import Document, Mention

_APART = re.compile(
    r"\b(?:or|nor|either|neither|alone|each|versus|vs|than|compared|whereas|while|but|unlike)\b",
    re.IGNORECASE,
)
"""Words between two agents that set them against each other or name them one by one."""
_ONE_BY_ONE = re.compile(
    r"\W+(?:\w+\W+){0,3}?(?:alone|each|respectively|separately|individually|singly|"
    r"by\s(?:itself|themselves)|on\sits\sown|as\smonotherapy)\b",
    re.IGNORECASE,
)
"""The same, said after the second of them: "A and B alone", "A and B, respectively"."""
_ARM = re.compile(
    r"[\s-](?:treated\s)?(?:arm|group|cohort|recipients|patients|mice)\b", re.IGNORECASE
)
"""The same, said after the first of them: "in the A arm and in the B arm"."""
_EACH_ARM = re.compile(
    r"\b(?:none\sof|neither\sof|each\sof|either|each|any\sof|both)\s(?:of\s)?(?:the|these|those)?\s?"
    r"(?:two\s|three\s|four\s)?(?:treatments?|agents?|drugs?|cytokines?|arms?|groups?|therapies|"
    r"regimens?|interventions?|antibodies|compounds?|vaccines?|preparations?)\b",
    re.IGNORECASE,
)
"""The same, said of agents that the sentence does not name: "none of these treatments"."""
_MORE_THAN_TWO = re.compile(
    r"\b(?:none\sof\s(?:the|these|those)\s(?:three\s)?|(?:each|any)\sof\sthe\sthree\s)"
    r"(?:treatments|arms|groups|therapies|regimens|interventions|schedules)\b",
    re.IGNORECASE,
)
"""Words for at least three arms: of two arms one would say "neither"."""

_AS_ONE = re.compile(
    r"(?<!than\s)(?<!than\swith\s)(?<!versus\s)(?<!vs\s)(?<!unlike\s)(?<!compared\swith\s)"
    r"(?<!compared\sto\s)\b(?:the\s(?:(?:full|complete)\s)?(?:combination|mixture|doublet|triplet)|"
    r"(?:the\s)?(?:dual|double|triple|combined|combination)\s"
    r"(?:treatment|therapy|regimen|group|arm|administration))\b|"
    r"\b(?:given|used|administered|injected|agents|drugs|cytokines|vectors|treatments|both)\s"
    r"together\b|\btogether\s(?:they|both|the\stwo)\b",
    re.IGNORECASE,
)
"""Words for agents given together that a sentence does not name: "the mixture cut growth"."""


def set_apart(document: Document, a: Mention, b: Mention) -> bool:
    """Whether the sentence of two agents names them one by one or against each other."""
    first, second = sorted((a, b), key=lambda m: m.start)
    at = document.sentence_index
    if at(first.start) != at(second.start):
        return False
    between = first.end, max(first.end, second.start)
    if _APART.search(document.text, *between) or ";" in document.text[slice(*between)]:
        return True
    if _ARM.match(document.text, *between):
        return True
    sentence = document.sentences[at(second.start)] if document.sentences else None
    end = len(document.text) if sentence is None else sentence.end
    return _ONE_BY_ONE.match(document.text, second.end, end) is not None


def one_by_one(document: Document, outcome: Mention) -> bool:
    """Whether the outcome's sentence speaks of its arms one by one."""
    return _in_sentence(_EACH_ARM, document, outcome)


def as_one(document: Document, agents: Iterable[Mention], outcome: Mention) -> bool:
    """Whether the outcome's sentence speaks of agents of earlier sentences as given together."""
    here = document.sentence_index(outcome.start)
    return all(document.sentence_index(a.start) < here for a in agents) and _in_sentence(
        _AS_ONE, document, outcome
    )


def more_than_two(document: Document, outcome: Mention) -> bool:
    """Whether the outcome's sentence speaks of three arms or more, one by one.

    If it credits two agents that were combined, the third arm is their combination.
    """
    return _in_sentence(_MORE_THAN_TWO, document, outcome)


def _in_sentence(pattern: re.Pattern[str], document: Document, mention: Mention) -> bool:
    if not document.sentences:
        return False
    sentence = document.sentences[document.sentence_index(mention.start)]
    return pattern.search(document.text, sentence.start, sentence.end) is not None
