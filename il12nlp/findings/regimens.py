"""Regimens: the phrases that say by which route and in which dose an agent was given."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from il12nlp.document import Document, Mention, Span
from il12nlp.findings.identity import Identities
from il12nlp.findings.regimen_phrases import (
    DOSE,
    DOSE_WORDS,
    ROUTE,
    doses_in,
    route_name,
    routes_in,
)
from il12nlp.schema import AGENTS, StudyType

_KIND = frozenset(
    re.findall(
        r"\w+",
        "recombinant human murine mouse rat the a an of with and daily weekly single repeated dose "
        "doses bolus injection injections administration application delivery infusion infusions "
        "treatment therapy adjuvant maintenance given injected administered delivered applied "
        "instilled infused pegylated soluble total",
    )
)
"""Words between a phrase and the agent that it qualifies: "intratumoral injection of IL-12"."""
_THEN = _KIND | frozenset(
    re.findall(
        r"\w+",
        "at in by via every on for over was were is then followed initially continuous alone once "
        "twice three times day days week weeks hour hours h",
    )
)
"""Words between an agent and a phrase behind it: "IL-12 was given i.v. at 1 µg/kg"."""
_OR = r"\s(?:or|versus|vs\.?)\s"
_ALTERNATIVE = re.compile(
    rf"{_OR}(?={ROUTE.pattern}|{DOSE.pattern}|{DOSE_WORDS.pattern})|"
    rf"(?:{ROUTE.pattern}|{DOSE.pattern}|{DOSE_WORDS.pattern}){_OR}",
    re.IGNORECASE,
)
"""What parts a phrase from another of the same agent: "subcutaneous versus intravenous IL-12"."""
_REACH = 80
"""Characters at most between an agent and its phrase."""
_GIVEN = re.compile(
    r"\b(?:given|injected|administered|delivered|applied|instilled|infused)\b", re.IGNORECASE
)
_VAGUE = re.compile(r"systemic", re.IGNORECASE)
"""What tells a kind of treatment rather than how an agent was given in a study."""
_BRACKET = re.compile(r"(?:\s?[(\[]|;\s)[^()]{0,60}")
"""From an agent into the bracket behind it, or on in the one that it stands in."""
_AT_DOSE = re.compile(r"\b(?:at|the|with|of)\s(?:a\s|an\s)?(?:doses?\sof\s)?$", re.IGNORECASE)
_BY_WEIGHT = re.compile(
    r"(?:/|per)\s?(?:kg|kilogram|m|square|mouse|day|d|dose)|\b(?:kg|m|day|d)\s?\(?\^?[-–−⁻]"
)


@dataclass(frozen=True, slots=True)
class Regimen:
    """Route and dose phrases of some agents; `stated` are the routes said with them."""

    routes: tuple[Span, ...]
    doses: tuple[Span, ...]
    stated: frozenset[str]


class Regimens:
    """The route and dose phrases of a document, each tied to the agent that it qualifies."""

    def __init__(self, document: Document, identities: Identities) -> None:
        self._document = document
        self._identities = identities
        agents = (m for m in document.mentions if m.type in AGENTS)
        self._by_sentence: dict[int, list[Mention]] = defaultdict(list)
        for agent in sorted(agents, key=lambda m: (m.start, -m.end, m.id)):
            self._by_sentence[document.sentence_index(agent.start)].append(agent)
        self._others = [m for m in document.mentions if m.type not in AGENTS]
        self._loose: dict[int, list[Span]] = defaultdict(list)
        self._routes = self._tied(routes_in(document.text))
        self._doses = self._tied(doses_in(document.text))

    def qualified(self) -> frozenset[Mention]:
        """Agents that a route or dose is said of."""
        tied = (pairs for group in (self._routes, self._doses) for pairs in group.values())
        return frozenset(mention for pairs in tied for _, mention in pairs)

    def of(self, members: Sequence[Mention], evidence: Iterable[int]) -> Regimen:
        """Phrases of agents: those in the evidence, else where each agent was given last before,
        but "systemic" only of its own sentence, and in a review, which tells of many studies, all.

        A dose that the evidence gives without naming an agent ("at 3 mg/kg, …") is that of the
        only one.
        """
        if not (self._routes or self._doses or self._loose):
            return Regimen((), (), frozenset())
        sentences = sorted(evidence)
        routes = self._chosen(self._routes, members, sentences)
        doses = self._chosen(self._doses, members, sentences)
        loose = [span for i in sentences for span in self._loose.get(i, ())]
        if loose and len(self._identities.all_of(members)) == 1:
            doses = loose
        here = [s for s in routes if self._document.sentence_index(s.start) in sentences]
        stated = frozenset(route_name(self._document.text[s.start : s.end]) for s in here)
        return Regimen(tuple(routes), tuple(doses), stated)

    def _chosen(
        self,
        tied: dict[str, list[tuple[Span, Mention]]],
        members: Sequence[Mention],
        sentences: Sequence[int],
    ) -> list[Span]:
        if not tied:
            return []
        text, at = self._document.text, self._document.sentence_index
        first = -1 if self._document.study_type == StudyType.REVIEW else min(sentences, default=-1)
        found: set[Span] = set()
        for name in self._identities.all_of(members):
            spans = [span for span, _ in tied.get(name, ())]
            here = [s for s in spans if at(s.start) in sentences]
            before = [s for s in spans if at(s.start) < first and not _VAGUE.match(text, s.start)]
            last = at(max(before, key=lambda s: s.start).start) if before else -1
            found.update(here or [s for s in before if at(s.start) == last])
        return sorted(found, key=lambda s: (s.start, s.end))

    def _tied(self, phrases: Iterable[Span]) -> dict[str, list[tuple[Span, Mention]]]:
        tied: dict[str, list[tuple[Span, Mention]]] = defaultdict(list)
        at = self._document.sentence_index
        for span in phrases if self._document.sentences else ():
            sentence = at(span.start)
            if any(m.start < span.end and span.start < m.end for m in self._others):
                continue
            agents = self._by_sentence.get(sentence, [])
            if not agents and self._by_weight(span):
                self._loose[sentence].append(span)
            for agent in self._agents_of(span, agents):
                tied[self._identities.of(agent)].append((span, agent))
        return tied

    def _agents_of(self, span: Span, agents: Sequence[Mention]) -> Sequence[Mention]:
        """The agent that a phrase qualifies, with the one whose name overlaps it, if any."""
        text = self._document.text
        inside = [m for m in agents if m.start <= span.start and span.end <= m.end]
        if inside:
            return inside
        last = max((m for m in agents if m.end <= span.start), key=lambda m: m.end, default=None)
        after = [m for m in agents if m.start >= span.end]
        gap = "" if last is None else text[last.end : span.start]
        to_next = text[span.end : after[0].start] if after else ""
        for alternatives in (False, True):
            behind = _only(_THEN, gap, alternatives=alternatives)
            ahead = _only(_KIND, to_next, brackets=False, alternatives=alternatives)
            if last and (self._bracketed(gap, span) or (behind and _GIVEN.search(gap))):
                return [last]
            if after and ahead:
                return [m for m in after if m.start == after[0].start]
            if last and behind:
                return [last]
        alone = len(self._identities.all_of(agents)) == 1 and self._by_weight(span)
        return agents[:1] if alone else []

    def _bracketed(self, gap: str, span: Span) -> bool:
        """Whether a phrase stands in a bracket with or behind an agent: "IL-12 (rhIL-12; 5 µg)"."""
        place = self._document.sentences[self._document.sentence_index(span.start)]
        before = self._document.text[place.start : span.start - len(gap)]
        opened = gap[:1] != ";" or before.count("(") > before.count(")")
        return opened and _BRACKET.fullmatch(gap) is not None

    def _by_weight(self, span: Span) -> bool:
        """Whether a phrase is a dose by weight or time that a sentence is about: "at 3 mg/kg"."""
        text = self._document.text
        return bool(
            _BY_WEIGHT.search(text, span.start, span.end)
            and _AT_DOSE.search(text, max(0, span.start - 20), span.start)
        )


def _only(
    words: frozenset[str], gap: str, *, brackets: bool = True, alternatives: bool = False
) -> bool:
    """Whether a gap holds nothing but such words and other routes and doses.

    With `alternatives` these may be parted from the phrase by "or" and "versus".
    """
    if len(gap) > _REACH or (not brackets and ("(" in gap or ")" in gap)):
        return False
    if alternatives:
        gap = _ALTERNATIVE.sub(" ", gap)
    rest = DOSE_WORDS.sub(" ", DOSE.sub(" ", ROUTE.sub(" ", gap)))
    tokens = re.findall(r"[^\s,()]+", rest.lower())
    return all(token in words or (brackets and token[0].isdigit()) for token in tokens)
