"""Anchoring: where the mentions and sentences of one printing of a text stand in another.

The old text is not at hand, only the offsets, surfaces and sentence digests of a `StandoffRecord`.
Sentences whose digest is found in the new text are fixed points. A mention's surface is looked for
where the shift of the nearest fixed point before or after it says, first exactly, then a few
characters around; a mention found becomes a fixed point itself, so that repeated names fall into
place from unique ones. What stays in doubt is reported, never guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass, replace

from il12nlp.document import Mention, Passage, Sentence
from il12nlp.pubmed.folding import LABEL, Folded, fold
from il12nlp.pubmed.standoff import SentenceSum, StandoffRecord, letters_digest
from il12nlp.text.sentences import split_sentences

_SLACK = 12
"""How far, in code points, a mention may stand from where its fixed points put it: enough for
a few inserted characters, less than the distance at which abstracts repeat a name by chance."""

_OPENERS = "([{\"'“‘«<+-−–±~≥≤"
_CLOSERS = re.compile(r"[^\w\s]*")
_LABEL_BEFORE = re.compile(rf"(?:\A|(?<=\s)){LABEL.pattern}\Z")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LostMention:
    """A mention that could not be placed in the new text, and why."""

    mention: Mention
    reason: str


@dataclass(frozen=True, slots=True)
class Anchored:
    """The annotations in the new text; mentions keep their ids.

    `confirmed` counts the sentences whose digest was found.
    """

    mentions: tuple[Mention, ...]
    sentences: tuple[Sentence, ...]
    lost: tuple[LostMention, ...]
    confirmed: int


def anchor(record: StandoffRecord, text: str) -> Anchored:
    """Place a record's mentions and sentences in a text that says the same in other print.

    Every mention returned has `text[start:end] == mention.text`. Where no sentence of the record
    was recognised, the text is cut into sentences afresh.
    """
    cores = _find_cores(record.sentences, text)
    points = _FixedPoints(record.length, len(text))
    for old, core in cores:
        points.add((old.core_start, old.core_end), core)
    places = _place(_candidates(record.mentions, cores, text), points)
    mentions, lost = [], []
    for m in record.mentions:
        place = places[m.start, m.end]
        if isinstance(place, str):
            lost.append(LostMention(m, place))
        else:
            mentions.append(replace(m, start=place[0], end=place[1], text=text[slice(*place)]))
    sentences = _cover([_whole_sentence(text, core) for _, core in cores], text)
    return Anchored(tuple(mentions), sentences, tuple(lost), len(cores))


def _find_cores(sums: Iterable[SentenceSum], text: str) -> list[tuple[SentenceSum, Span]]:
    """Sentences that stand exactly once in the text, in order, with their core's span there."""
    folded = fold(text, only_letters=True)
    word_starts = [i for i, at in enumerate(folded.starts) if at == 0 or not text[at - 1].isalnum()]
    found: list[tuple[SentenceSum, Span]] = []
    position = 0
    for s in sums:
        hits = [i for i in word_starts if letters_digest(folded.text[i : i + s.size]) == s.digest]
        if len(hits) == 1 and s.size and hits[0] >= position:
            position = hits[0] + s.size
            found.append((s, (folded.starts[hits[0]], folded.ends[position - 1])))
    return found


class _FixedPoints:
    """Pairs of an old and a new offset of the same place, both rising."""

    def __init__(self, old_length: int, new_length: int) -> None:
        self._points: list[tuple[int, int]] = [(0, 0), (old_length, new_length)]

    def add(self, old: Span, new: Span) -> None:
        """Note that an old span is a new one."""
        for point in zip(old, new, strict=True):
            if point not in self._points:
                insort(self._points, point)

    def around(self, old: Span) -> tuple[tuple[int, int], tuple[int, int]]:
        """The last fixed point at or before a span's start and the first at or after its end."""
        before = bisect_right(self._points, old[0], key=lambda p: p[0]) - 1
        after = bisect_left(self._points, old[1], key=lambda p: p[0])
        return self._points[before], self._points[after]


