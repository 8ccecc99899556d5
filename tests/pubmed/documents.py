"""Invented abstracts with annotations, and helpers to print them otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from il12nlp.document import Document, Mention, Passage, Relation, Sentence

TITLE = "Local IL-12 in B16 melanoma."
SENTENCES = (
    "BACKGROUND: IL-12 with TNF-α may reduce tumor growth.",
    "METHODS: B16 melanoma was treated with IL-12 and cisplatin (p < 0.05).",
    "RESULTS: IL-12 reduced tumor growth; cisplatin did not.",
)


def annotated(pmid: str = "101") -> Document:
    """An abstract with a title, labelled sentences, nested and repeated mentions."""
    text = TITLE + "\n" + " ".join(SENTENCES)
    sentences, at = [Sentence(0, len(TITLE))], len(TITLE) + 1
    for sentence in SENTENCES:
        sentences.append(Sentence(at, at + len(sentence)))
        at += len(sentence) + 1
    wanted = [
        (0, "CYTOKINE", "IL-12"),
        (0, "CANCER", "B16 melanoma"),
        (1, "CYTOKINE", "IL-12"),
        (1, "CYTOKINE", "TNF-α"),
        (1, "OUTCOME", "tumor growth"),
        (2, "CANCER", "B16 melanoma"),
        (2, "CYTOKINE", "IL-12"),
        (2, "THERAPY", "cisplatin"),
        (3, "CYTOKINE", "IL-12"),
        (3, "OUTCOME", "tumor growth"),
        (3, "THERAPY", "cisplatin"),
    ]
    mentions = []
    for number, (index, kind, surface) in enumerate(wanted, start=1):
        start = text.index(surface, sentences[index].start)
        mentions.append(Mention(f"T{number}", start, start + len(surface), kind, surface))
    relations = (
        Relation("R1", "STUDIED_IN", "T1", "T2"),
        Relation("R2", "DECREASES", "T3", "T5", speculative=True),
        Relation("R3", "COMBINED_WITH", "T7", "T8"),
        Relation("R4", "DECREASES", "T9", "T10"),
        Relation("R5", "NO_EFFECT", "T11", "T10"),
    )
    return Document(
        id=pmid,
        pmid=pmid,
        text=text,
        sentences=tuple(sentences),
        mentions=tuple(mentions),
        relations=relations,
        study_type="animal",
        meta={"source": "invented"},
    )


def printed(text: str, pmid: str = "101") -> Document:
    """The bare document that a reader would give for a text."""
    title, _, abstract = text.partition("\n")
    return Document.from_text(title, abstract, id=pmid, pmid=pmid)


def in_sections(parts: Sequence[tuple[str | None, str]], pmid: str = "101") -> Document:
    """A document as readers build it from labelled sections: labels in passages, a line each."""
    passages, at = [Passage("title", 0, len(TITLE))], len(TITLE)
    for label, part in parts:
        passages.append(Passage("abstract", at + 1, at + 1 + len(part), label))
        at += 1 + len(part)
    text = "\n".join([TITLE, *(part for _, part in parts)])
    return Document(id=pmid, pmid=pmid, text=text, passages=tuple(passages))


def places(document: Document) -> dict[str, tuple[int, str]]:
    """For each mention: which sentence-like part it stands in by its text before, and its text."""
    return {m.id: (m.start, m.text) for m in document.mentions}
