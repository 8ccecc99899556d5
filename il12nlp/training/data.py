"""Documents for a training run: read, given sentences, and kept apart from evaluation data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import DataLeakError
from il12nlp.text.sentences import with_sentences


def load_documents(paths: Sequence[str]) -> list[Document]:
    """Documents of all files, with sentences where the file has none.

    A record that cannot be read stops the run (InputError): training data must be whole.
    """
    return list(with_sentences(formats.read_documents(paths)))


def keys(document: Document) -> set[str]:
    """What tells that two documents are the same abstract: PMID, id, and text without spaces."""
    squeezed = "".join(document.text.split()).casefold()
    digest = hashlib.sha256(squeezed.encode()).hexdigest()
    return {digest, document.id, *([document.pmid] if document.pmid else [])}


def check_apart(train: Iterable[Document], held_out: Iterable[Document]) -> None:
    """Raise DataLeakError where an abstract stands on both sides."""
    held = {key for d in held_out for key in keys(d)}
    shared = [d.id for d in train if keys(d) & held]
    if shared:
        shown = ", ".join(shared[:10])
        raise DataLeakError(
            f"{len(shared)} abstracts stand in training and in evaluation data ({shown}"
            f"{', …' if len(shared) > 10 else ''}): remove them from one of the two"
        )


def without(documents: Iterable[Document], held_out: Iterable[Document]) -> list[Document]:
    """The documents that are not among those held out, by PMID, id or text."""
    held = {key for d in held_out for key in keys(d)}
    return [d for d in documents if not keys(d) & held]
