"""Concepts that the tables do not hold, made from one that they do.

Their id is `NAME:` and the folded text of the mention: it is no identifier of any terminology,
but the same for all spellings of one text, so that such mentions can be counted together.
"""

from __future__ import annotations

from il12nlp.document import Concept
from il12nlp.terminology.names import match_key

PREFIX = "NAME:"
"""Start of ids that name a text, not an entry of a terminology."""


def narrower(surface: str, parent: Concept) -> Concept:
    """Something that is a kind of `parent`: class and polarity are inherited."""
    return _derived(surface, parent, parent.polarity)


def opposite(surface: str, parent: Concept) -> Concept:
    """The inhibition, loss or lack of `parent`: more of it is what less of the parent is."""
    return _derived(surface, parent, -parent.polarity)


def _derived(surface: str, parent: Concept, polarity: int) -> Concept:
    name = " ".join(surface.split())
    return Concept(PREFIX + match_key(surface), name, parent.category, polarity, (parent.id,))
