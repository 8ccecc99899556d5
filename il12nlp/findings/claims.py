"""Claims: whether a sentence tells what was known, aimed at, done, found or concluded.

A section's label decides, of the passage or in the text ("RESULTS: …", "Conclusion."); without
one, the wording and the place in the abstract do.
"""

from __future__ import annotations

import re
from functools import cached_property

from il12nlp.document import Document
from il12nlp.schema import Claim, StudyType

STRONGEST = (
    Claim.RESULT,
    Claim.CONCLUSION,
    Claim.METHOD,
    Claim.AIM,
    Claim.BACKGROUND,
    Claim.UNKNOWN,
)
"""What counts of several sentences that say the same: an own result before all else."""

_LABELS = (
    (re.compile(r"result|finding|observation|outcome|synthesis|efficacy|safety"), Claim.RESULT),
    (re.compile(r"conclu|interpret|discussion|significan|implication|recommend"), Claim.CONCLUSION),
    (re.compile(r"aim|objectiv|purpose|hypothes|goal"), Claim.AIM),
    (re.compile(r"method|material|design|patient|procedure|approach|setting|experiment|"
                r"animal|acquisition|analys"),
     Claim.METHOD),
    (re.compile(r"background|introduction|rational|context|relevance|importance|(?:need|known)\b"),
     Claim.BACKGROUND),
)  # fmt: skip
"""Kinds of sections by the words of their labels; of mixed ones the first counts."""

_LABEL_WORD = (
    r"(?:BACKGROUNDS?|INTRODUCTION|RATIONALE|CONTEXT|RELEVANCE|AIMS?|OBJECTIVES?|PURPOSE|"
    r"HYPOTHESIS|METHODS?|METHODOLOGY|MATERIALS?|PATIENTS?|PARTICIPANTS|ANIMALS|DESIGN|APPROACH|"
    r"RESULTS?|FINDINGS?|CONCLUSIONS?|INTERPRETATION|DISCUSSION|ETHNOPHARMACOLOGICAL|"
    r"EXPERIMENTAL|CLINICAL|IMPORTANCE|SIGNIFICANCE|IMPLICATIONS?|LIMITATIONS?|OUTCOMES?|"
    r"EVIDENCE|ACQUISITION|SYNTHESIS|ANALYSIS|KEY|MAIN|POINTS|RECOMMENDATIONS?|STUDY)"
)
_WRITTEN_LABEL = re.compile(
    rf"((?i:{_LABEL_WORD}(?:(?:\s(?:and|&|of)\s(?:the\s)?|\s|/){_LABEL_WORD})*))(?::|\.?$)|"
    r"([A-Z][A-Z]+(?:[\s,/&-]+[A-Z]+)*):"
)
"""A label in the text: before a colon, or as a sentence of its own; in capitals any words."""

