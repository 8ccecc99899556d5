"""Mentions that a tagger lets run on into a word that ends no name."""

from __future__ import annotations

from collections.abc import Sequence

from il12nlp.model.decode import Spans

NEVER_LAST = frozenset(
    {"and", "by", "from", "into", "of", "than", "that", "the", "to", "via", "which", "with"}
)
"""Words with which none of the 286,274 mentions of the annotated texts ends."""


def trim_trailing(spans: Spans, words: Sequence[str]) -> Spans:
    """The spans of one document without such words at their ends; what is nothing else goes."""
    stops = spans.stop.copy()
    for i, first in enumerate(spans.first.tolist()):
        while stops[i] > first and words[stops[i] - 1].lower() in NEVER_LAST:
            stops[i] -= 1
    trimmed = spans.ending(stops)
    return trimmed.where(trimmed.stop > trimmed.first)
