"""Mentions that a tagger ends at a hyphen, in the middle of a compound.

"MX-" of "MX-175" lacks its number, "IL-12-" of "IL-12-treated" has a hyphen too many. Of the
27,940 mentions of the annotated training abstracts 20 end with one, as in "B- and T-cell
responses", and none of them right before a letter or digit.
"""

from __future__ import annotations

from collections.abc import Sequence

from il12nlp.model.decode import Spans
from il12nlp.model.features import Ints

HYPHENS = frozenset("-‐‑‒–−")


def mend_hyphens(spans: Spans, words: Sequence[str], places: Ints) -> Spans:
    """The spans of one document, none of them ending at a hyphen inside a compound.

    A number behind the hyphen is taken in, unless a span of the same type starts there; before
    anything else the hyphen is let go. `places`: Shape (words, 2), start and end of each word in
    the text.
    """
    stops = spans.stop.copy()
    starts = set(zip(spans.first.tolist(), spans.types.tolist(), strict=True))
    rows = zip(spans.first.tolist(), stops.tolist(), spans.types.tolist(), strict=True)
    for i, (first, stop, kind) in enumerate(rows):
        if stop == len(words) or words[stop - 1] not in HYPHENS:
            continue
        if places[stop - 1, 1] != places[stop, 0] or not words[stop].isalnum():
            continue
        if words[stop].isdigit() and (stop, kind) not in starts:
            stops[i] = stop + 1
        elif stop - 1 > first:
            stops[i] = stop - 1
    return spans.ending(stops)
