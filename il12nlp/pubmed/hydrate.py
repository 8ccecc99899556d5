"""Hydration: a stand-off corpus gets its texts back, from PubMed or from a local file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Self

import orjson

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import FormatError, InputError, NetworkError, OutputError, RecordError
from il12nlp.formats import Failure, Record
from il12nlp.formats.canonical import document_to_dict
from il12nlp.pubmed.client import PubMedClient
from il12nlp.pubmed.restore import Restored, remedy, restore
from il12nlp.pubmed.standoff import StandoffRecord, read_standoff, text_digest


@dataclass(frozen=True, slots=True)
class Summary:
    """What a hydration did, in numbers.

    `documents` = `exact` (the annotated text, to the last character) + `anchored` (another print
    of it, the annotations placed anew) + `missing`. Mentions and relations are those of the
    documents that have their text; `lost` ones could not be placed. `fetched` counts the texts
    that had to be read or fetched in this run.
    """

    documents: int
    exact: int
    anchored: int
    missing: int
    fetched: int
    mentions: int
    lost_mentions: int
    relations: int
    lost_relations: int


def hydrate(
    corpus: str | Path,
    out: str | Path,
    *,
    source: str | Path | Sequence[str | Path] = (),
    client: PubMedClient | None = None,
) -> Summary:
    """Write the annotated documents of a stand-off corpus to `out`, as canonical JSONL.

    Texts come from `source`, files, folders or patterns in any format that can be read, matched
    by PMID, SHA-256 or id, or else from PubMed. They are kept in `out` + ".texts.jsonl" as they
    come, so that a run that was cut off goes on where it stopped; what `out` itself holds is not
    fetched again either. Documents stand in the order of the corpus. Records without text, texts
    that are others, and mentions that cannot be placed are written with the reason to `out` +
    ".failures.jsonl".

    Raises InputError for a corpus or source that cannot be read, OutputError for a place that
    cannot be written, NetworkError when PubMed gives nothing at all.
    """
    out = Path(out)
    sources = [source] if isinstance(source, str | Path) else source
    run = _Run(read_standoff(corpus), str(corpus), fetches=not sources)
    with _Texts(out) as texts:
        for document in texts.kept():
            run.take(document)
        waiting = run.waiting()
        if sources:
            found = formats.read_many(sources) if waiting else iter(())
        else:
            found = _from_pubmed(client, [record.pmid for record in waiting if record.pmid])
        for record in found:
            if run.take(record) and isinstance(record, Document):
                texts.keep(record)
        run.close()
        with formats.open_writer(out, format="jsonl") as writer:
            for restored in run.in_order():
                writer.write(restored.document)
        _write_failures(out.with_name(out.name + ".failures.jsonl"), run.failures)
        texts.discard()
    return run.summary(fetched=len(waiting) - len(run.waiting()))


class _Run:
    """The state of one hydration: what is restored and what failed, by the records' ids."""

    def __init__(self, records: Iterable[StandoffRecord], corpus: str, *, fetches: bool) -> None:
        self.failures: list[Failure] = []
        self._records = {record.id: record for record in records}
        self._by_text = {record.sha256: record.id for record in self._records.values()}
        self._corpus = corpus
        self._fetches = fetches
        self._restored: dict[str, Restored] = {}
        self._refused: dict[str, str] = {}

    def waiting(self) -> list[StandoffRecord]:
        """Records that have no text yet."""
        return [record for id, record in self._records.items() if id not in self._restored]

    def in_order(self) -> Iterator[Restored]:
        """What is restored, in the order of the corpus."""
        return (self._restored[id] for id in self._records if id in self._restored)

    def take(self, record: Record) -> bool:
        """Restore a document whose text is still missing; whether that was done."""
        if isinstance(record, Failure):
            self.failures.append(record)
            return False
        id = self._id_of(record)
        if id in self._restored or id not in self._records:
            return False
        try:
            self._restored[id] = restored = restore(self._records[id], record)
        except RecordError as error:
            # Another file may hold the right print, so this is no failure yet.
            self._refused.setdefault(id, str(error))
            return False
        for lost in restored.lost_mentions:
            m = lost.mention
            self._fail(id, f"mention {m.id} {m.type} {m.text!r} at {m.start}: {lost.reason}")
        return True

    def _id_of(self, document: Document) -> str:
        # Ids come last: many a collection's own numbers look like PMIDs of other papers.
        if document.pmid in self._records:
            return document.pmid
        return self._by_text.get(text_digest(document.text), document.id)

    def close(self) -> None:
        """Note why records have no text, where that is not told yet."""
        told = {failure.id for failure in self.failures}
        for record in self.waiting():
            if record.id in self._refused:
                self._fail(record.id, self._refused[record.id])
            elif record.id not in told:
                self._fail(record.id, self._why_missing(record))

    def _why_missing(self, record: StandoffRecord) -> str:
        reason = "the source has no such record"
        if self._fetches and record.pmid is None:
            reason = "has no PMID to be fetched by"
        return reason if record.surfaces and record.pmid else f"{reason}; {remedy(record)}"

    def summary(self, *, fetched: int) -> Summary:
        """The run in numbers."""
        restored = list(self.in_order())
        exact = sum(r.exact for r in restored)
        return Summary(
            documents=len(self._records),
            exact=exact,
            anchored=len(restored) - exact,
            missing=len(self._records) - len(restored),
            fetched=fetched,
            mentions=sum(len(r.document.mentions) for r in restored),
            lost_mentions=sum(len(r.lost_mentions) for r in restored),
            relations=sum(len(r.document.relations) for r in restored),
            lost_relations=sum(len(r.lost_relations) for r in restored),
        )

    def _fail(self, id: str, reason: str) -> None:
        self.failures.append(Failure(self._corpus, None, id, reason))


