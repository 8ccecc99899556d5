"""Reading therapies, cancers and cells: negligible words off, other wordings, then the head."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from il12nlp.document import Concept
from il12nlp.schema import MentionType
from il12nlp.terminology.derived import narrower
from il12nlp.terminology.phrases import BRACKETS, find_head, reorderings, split_words, strippings
from il12nlp.terminology.word_lists import NEGLIGIBLE, VAGUE_HEADS

Find = Callable[[str], Concept | None]

_SIGN = re.compile(r"\s*\(([+−–-])\)")
_AGAINST = re.compile(
    r"^(?:[\w-]+\s)?(?:antibod(?:y|ies)|antiser(?:um|a)|mabs?)\s"
    r"(?:to|against|targeting|directed\sagainst)\s(?P<antigen>.+)$"
    r"|^(?:inhibition|blockade|blocking|neutrali[sz]ation|inhibitors?|antagonists?|blockers?)\s"
    r"(?:of\s)?(?P<target>.+)$"
    r"|^(?:\w+\s)?anti-?\s?(?P<anti>.+?)(?:[-\s](?:monoclonal|neutrali[sz]ing|blocking|"
    r"antibod(?:y|ies)|mabs?|abs?|therapy|treatment|blockade|checkpoint|inhibitors?))*$"
    r"|^(?P<before>.+?)[-\s](?:blockade|inhibition|neutrali[sz]ation|inhibitors?|antagonists?|"
    r"blockers?|blocking\santibod(?:y|ies)|antibod(?:y|ies))$",
    re.IGNORECASE,
)
_AGAINST_NAMES = ("anti-{} antibody", "{} inhibitor", "anti-{} therapy", "{} blockade")
_MODEL = ("tumour model", "tumour cell line")


class NounPhraseReader:
    """Reads texts of one mention type with its lexicon."""

    def __init__(self, mention_type: str, find: Find, cytokine: Find) -> None:
        """Reader over look-ups of names: of its own type, and of cytokines as targets."""
        self._type = mention_type
        self._find = find
        self._cytokine = cytokine

    def read(self, surface: str) -> Concept | None:
        """The concept that the text names, or a kind of the one that its head names."""
        text = " ".join(_SIGN.sub(r"\1", surface).split())
        for name in self._wordings(text):
            concept = self._find(name)
            if concept is not None:
                return concept
        if self._type == MentionType.CANCER:
            model = self._model(text)
            if model is not None:
                return model
        return self._kind_of_head(text)

    def _wordings(self, text: str) -> Iterator[str]:
        negligible = NEGLIGIBLE[self._type]
        plain = BRACKETS.sub("", text)
        for form in dict.fromkeys((text, plain, *reorderings(plain))):
            yield from strippings(form, lambda word: word.lower() in negligible)
        if self._type == MentionType.THERAPY:
            found = _AGAINST.match(plain)
            if found is not None:
                target = next(g for g in found.groups() if g)
                cytokine = self._cytokine(target)
                for name in (target, cytokine.name) if cytokine else (target,):
                    yield from (wording.format(name) for wording in _AGAINST_NAMES)

    def _model(self, text: str) -> Concept | None:
        """The tumour model that a text starts with: "CT26 colon carcinoma" is CT26."""
        words = split_words(text)
        for end in range(len(words) - 1, 0, -1):
            concept = self._find(" ".join(words[:end]))
            if concept is not None and (concept.category or "").endswith(_MODEL):
                return concept
        return None

    def _kind_of_head(self, text: str) -> Concept | None:
        head = find_head(text, self._find)
        if head is None or head.id in VAGUE_HEADS:
            return None
        return narrower(text, head)
