"""Mentions that a tagger ends at a hyphen, in the middle of a compound.

"MX-" of "MX-175" lacks its number, "IL-12-" of "IL-12-treated" has a hyphen too many. Of the
39,950 mentions of the annotated training abstracts 17 end with one, most of them before "and"
("IL-2- and IL-12-treated"), where it stands for what follows later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
        inside = stop < len(words) and places[stop - 1, 1] == places[stop, 0]
        if not inside or words[stop - 1] not in HYPHENS:
            continue
        if words[stop].isdigit() and (stop, kind) not in starts:
            stops[i] = stop + 1
        elif stop - 1 > first:
            stops[i] = stop - 1
    order = np.lexsort((spans.types, stops, spans.first))
    columns = spans.first, stops, spans.types, spans.scores
    return Spans(*(c[order] for c in columns))
