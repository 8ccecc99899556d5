"""Regimens: the phrases that say by which route and in which dose an agent was given."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from il12nlp.document import Document, Mention, Span
from il12nlp.findings.identity import Identities
from il12nlp.schema import AGENTS

_ROUTE_WORDS = (
    r"intra(?:tumou?r|ven|peritone|muscul|derm|nas|vesic|arteri|thec|crani|cerebr|pleur|nod|"
    r"lesion|lymphat|hepat|trache|gastr|ventricul|cavit)(?:al|ous|ar|ic|ary)(?:ly)?|"
    r"peri(?:tumou?r|lesion|neur)al(?:ly)?|subcutaneous(?:ly)?|percutaneous(?:ly)?|"
    r"oral(?:ly)?|topical(?:ly)?|systemic(?:ally)?|parenteral(?:ly)?|inhaled|aerosoli[sz]ed"
)
_ROUTE = re.compile(
    rf"\b(?:{_ROUTE_WORDS})\b|(?<![\w.])(?:[ispt]\.\s?[vpcmtdno]\.)|"
    r"(?<!stage\s)(?<!grade\s)(?<!phase\s)(?<!type\s)\b(?:IV|SC|IM|IP)\b",
    re.IGNORECASE,
)
_ROUTE_CUES = (
    *("intra", "peritum", "perilesion", "perineur", "cutaneous", "oral", "topical", "systemic"),
    *("parenteral", "inhaled", "aerosol"),
)
"""Parts of all the words for a route, which are soon looked for; few abstracts have any."""
_SHORT_ROUTE_CUE = re.compile(r"[ispt](?<!\w.)(?:\.\s?\w\.|[vcmp]\b)")
"""What may be a short form of a route, in lower case."""
_REST_OF_NUMBER = r"[\d,.]*(?:\s?[×x]\s?10\s?\^?\(?\d+\)?)?"
_NUMBER = rf"\d{_REST_OF_NUMBER}"
_UNIT = (
    r"(?:µg|μg|ug|mcg|mg|ng|g|kU|MIU|MU|mIU|IU|U|[µμn]M|c?Gy|pfu|vp|units?|micrograms?|"
    r"milligrams?|million\s(?:I?U|(?:international\s)?units)|"
    r"viral\sparticles|plaque[- ]forming\sunits)"
)
_PER = (
    r"(?:\s?(?:/|per)\s?(?:kilogram|kg|square\smet(?:er|re)|m\(2\)|m\^?[2²]|m[lL]|mouse|animal|"
    r"patient|dose|injection|day|week|d|h)(?!\w))*"
)
_TIMES = (
    r"(?:\s(?:once|twice|three\stimes)\s(?:daily|weekly|a\s(?:day|week))|\s(?:daily|weekly)\b|"
    r"\s?×\s?\d+(?!\s?10)(?:\s(?:days|weeks|doses))?)?"
)
_DOSE = re.compile(
    # The digit comes before what must not stand before it: a text is soon searched for a digit.
    rf"\d(?<![\w.-]\d){_REST_OF_NUMBER}"
    rf"(?:(?:\s?[-–]\s?|\sto\s|\sor\s|\sand\s|,\s(?:or\s|and\s)?){_NUMBER})*"
    rf"\s?{_UNIT}(?![\w]){_PER}(?!/){_TIMES}"
)
_DOSE_WORDS = re.compile(r"\b(?:low|high|intermediate|standard|reduced|full)[-\s]doses?\b")
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
        "at in by via every on for over was were is then alone day days week weeks hour hours h",
    )
)
"""Words between an agent and a phrase behind it: "IL-12 was given i.v. at 1 µg/kg"."""
_REACH = 80
"""Characters at most between an agent and its phrase."""
_GIVEN = re.compile(
    r"\b(?:given|injected|administered|delivered|applied|instilled|infused)\b", re.IGNORECASE
)
_BRACKET = re.compile(r"\s?\([^()]{0,60}")
_AT_DOSE = re.compile(r"\b(?:at|the|with|of)\s(?:a\s|an\s)?(?:doses?\sof\s)?$", re.IGNORECASE)
_BY_WEIGHT = re.compile(r"(?:/|per)\s?(?:kg|kilogram|m|square|mouse|day|d|dose)")
_FORMS = {
    "i.v.": "intravenous",
    "iv": "intravenous",
    "i.p.": "intraperitoneal",
    "ip": "intraperitoneal",
    "s.c.": "subcutaneous",
    "sc": "subcutaneous",
    "i.m.": "intramuscular",
    "im": "intramuscular",
    "i.t.": "intratumoral",
    "i.d.": "intradermal",
    "i.n.": "intranasal",
    "p.o.": "oral",
    "systemically": "systemic",
}


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
        self._routes = self._tied(_routes_in(document.text))
        self._doses = self._tied(_doses_in(document.text))

    def qualified(self) -> frozenset[Mention]:
        """Agents that a route or dose is said of."""
        tied = (pairs for group in (self._routes, self._doses) for pairs in group.values())
        return frozenset(mention for pairs in tied for _, mention in pairs)

    def of(self, members: Sequence[Mention], evidence: Iterable[int]) -> Regimen:
        """Phrases of agents: those in the evidence, else where each agent was given last before.

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
        at = self._document.sentence_index
        found: set[Span] = set()
        for name in self._identities.all_of(members):
            spans = [span for span, _ in tied.get(name, ())]
            here = [s for s in spans if at(s.start) in sentences]
            before = [s for s in spans if sentences and at(s.start) < sentences[0]]
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

    def _agents_of(self, span: Span, agents: Sequence[Mention]) -> Iterator[Mention]:
        """The agent that a phrase qualifies, with the one whose name overlaps it, if any."""
        text = self._document.text
        before = [m for m in agents if m.end <= span.start]
        after = [m for m in agents if m.start >= span.end]
        gap = text[max(m.end for m in before) : span.start] if before else None
        behind = gap is not None and _only(_THEN, gap)
        ahead = bool(after) and _only(_KIND, text[span.end : after[0].start], brackets=False)
        bracketed = gap is not None and _BRACKET.fullmatch(gap) is not None
        inside = [m for m in agents if m.start <= span.start and span.end <= m.end]
        if inside:
            yield from inside
        elif bracketed or (behind and gap is not None and _GIVEN.search(gap)):
            yield max(before, key=lambda m: m.end)
        elif ahead:
            yield from (m for m in after if m.start == after[0].start)
        elif behind:
            yield max(before, key=lambda m: m.end)
        elif len(self._identities.all_of(agents)) == 1 and self._by_weight(span):
            yield agents[0]

    def _by_weight(self, span: Span) -> bool:
        """Whether a phrase is a dose by weight or time that a sentence is about: "at 3 mg/kg"."""
        text = self._document.text
        return bool(
            _BY_WEIGHT.search(text, span.start, span.end)
            and _AT_DOSE.search(text, max(0, span.start - 20), span.start)
        )