def _candidates(
    mentions: Iterable[Mention], cores: list[tuple[SentenceSum, Span]], text: str
) -> dict[Span, list[Span]]:
    """For each old span the new spans whose folded text is its surface's.

    A span that cuts a word ("p|IL-12") counts only where the mention's sentence is confirmed.
    """
    folded = fold(text)
    occurrences = {surface: _occurrences(surface, folded) for surface in {m.text for m in mentions}}
    candidates = {}
    for m in mentions:
        sure = any(s.core_start <= m.start and m.end <= s.core_end for s, _ in cores)
        candidates[m.start, m.end] = [
            span for span in occurrences[m.text] if sure or _is_word(text, span)
        ]
    return candidates


def _place(candidates: dict[Span, list[Span]], points: _FixedPoints) -> dict[Span, Span | str]:
    """New span of every old one, or the reason why it has none."""
    places: dict[Span, Span | str] = dict.fromkeys(candidates, "not looked for")
    for tolerance in (0, _SLACK):
        waiting, progress = [s for s in places if isinstance(places[s], str)], True
        while progress:
            for old in waiting:
                places[old] = place = _nearest(old, candidates[old], points, tolerance)
                if not isinstance(place, str):
                    points.add(old, place)
            still = [s for s in waiting if isinstance(places[s], str)]
            waiting, progress = still, len(still) < len(waiting)
    return places


def _nearest(old: Span, candidates: list[Span], points: _FixedPoints, tolerance: int) -> Span | str:
    """The one candidate nearest to where the fixed points put an old span, or why there is none."""
    (old_left, new_left), (old_right, new_right) = points.around(old)
    expected = (old[0] + new_left - old_left, old[0] + new_right - old_right)
    near: dict[Span, int] = {}
    for start, end in candidates:
        distance = min(abs(start - e) for e in expected)
        if new_left <= start and end <= new_right and distance <= tolerance:
            near[start, end] = distance
    if not near:
        return "does not stand near its place"
    nearest = min(near.values())
    best = [c for c, d in near.items() if d == nearest]
    return best[0] if len(best) == 1 else f"stands at {len(best)} equally near places"


def _occurrences(surface: str, folded: Folded) -> list[Span]:
    """All spans of the source whose folded form is the surface's."""
    wanted = fold(surface).text
    found: list[Span] = []
    at = folded.text.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        whole_start = at == 0 or folded.starts[at - 1] != folded.starts[at]
        whole_end = end == len(folded.starts) or folded.starts[end] != folded.starts[end - 1]
        if whole_start and whole_end:
            found.append((folded.starts[at], folded.ends[end - 1]))
        at = folded.text.find(wanted, at + 1)
    return found


def _is_word(text: str, span: Span) -> bool:
    """Whether a span does not start or end inside a word."""
    start, end = span
    inside_left = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    inside_right = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not (inside_left or inside_right)


def _whole_sentence(text: str, core: Span) -> Span:
    """A sentence's core with its opening and closing marks and its section label."""
    start, end = core
    while start > 0 and text[start - 1] in _OPENERS:
        start -= 1
    label = _LABEL_BEFORE.search(text, max(0, start - 64), start)
    closing = _CLOSERS.match(text, end)
    return label.start() if label else start, closing.end() if closing else end


def _cover(confirmed: list[Span], text: str) -> tuple[Sentence, ...]:
    """The confirmed sentences, and those that the text between them is cut into."""
    sentences: list[Sentence] = []
    position = 0
    for start, end in (*confirmed, (len(text), len(text))):
        start = max(start, position)
        gap = text[position:start]
        if any(c.isalnum() for c in gap):
            sentences.extend(
                Sentence(position + s.start, position + s.end)
                for s in split_sentences(gap, [Passage("abstract", 0, len(gap))])
            )
        if end > start:
            sentences.append(Sentence(start, end))
        position = max(position, end)
    return tuple(sentences)