_CONCLUSION = re.compile(
    r"\b(?:we\s(?:\w+ly\s)?(?:conclude|propose|suggest|believe|reason|recommend|speculate|"
    r"postulate|would)|(?:these|our|the\spresent|this)\s(?:\w+\s)?(?:results?|findings?|data|"
    r"observations?|study|studies|work|experience)\s(?:\w+\s)?(?:suggests?|indicates?|supports?|"
    r"imply|implies|demonstrates?|shows?|establish(?:es)?|provides?|highlights?|identif(?:y|ies)|"
    r"reveals?|agrees?)|taken\stogether|collectively|in\s(?:conclusion|summary)|"
    r"it\sis\s(?:concluded|proposed)|(?:results|findings|data)\s(?:suggest|indicate|support))\b",
    re.IGNORECASE,
)
"""Words of conclusion wherever they stand behind the first results."""
_CLOSING = re.compile(
    r"\b(?:thus|therefore|hence|overall(?!\s(?:survival|response|remission|rate))|"
    r"conceivabl[ey]|promising|warrants?|merits?|deserves?|"
    r"(?:may|might|could|should|can)\s(?:\w+\s)?(?:be|have|help|offer|represent|serve|provide|"
    r"improve|become|prevent|deepen|reduce|increase|do|postpone|support))\b",
    re.IGNORECASE,
)
"""Words that conclude only near the end of an abstract."""
_PAST = re.compile(
    r"(?<![\w-])\d|\b(?:was|were|had|did|occurred|developed|remained|showed|increased|decreased|"
    r"reduced|improved)\b",
    re.IGNORECASE,
)
"""Signs that a last sentence reports rather than concludes."""
_AIM = re.compile(
    r"\b(?:(?:we|this\s(?:study|trial|work))\s(?:\w+\s)?(?:investigat|examin|evaluat|explor|ask|"
    r"sought|aim|wished|wanted|set\sout|hypothesi[sz]ed|tested|compared|studied|determined|"
    r"assess|address)\w*|(?:aims?|objectives?|purpose|goal)\s"
    r"(?:of|was|is|were)|to\s(?:investigate|determine|evaluate|assess|examine|test\swhether|"
    r"explore|learn|find\sout|study|clarify|establish)|(?:was|were)\s"
    r"(?:investigated|evaluated|examined|explored))\b",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\b(?:(?:has|have)\s(?:\w+\s)?(?:been\s(?:\w+\s)?(?:shown|demonstrated|reported|described|"
    r"used|linked|implicated|associated|proposed)|shown|demonstrated|reported|failed|cooperated|"
    r"emerged)|previous(?:ly)?|recent\s(?:stud(?:y|ies)|reports?|work|data)|(?:is|are)\s(?:\w+\s)?"
    r"(?:known|suspected|believed|thought)|(?:earlier|preclinical|nonrandomi[sz]ed)\s(?:work|data|"
    r"stud(?:y|ies)|trials?|reports))\b",
    re.IGNORECASE,
)
"""Words for what others have shown."""
_OWN = re.compile(
    r"\b(?:we|our|here|this\s(?:study|trial|report)|were|was|had|did|randomi[sz]ed|underwent|"
    r"received|(?-i:Herein)|the\spresent\s(?:stud(?:y|ies)|trial|work|paper|report|results?|"
    r"findings?|data)|(?:these|the)\s(?:results|findings|data)\s(?:show|demonstrate|indicate|"
    r"reveal)(?:ed)?)\b|"
    r"\d\s?(?:%|±|vs?\.?\s|of\s\d)|\d-?fold\b|\b[pPn]\s?[<=]\s?[\d.]",
    re.IGNORECASE,
)
"""Words and figures with which authors begin to speak of their own work."""
_FOUND = re.compile(
    r"(?<![-–])\b(?:inhibited|prolonged|suppressed|prevented|augmented|abolished|abrogated|"
    r"restored|delayed|slowed|raised|lowered|promoted|amplified|reversed|eradicated|blocked|showed|"
    r"revealed|demonstrated|led\sto|resulted\sin|failed\sto|"
    r"(?:increased|decreased|reduced|enhanced|improved|stimulated|induced|caused|produced)"
    r"(?=\s(?:(?:both|all)\s)?(?:the|an?|its|their|in|to|from|\d)\b))\b(?!\sby\b|-)"
)
"""Past tense of what agents do; words that mostly qualify a noun, only before an article."""
_NO_SUBJECT = re.compile(
    r"(?:[,(]|\b(?:is|are|was|were|be|been|being|has|have|had|an?|the|this|that|these|those|its|"
    r"their|as|of|by|to|in|on|at|for|from|with|and|or|under|during|after|before|without|through|"
    r"than|into|show|exhibit|when|if))\s(?:(?:\w+ly|also|not|both|all|either)\s)*$"
)
"""What stands before participles: "with prolonged survival", "is markedly enhanced in"."""


class Claims:
    """The claim of each sentence of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._texts = [document.sentence_text(i) for i in range(len(document.sentences))]
        self._found: dict[int, Claim] = {}
        self._sections = self._labelled()

    def of(self, sentence: int) -> Claim:
        """Claim of one sentence, by its index; unknown in a document without sentences."""
        if sentence >= len(self._texts):
            return Claim.UNKNOWN
        if sentence not in self._found:
            self._found[sentence] = self._find(sentence)
        return self._found[sentence]

    def _find(self, sentence: int) -> Claim:
        text, section = self._texts[sentence], self._sections[sentence]
        if self._is_title(sentence):
            return self._title(text)
        if section is None:
            return self._by_wording(sentence, text)
        if section in (Claim.BACKGROUND, Claim.AIM):
            return self._before_methods(sentence, text)
        return section

    def _is_title(self, sentence: int) -> bool:
        start = self._document.sentences[sentence].start
        return any(p.kind == "title" and p.start <= start < p.end for p in self._document.passages)

    def _title(self, text: str) -> Claim:
        """A title states what its paper found, unless it asks or reviews."""
        if self._document.study_type == StudyType.REVIEW:
            return Claim.BACKGROUND
        return Claim.AIM if text.rstrip().endswith("?") else Claim.RESULT

    def _labelled(self) -> list[Claim | None]:
        """The section of each sentence, from passages' labels or those written in the text.

        A label in the text holds until the next one; one that stands alone, for its sentence.
        """
        labels: dict[int, Claim] = {}
        for index, text in enumerate(self._texts):
            match = _WRITTEN_LABEL.match(text)
            section = _section(match.group()) if match and not self._is_title(index) else None
            if section is not None:
                labels[index] = section
        written: Claim | None = None
        sections: list[Claim | None] = []
        for index in range(len(self._texts)):
            written = labels.get(index, written if len(labels) > 1 else None)
            sections.append(self._passage_section(index) or written)
        return sections

    def _passage_section(self, sentence: int) -> Claim | None:
        start = self._document.sentences[sentence].start
        labels = (p.label for p in self._document.passages if p.start <= start < p.end)
        return next((_section(label) for label in labels if label), None)

    def _before_methods(self, sentence: int, text: str) -> Claim:
        """In sections on background or aim: what was known, unless an aim is spoken of.

        An aim section without a word of aim is one wholly: "Objective: IL-12 in melanoma."
        """
        if _AIM.search(text):
            return Claim.AIM
        section = self._sections[sentence]
        spoken = any(
            _AIM.search(t) for t, s in zip(self._texts, self._sections, strict=True) if s == section
        )
        return Claim.BACKGROUND if spoken or section == Claim.BACKGROUND else Claim.AIM

    @cached_property
    def _own_from(self) -> int:
        """Index of the first sentence after the title that speaks of the authors' own work."""
        for index, text in enumerate(self._texts):
            own = (_OWN.search(text) or _tells_finding(text)) and not _KNOWN.search(text)
            if own and not self._is_title(index):
                return index
        return len(self._texts)

    def _by_wording(self, sentence: int, text: str) -> Claim:
        to_end = len(self._texts) - 1 - sentence
        if sentence > self._own_from:
            if _CONCLUSION.search(text) or (to_end < 2 and _CLOSING.search(text)):
                return Claim.CONCLUSION
            if to_end == 0 and not _PAST.search(text):
                return Claim.CONCLUSION
        if sentence <= self._own_from and _AIM.search(text):
            return Claim.AIM
        if sentence < self._own_from or self._document.study_type == StudyType.REVIEW:
            return Claim.BACKGROUND
        known = _KNOWN.search(text) and not _OWN.search(text)
        return Claim.BACKGROUND if known else Claim.RESULT


def _tells_finding(text: str) -> bool:
    """Whether a sentence tells in the past tense what something did: "IL-12 slowed growth"."""
    return any(_NO_SUBJECT.search(text, 0, m.start()) is None for m in _FOUND.finditer(text))


def _section(label: str) -> Claim | None:
    lowered = label.lower()
    return next((claim for words, claim in _LABELS if words.search(lowered)), None)
