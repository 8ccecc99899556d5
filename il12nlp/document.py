"""The document and its annotations: what every reader makes and every layer passes on.

Offsets are Unicode code points, half-open, into `Document.text`, which is the user's own text.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from il12nlp.errors import DocumentError
from il12nlp.schema import Benefit, Claim, Direction, Role, Schema

SCHEMA_VERSION = 1
"""Version of the canonical JSON form of a document."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the text: `kind` is "title" or "abstract", `label` a section's own label."""

    kind: str
    start: int
    end: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's span."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A phrase of the text that is no mention: a route or a dose."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Concept:
    """What a mention names: a terminology entry and what upper layers need to know of it.

    `category` is the class (a therapy's or an outcome's), `polarity` +1 where more of an outcome
    is better for the patient, -1 where it is worse, 0 where it depends. `species` is the host
    that a tumour model or cell line came from ("mouse", "human"), None where that is not known.
    """

    id: str
    name: str
    category: str | None = None
    polarity: int = 0
    parents: tuple[str, ...] = ()
    species: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of the text with a type; `score` is the model's probability, 1.0 for gold."""

    id: str
    start: int
    end: int
    type: str
    text: str
    score: float = 1.0
    concept: Concept | None = None

    def with_concept(self, concept: Concept | None) -> Mention:
        """The mention with another concept; several times as fast as `dataclasses.replace`."""
        return Mention(self.id, self.start, self.end, self.type, self.text, self.score, concept)


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed link between two mentions, by their ids."""

    id: str
    type: str
    head: str
    tail: str
    speculative: bool = False
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that a user tabulates: which agents changed which outcome, and where it stands.

    Mentions and relations are given by id, `evidence` by index into `Document.sentences`.
    `role` is that of the cytokines; `comparators` are the agents that the text sets the finding's
    own against ("than anti-PD-1 alone"); `routes` and `doses` are the phrases that say how those
    were given; `species` are the animals of the cancer models, as their concepts name them.
    """

    id: str
    cytokines: tuple[str, ...]
    therapies: tuple[str, ...]
    outcome: str
    direction: Direction
    benefit: Benefit
    delivery: tuple[str, ...] = ()
    cancers: tuple[str, ...] = ()
    speculative: bool = False
    score: float = 1.0
    evidence: tuple[int, ...] = ()
    relations: tuple[str, ...] = ()
    role: Role = Role.UNKNOWN
    claim: Claim = Claim.UNKNOWN
    comparators: tuple[str, ...] = ()
    routes: tuple[Span, ...] = ()
    doses: tuple[Span, ...] = ()
    species: tuple[str, ...] = ()


_Item = TypeVar("_Item", Mention, Relation, Finding)


@dataclass(frozen=True)
class Document:
    """A text with its annotations.

    Not slotted, unlike its parts, so that the look-up tables below are made once and kept.
    """

    id: str
    text: str
    pmid: str | None = None
    passages: tuple[Passage, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    relations: tuple[Relation, ...] = ()
    findings: tuple[Finding, ...] = ()
    study_type: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_text(
        cls, title: str | None, abstract: str | None, *, id: str, **fields: Any
    ) -> Document:
        """Document whose text is title + newline + abstract, with a passage for each."""
        passages, text = [], ""
        if title:
            passages.append(Passage("title", 0, len(title)))
            text = title
        if abstract:
            text += "\n" if text else ""
            passages.append(Passage("abstract", len(text), len(text) + len(abstract)))
            text += abstract
        return cls(id=id, text=text, passages=tuple(passages), **fields)

    @cached_property
    def mention_by_id(self) -> Mapping[str, Mention]:
        """Mentions by their id."""
        return {m.id: m for m in self.mentions}

    @cached_property
    def relation_by_id(self) -> Mapping[str, Relation]:
        """Relations by their id."""
        return {r.id: r for r in self.relations}

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [s.start for s in self.sentences]

    def sentence_index(self, offset: int) -> int:
        """Index of the sentence that holds an offset, or of the last that starts before it.

        0 for an offset before the first sentence and in a document without sentences.
        """
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def sentence_text(self, index: int) -> str:
        """Text of one sentence."""
        sentence = self.sentences[index]
        return self.text[sentence.start : sentence.end]

    def replace(self, **changes: Any) -> Document:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def check(self, schema: Schema | None = None) -> Document:
        """Prove that offsets, ids and references hold, and return the document itself.

        With a schema, types and linked pairs must be its own. Raises DocumentError or
        SchemaError.
        """
        self._check_spans()
        self._check_references()
        if schema is not None:
            for m in self.mentions:
                schema.check_mention_type(m.type)
            for r in self.relations:
                head, tail = self.mention_by_id[r.head], self.mention_by_id[r.tail]
                schema.check_relation(r.type, head.type, tail.type)
        return self

    def _check_spans(self) -> None:
        length = len(self.text)
        spans: tuple[Passage | Sentence | Mention | Span, ...]
        phrases = (span for f in self.findings for span in (*f.routes, *f.doses))
        spans = (*self.passages, *self.sentences, *self.mentions, *phrases)
        for span in spans:
            if not 0 <= span.start <= span.end <= length:
                problem = f"{span} lies outside the text of {length} characters"
                raise DocumentError(f"{self.id}: {problem}")
        for before, s in pairwise((Sentence(0, 0), *self.sentences)):
            if not before.end <= s.start < s.end:
                raise DocumentError(f"{self.id}: {s} is empty, or begins before {before} ends")
        for m in self.mentions:
            found = self.text[m.start : m.end]
            if found != m.text or not found:
                problem = f"mention {m.id} says {m.text!r} but the text holds {found!r}"
                raise DocumentError(f"{self.id}: {problem} at {m.start}:{m.end}")

    def _check_references(self) -> None:
        mentions = set(_unique_ids(self.id, "mention", self.mentions))
        relations = set(_unique_ids(self.id, "relation", self.relations))
        _unique_ids(self.id, "finding", self.findings)
        for r in self.relations:
            self._require(f"relation {r.id}", (r.head, r.tail), mentions)
        for f in self.findings:
            named = (*f.cytokines, *f.therapies, *f.delivery, f.outcome, *f.cancers)
            self._require(f"finding {f.id}", (*named, *f.comparators), mentions)
            self._require(f"finding {f.id}", f.relations, relations)
            if any(not 0 <= i < len(self.sentences) for i in f.evidence):
                raise DocumentError(f"{self.id}: finding {f.id} cites a sentence that is not there")

    def _require(self, owner: str, named: tuple[str, ...], known: set[str]) -> None:
        missing = [name for name in named if name not in known]
        if missing:
            raise DocumentError(f"{self.id}: {owner} refers to {', '.join(missing)}, not there")


def _unique_ids(document_id: str, kind: str, items: tuple[_Item, ...]) -> list[str]:
    ids = [item.id for item in items]
    if len(set(ids)) != len(ids):
        twice = sorted(i for i, count in Counter(ids).items() if count > 1)
        raise DocumentError(f"{document_id}: {kind} id used twice: {', '.join(twice)}")
    return ids