class _Texts:
    """The texts that runs for one output have gathered, so that none is fetched twice."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._path = out.with_name(out.name + ".texts.jsonl")
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            self._stream = self._path.open("a+b")
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written: {error.strerror}") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream:
            self._stream.close()

    def kept(self) -> Iterator[Document]:
        """Documents of the texts file, where a run may have been cut off, and of the output."""
        with suppress(FormatError):
            yield from (r for r in _records(self._path) if isinstance(r, Document))
        for record in _records(self._out):
            if isinstance(record, Failure):
                raise InputError(
                    f"holds what is no document and would be lost ({record.reason}); "
                    "name another output",
                    path=self._out,
                    line=record.line,
                )
            yield record

    def keep(self, document: Document) -> None:
        """Add a text and make sure that it stays if the run is cut off."""
        if self._stream is None:
            raise RuntimeError("texts are kept inside a with block")
        self._stream.write(b"\n" + orjson.dumps(document_to_dict(document)))
        self._stream.flush()

    def discard(self) -> None:
        """Remove the texts file, once the output holds what it held."""
        self._path.unlink()


def _records(path: Path) -> Iterator[Record]:
    if path.exists() and path.stat().st_size:
        yield from formats.read(path, format="jsonl")


def _from_pubmed(client: PubMedClient | None, waiting: Sequence[str]) -> Iterator[Record]:
    """Records of the PMIDs still waiting; a batch that cannot be had becomes failures."""
    client = client or PubMedClient()
    size = client.settings.batch_size
    answered = False
    for start in range(0, len(waiting), size):
        batch = waiting[start : start + size]
        try:
            for record in client.fetch(batch):
                answered = True
                yield record
        except NetworkError as error:
            if not answered:
                raise
            yield from (Failure(client.settings.base_url, None, p, str(error)) for p in batch)


def _write_failures(path: Path, failures: Iterable[Failure]) -> None:
    lines = [orjson.dumps(asdict(f), option=orjson.OPT_APPEND_NEWLINE) for f in failures]
    if lines:
        path.write_bytes(b"".join(lines))
    else:
        path.unlink(missing_ok=True)
