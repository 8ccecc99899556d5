"""Small documents for tests of the assembly, written the way an annotator would."""

from __future__ import annotations

from collections.abc import Sequence

from il12nlp.document import Concept, Document, Finding, Mention, Relation, Sentence
from il12nlp.findings import assemble
from il12nlp.schema import CTO

TYPES = {"Y": "CYTOKINE", "T": "THERAPY", "O": "OUTCOME", "C": "CANCER"}
LABELS = {
    "INC": "INCREASES",
    "DEC": "DECREASES",
    "NOE": "NO_EFFECT",
    "COM": "COMBINED_WITH",
    "DEL": "DELIVERED_BY",
    "STU": "STUDIED_IN",
}


def make(
    sentences: Sequence[str],
    mentions: Sequence[tuple[int, str, str] | tuple[int, str, str, int]],
    relations: Sequence[tuple[object, ...]],
    *,
    concepts: dict[str, Concept] | None = None,
) -> Document:
    """Document from sentences, (sentence, type letter, surface, occurrence?) and
    (label, head, tail, "spec"?) by index of the mention from 0.
    """
    text, spans = "", []
    for sentence in sentences:
        spans.append(Sentence(len(text), len(text) + len(sentence)))
        text += sentence + " "
    made: list[Mention] = []
    for index, (sentence, letter, surface, *occurrence) in enumerate(mentions):
        start = spans[sentence].start - 1
        for _ in range(occurrence[0] if occurrence else 1):
            start = text.index(surface, start + 1)
        concept = (concepts or {}).get(surface)
        made.append(
            Mention(f"T{index}", start, start + len(surface), TYPES[letter], surface, 1.0, concept)
        )
    linked = tuple(
        Relation(f"R{n}", LABELS[str(label)], f"T{head}", f"T{tail}", "spec" in rest)
        for n, (label, head, tail, *rest) in enumerate(relations)
    )
    return Document(
        id="D", text=text, sentences=tuple(spans), mentions=tuple(made), relations=linked
    ).check(CTO)


def rows(document: Document) -> list[str]:
    """Findings as "cytokines + therapies [delivery] outcome direction {cancers}"."""
    return [row(document, f) for f in assemble(document)]


def row(document: Document, finding: Finding) -> str:
    def texts(ids: Sequence[str]) -> str:
        return ", ".join(document.mention_by_id[i].text for i in ids)

    agents = " + ".join(filter(None, (texts(finding.cytokines), texts(finding.therapies))))
    delivery = f" [{texts(finding.delivery)}]" if finding.delivery else ""
    cancers = f" {{{texts(finding.cancers)}}}" if finding.cancers else ""
    outcome = document.mention_by_id[finding.outcome].text
    return f"{agents}{delivery} {outcome} {finding.direction}{cancers}"
