"""The pipeline: from a text to mentions, relations, concepts and findings.

annotate          one text or document
annotate_many     many, in batches, in their order and in constant memory
load              a pipeline with another model or device
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

from il12nlp.document import Document, Mention
from il12nlp.findings import assemble
from il12nlp.findings.least_score import check_min_score, scored_at_least
from il12nlp.findings.repeats import without_repeats
from il12nlp.formats import Failure, Record
from il12nlp.formats.base import content_id
from il12nlp.formats.fields import short
from il12nlp.formats.plain import MAX_TITLE_CHARS
from il12nlp.lanes import Lanes, lanes_for
from il12nlp.model.hardware import Precision
from il12nlp.model.loading import load_predictor
from il12nlp.model.predict import BATCH_PIECES, Predictor
from il12nlp.schema import CTO, MentionType
from il12nlp.terminology import Linker
from il12nlp.terminology.matcher import DictionaryMatcher
from il12nlp.text.abbreviations import Abbreviation, find_abbreviations
from il12nlp.text.sentences import with_sentences

logger = logging.getLogger(__name__)

CYTOKINE = MentionType.CYTOKINE

KNOWN_SCORE = 0.95
"""Score of a cytokine that the dictionary knows and the model does not find, or not so.

Of the dictionary's cytokines in the training abstracts of `cto` 0.947 are right to the letter.
"""

READ_AHEAD = 128
"""Documents that are read before batches are made of them, so that texts of like length meet."""

CPU_BATCH_PIECES = 2048
"""Size of a batch on a CPU: as fast there as twice as much, and takes 200 MB less."""

CHARS_PER_PIECE = 4
"""What a word piece is reckoned at where texts are put together before they are cut into pieces."""


class Pipeline:
    """Everything between a reader and a writer.

    `batch_pieces` is the size of a batch in word pieces, padding included; left out, it suits the
    device. `lanes` batches are worked on at a time where there are many documents; left out, as
    many as keep the device busy. Findings and relations that score below `min_score` are left out
    (`scored_at_least`). Threads may share a pipeline; their calls of `annotate` take turns.
    """

    def __init__(
        self,
        predictor: Predictor,
        *,
        linker: Linker | None = None,
        batch_pieces: int | None = None,
        min_score: float = 0.0,
        lanes: int | None = None,
    ) -> None:
        self.predictor = predictor
        self.linker = linker or Linker()
        # Other schemas know no cytokines.
        types = (CYTOKINE,) if predictor.schema == CTO else ()
        self._names = DictionaryMatcher(reader=self.linker.reader, types=types, score=KNOWN_SCORE)
        self.min_score = check_min_score(min_score)
        on_cpu = predictor.device.type == "cpu"
        self.batch_pieces = batch_pieces or (CPU_BATCH_PIECES if on_cpu else BATCH_PIECES)
        self._number = lanes or lanes_for(predictor.device)
        self._turn = Lock()

    def annotate(self, item: str | Document) -> Document:
        """One text or document, annotated; its id is a hash of the text where it has none."""
        with self._turn:
            return self._batch([as_document(item)])[0]

    def annotate_many(self, items: Iterable[str | Document]) -> Iterator[Document]:
        """Texts or documents in their order, annotated; twice `READ_AHEAD` are held at a time."""
        if isinstance(items, str):
            raise TypeError("an iterable of texts was expected, not one text: use annotate()")
        return self._in_lanes(self._batch, _as_documents(items))

    def annotate_records(self, records: Iterable[Record]) -> Iterator[Record]:
        """Records of a reader in their order: failures as they are, documents annotated.

        A document that cannot be annotated becomes a failure, and the others go on.
        """
        return self._in_lanes(self._records, records)

    def _in_lanes(
        self, work: Callable[[list[Any]], list[Any]], records: Iterable[Any]
    ) -> Iterator[Any]:
        source = iter(records)
        windows = iter(lambda: list(islice(source, READ_AHEAD)), [])
        most = self.batch_pieces * CHARS_PER_PIECE
        return self.lanes.run(work, windows, size=chars, most=most)

    @cached_property
    def lanes(self) -> Lanes:
        """The threads that batches are worked on in, begun at first use."""
        return Lanes(self._number)

    def _records(self, records: Sequence[Record]) -> list[Record]:
        done = iter(self._safely([r for r in records if isinstance(r, Document)]))
        return [next(done) if isinstance(r, Document) else r for r in records]

    def _safely(self, documents: Sequence[Document]) -> list[Record]:
        try:
            return list(self._batch(documents))
        except Exception as error:
            # Whatever it is, one document must not cost the user the others: find it by halves.
            if len(documents) == 1:
                logger.debug("%s cannot be annotated", documents[0].id, exc_info=True)
                reason = f"cannot be annotated ({type(error).__name__}: {error})"
                return [Failure("-", None, documents[0].id, reason)]
            half = len(documents) // 2
            return self._safely(documents[:half]) + self._safely(documents[half:])

    def _batch(self, documents: Sequence[Document]) -> list[Document]:
        split = list(with_sentences(documents))
        short, known = self.known_names(split)
        found = self.predictor.predict(split, known=known, budget=self.batch_pieces)
        return self.finish(found, short)

    def known_names(
        self, documents: Sequence[Document]
    ) -> tuple[list[tuple[Abbreviation, ...]], list[tuple[Mention, ...]]]:
        """Abbreviations that the documents define, and mentions that the dictionary knows.

        The stage before the model; the documents have their sentences.
        """
        short = [find_abbreviations(d.text, d.sentences) for d in documents]
        known = [self._names.mentions(d, a) for d, a in zip(documents, short, strict=True)]
        return short, known

    def finish(
        self, documents: Sequence[Document], short: Sequence[Sequence[Abbreviation]]
    ) -> list[Document]:
        """The stage after the model: concepts and findings, with abbreviations as defined."""
        linked = [self.linker.link(d, a) for d, a in zip(documents, short, strict=True)]
        if self.predictor.schema == CTO:
            # Before findings are made, which would cite what is said twice as two relations.
            linked = [without_repeats(d, a) for d, a in zip(linked, short, strict=True)]
        whole = [d.replace(findings=assemble(d, a)) for d, a in zip(linked, short, strict=True)]
        return [scored_at_least(d, self.min_score) for d in whole]


def chars(record: Record) -> int:
    """What a record counts where texts are put together."""
    return len(record.text) if isinstance(record, Document) else 0


def as_document(item: str | Document) -> Document:
    """A document of a text: a first line is the title where it is no paragraph and more follows."""
    if isinstance(item, Document):
        return item
    if not isinstance(item, str):
        raise TypeError(
            f"a text or a Document was expected, not {type(item).__name__}: {short(item)}"
        )
    title, newline, abstract = item.partition("\n")
    if newline and abstract and 0 < len(title) <= MAX_TITLE_CHARS:
        return Document.from_text(title, abstract, id=content_id(item))
    return Document(id=content_id(item), text=item)


def _as_documents(items: Iterable[str | Document]) -> Iterator[Document]:
    """Documents of texts, with the number of one that is none: a table's empty cell, a Failure."""
    for number, item in enumerate(items):
        try:
            document = as_document(item)
        except TypeError as error:
            raise TypeError(f"item {number}: {error}") from None
        yield document