def _routes_in(text: str) -> Iterator[Span]:
    """The phrases of a text that name a route."""
    lowered = text.lower()
    if any(cue in lowered for cue in _ROUTE_CUES) or _SHORT_ROUTE_CUE.search(lowered):
        yield from (Span(*found.span()) for found in _ROUTE.finditer(text))


def _doses_in(text: str) -> list[Span]:
    """The phrases of a text that give a dose, in its order."""
    spans = [Span(*found.span()) for found in _DOSE.finditer(text)]
    if "dose" in text:
        spans += [Span(*found.span()) for found in _DOSE_WORDS.finditer(text)]
        spans.sort(key=lambda span: span.start)
    return spans


def route_name(phrase: str) -> str:
    """One name for the forms of a route: "i.v." and "intravenously" are "intravenous"."""
    lowered = phrase.lower().replace(" ", "").replace("tumour", "tumor")
    return _FORMS.get(lowered, lowered.removesuffix("ly"))


def _only(words: frozenset[str], gap: str, *, brackets: bool = True) -> bool:
    """Whether a gap holds nothing but such words and other routes and doses."""
    if len(gap) > _REACH or (not brackets and ("(" in gap or ")" in gap)):
        return False
    rest = _DOSE_WORDS.sub(" ", _DOSE.sub(" ", _ROUTE.sub(" ", gap)))
    tokens = re.findall(r"[^\s,()]+", rest.lower())
    return all(token in words or (brackets and token[0].isdigit()) for token in tokens)
