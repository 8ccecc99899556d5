"""Clauses: parts of a sentence that speak of different arms or different cancers."""

from __future__ import annotations

import re

from il12nlp.document import Document

_BREAK = re.compile(r";\s|,\s(?:but|whereas|while|although|and\sin)\s", re.IGNORECASE)


def same_clause(document: Document, one: int, other: int) -> bool:
    """Whether no clause ends between two offsets of the text."""
    start, end = sorted((one, other))
    return _BREAK.search(document.text, start, end) is None