def load(
    model: str | Path | None = None,
    device: str = "auto",
    *,
    precision: Precision = "auto",
    terms: str | Path | None = None,
    min_score: float = 0.0,
) -> Pipeline:
    """A pipeline with the bundled model (None), a model folder or "hub:OWNER/NAME".

    `device` is "auto", "cpu" or "cuda"; `precision` "auto" is bfloat16 on CUDA and on
    processors with instructions for it, else float32; `terms` is a TSV of the user's own terms;
    findings and relations that score below `min_score` are left out. Raises ModelError, InputError
    for the TSV, and ValueError for a score outside 0 to 1.
    """
    check_min_score(min_score)
    linker = Linker(terms=terms)  # first, as what is wrong with a TSV shows at once
    predictor = load_predictor(model, device=device, precision=precision)
    return Pipeline(predictor, linker=linker, min_score=min_score)


_LOADING = Lock()


def _default() -> Pipeline:
    with _LOADING:  # threads that come at once wait for the first, and load nothing
        return _bundled()


@lru_cache(maxsize=1)
def _bundled() -> Pipeline:
    return load()


def annotate(item: str | Document, *, min_score: float = 0.0) -> Document:
    """One text or document, annotated by the bundled model.

    Findings and relations that score below `min_score` are left out.
    """
    check_min_score(min_score)
    return scored_at_least(_default().annotate(item), min_score)


def annotate_many(items: Iterable[str | Document], *, min_score: float = 0.0) -> Iterator[Document]:
    """Texts or documents in their order, annotated by the bundled model, in constant memory.

    Findings and relations that score below `min_score` are left out.
    """
    check_min_score(min_score)
    annotated = _default().annotate_many(items)
    return (scored_at_least(document, min_score) for document in annotated)
