"""Comparators: the agents that a sentence sets a finding's own against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from il12nlp.document import Document, Mention
from il12nlp.findings.clauses import same_clause
from il12nlp.findings.identity import Identities
from il12nlp.findings.sayings import Saying
from il12nlp.schema import AGENTS, MentionType

_AGAINST = re.compile(
    r"(?<![\w.–-])(?:(?:as\s)?compared\s(?:with|to)|(?:in\s)?comparison\s(?:with|to)|versus|"
    r"(?-i:vs?|VS)|relative\sto|as\sopposed\sto|in\scontrast\s(?:with|to)|rather\sthan|"
    r"(?:than|beyond|exceed(?:ed|s|ing))(?!\s[\d.])|(?:superior|inferior|equivalent|comparable|"
    r"similar)\sto|over(?=\s(?:that\s(?:of|with)\s)?\S+\s(?:alone|monotherapy))|unlike)\b\.?",
    re.IGNORECASE,
)
"""Words of comparison: not "graft-versus-host", "i.v." or "Annexin V", nor "more than 10%"."""
_END = re.compile(
    r"[;:)]|,\s(?:and|but|while|whereas|which|although|with|in|whose)\s|\s(?:was|were|is|are|had|"
    r"has|have|did|do|does|but|while|whereas|which|because|when|after)\s|\."
    r"(?=\s|$)",
)
"""What ends the words of a comparison."""
_EACH = re.compile(
    r"\s(?:(?:that|those|is|was|were|does|did|do|seen|of|with|by|after|in|for)\s){0,3}"
    r"(?:(?:either|each|the\ssingle|the\sindividual|the)\s"
    r"(?:(?:single\s)?(?:agents?|drugs?|treatments?|components?|cytokines?|modality|one)\s)?"
    r"(?:alone|singly|separately|by\sitself)|(?:either|each)\s(?:single\s)?(?:agent|drug|"
    r"treatment|component|cytokine|modality|monotherapy|one)|(?:the\s)?(?:single\sagents|"
    r"monotherap(?:y|ies)|individual\s(?:agents|drugs|treatments|components)))\b",
    re.IGNORECASE,
)
"""Words for the parts of a combination: "than either agent alone"."""
_BRACKETED = re.compile(r"\([^()]*\)|\[[^][]*\]")
_FIGURE = re.compile(r"\s[\d.]")
_REACH = 60
"""Characters between the word of comparison and what it leads to: "than in mice that got B"."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A word of comparison, the agents that it leads to, and whether it means each part."""

    start: int
    mentions: tuple[Mention, ...]
    each: bool


class Comparators:
    """What the findings of a document are compared with, where that is said."""

    def __init__(self, document: Document, identities: Identities) -> None:
        self._document = document
        self._identities = identities
        agents = (m for m in document.mentions if m.type in AGENTS)
        self._agents = sorted(agents, key=lambda m: (m.start, -m.end, m.id))
        self._outcomes = sorted(m.start for m in document.mentions if m.type == MentionType.OUTCOME)
        self._by_sentence: dict[int, tuple[_Comparison, ...]] = {}

    def of(self, saying: Saying) -> tuple[Mention, ...]:
        """The comparators of a saying, from the clause of its outcome, in the order of the text.

        None for the arm that is compared with, and none that is the saying's own agents again.
        """
        found: list[Mention] = []
        for comparison in self._comparisons(self._document.sentence_index(saying.outcome.start)):
            if same_clause(self._document, comparison.start, saying.outcome.start):
                found += self._against(saying, comparison)
        return self._identities.unique(found)

    def _against(self, saying: Saying, comparison: _Comparison) -> tuple[Mention, ...]:
        own = self._identities.all_of(saying.members)
        if comparison.each:
            return saying.members if len(own) > 1 else ()
        if all(m in comparison.mentions for m in saying.agents):
            return ()
        return () if self._identities.all_of(comparison.mentions) == own else comparison.mentions

    def _comparisons(self, sentence: int) -> tuple[_Comparison, ...]:
        if sentence not in self._by_sentence:
            self._by_sentence[sentence] = tuple(self._find(sentence))
        return self._by_sentence[sentence]

    def _find(self, sentence: int) -> Iterator[_Comparison]:
        if not self._document.sentences:
            return
        text, place = self._document.text, self._document.sentences[sentence]
        for cue in _AGAINST.finditer(text, place.start, place.end):
            following = _AGAINST.search(text, cue.end(), place.end)
            end = place.end if following is None else following.start()
            each = _EACH.match(text, cue.end(), end) is not None
            mentions = () if each else self._led_to(cue.start(), cue.end(), place.start, end)
            if each or mentions:
                yield _Comparison(cue.start(), mentions, each)

    def _led_to(self, cue: int, start: int, first: int, last: int) -> tuple[Mention, ...]:
        """The agents between a word of comparison and the end of what is compared with.

        `last` is the end of the sentence or the next word of comparison. Where the comparison
        opens the sentence, its first comma behind an agent ends it.
        """
        after = [m for m in self._agents if start <= m.start < last]
        if not after or after[0].start - start > _REACH:
            return ()
        opening = not self._document.text[first:cue].strip(" (,")
        between = self._document.text[start : after[0].start]
        outcomes = [o for o in self._outcomes if start <= o < last]
        if ";" in between or (opening and "," in between) or _leads_on(between):
            return ()
        end = min((*outcomes, last))
        stop = _END.search(self._document.text, min(after[0].end, end), end)
        end = end if stop is None else stop.start()
        if opening:
            comma = self._document.text.find(",", after[0].end, end)
            end = end if comma < 0 else comma
        inside = [m for m in after if m.end <= end]
        return tuple(m for m in inside if not any(_within(m, other) for other in inside))


def _leads_on(between: str) -> bool:
    """Whether a statement ends between a word of comparison and an agent: "(3 v 9 days), while B".

    Figures are compared by themselves too, so behind one any comma leads on: "3 v 9 days, B did".
    """
    rest = _BRACKETED.sub("", between)
    return ")" in rest or ("," in rest and _FIGURE.match(rest) is not None)


def _within(mention: Mention, other: Mention) -> bool:
    return mention != other and other.start <= mention.start and mention.end <= other.end
