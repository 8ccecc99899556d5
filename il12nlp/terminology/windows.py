"""The stretches of a text that may be a name: a token, and it with the next ones."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

TOKEN = re.compile(r"[^\W_]+\+*")
_GAP = re.compile(r"[-–‑−‐/'’()\[\],.:]?[ \u00a0]?|[ \u00a0][(\[]|\)[-–‑]")
"""What may stand between two tokens of one name."""
_ENDS_A_PHRASE = re.compile(r"[,.:;][ \u00a0]")
_PLAIN = (" ", "-", "/")
_MAX_TOKENS = 9
START = 12
"""Letters of a key by which it is seen early that no name starts so."""
_MAX_KEY = 60


def windows(
    text: str, tokens: Sequence[tuple[re.Match[str], str]], first: int, starts: Container[str]
) -> Iterator[tuple[int, int, str]]:
    """Spans and keys of the token and of it with the next ones, while a name may start so."""
    token, key = tokens[first]
    start, end = token.span()
    yield start, end, key
    for token, next_key in tokens[first + 1 : first + _MAX_TOKENS]:
        if key[:START] not in starts:
            return
        gap = text[end : token.start()]
        if gap not in _PLAIN and (not _GAP.fullmatch(gap) or _ENDS_A_PHRASE.match(gap)):
            return
        end, key = token.end(), key + next_key
        if len(key) > _MAX_KEY:
            return
        if (whole := _closed(text, start, end)) is not None:
            yield start, whole, key


def _closed(text: str, start: int, end: int) -> int | None:
    """The end of a span with the bracket that closes it, "TGF-beta(1)"; None where it is open.

    What stands in brackets of its own, "growth factor (VEGF)", is no part of a name.
    """
    span = text[start:end]
    if span.count("(") <= span.count(")"):
        return end
    glued = span[span.rindex("(") - 1 : span.rindex("(")].isalnum()
    return end + 1 if glued and text.startswith(")", end) else None
