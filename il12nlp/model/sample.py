"""Abstracts to look at a model with, where nobody has given any."""

from __future__ import annotations

from pathlib import Path

from il12nlp.document import Document
from il12nlp.text.sentences import with_sentences

SAMPLE = Path(__file__).parent / "sample.txt"
"""Eight invented abstracts, of `corpora/cto_authored`'s training part: empty lines lie between."""


def sample_documents() -> list[Document]:
    """The sample, with its sentences."""
    texts = SAMPLE.read_text(encoding="utf-8").strip().split("\n\n")
    documents = (Document(f"sample-{n}", text) for n, text in enumerate(texts, start=1))
    return list(with_sentences(documents))
