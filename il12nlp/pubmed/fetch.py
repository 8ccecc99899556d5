"""Fetching the records of a query or of a list of PMIDs into a folder that `annotate` reads."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from il12nlp.errors import NetworkError
from il12nlp.pubmed.answers import Answer, Found
from il12nlp.pubmed.client import PubMedClient
from il12nlp.pubmed.folder import Kept, open_folder
from il12nlp.pubmed.search import Search, find

log = logging.getLogger(__name__)

SLICE_SIZE = 500
"""Records of one request and file."""

Progress = Callable[[int, int], None]
"""Told how many of how many are on disk."""

_GIVE_UP = 3
"""Slices in a row that cannot be had before a run stops asking for more."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a fetch did: records `wanted` = `held` on disk + `missing` in PubMed + `failed`.

    `new` ones came in this run; `reasons` say why slices failed, which the next run asks for again.
    """

    wanted: int
    held: int
    new: int
    missing: int
    failed: int
    reasons: tuple[str, ...]


def fetch_query(
    query: str,
    folder: str | Path,
    *,
    client: PubMedClient | None = None,
    slice_size: int = SLICE_SIZE,
    progress: Progress | None = None,
) -> Summary:
    """Fetch the records that a query finds; those that the folder holds are not fetched again.

    Raises InputError for a query that finds nothing or too much, OutputError for a folder that
    cannot be written, NetworkError where nothing at all can be had.
    """
    client = client or PubMedClient()
    with open_folder(Path(folder), source="query", of=query) as kept:
        search = find(query, client)
        wanted = dict.fromkeys(pmid for part in search.parts for pmid in part.pmids)
        run = _Run(wanted, kept, client, slice_size, progress)
        for part in search.parts:
            run.from_history(part)
        return _with_lacking(run.finish(), search)


def _with_lacking(done: Summary, search: Search) -> Summary:
    """The summary with what PubMed counts but does not list, which nobody can ask for."""
    if not search.lacking:
        return done
    reason = f"PubMed counts {search.count} records of the query but lists {done.wanted}"
    return replace(
        done,
        wanted=done.wanted + search.lacking,
        failed=done.failed + search.lacking,
        reasons=(*done.reasons, reason),
    )


def fetch_pmids(
    pmids: Iterable[str],
    folder: str | Path,
    *,
    client: PubMedClient | None = None,
    slice_size: int = SLICE_SIZE,
    progress: Progress | None = None,
) -> Summary:
    """Fetch the records of PMIDs; those that the folder holds are not fetched again.

    Raises InputError for a PMID that is none, OutputError for a folder that cannot be written,
    NetworkError where nothing at all can be had.
    """
    client = client or PubMedClient()
    with open_folder(Path(folder), source="pmids", of="") as kept:
        return _Run(dict.fromkeys(pmids), kept, client, slice_size, progress).finish()


class _Run:
    """One fetch: what is wanted, what is on disk, and what could not be had."""

    def __init__(
        self,
        wanted: dict[str, None],
        kept: Kept,
        client: PubMedClient,
        size: int,
        progress: Progress | None,
    ) -> None:
        self._wanted = wanted
        self._kept = kept
        self._client = client
        self._size = size
        self._progress = progress
        self._before = len(kept.pmids & wanted.keys())
        self._failed: dict[str, None] = {}
        self._failures: list[NetworkError] = []

    def from_history(self, found: Found) -> None:
        """Fetch what a search found, as long as the server holds it and no record is here yet.

        What does not come this way is asked for by PMID in the end.
        """
        if not self._kept.pmids.isdisjoint(found.pmids):
            return
        try:
            for start in range(0, found.count, self._size):
                answer = self._client.fetch_found(found, start=start, size=self._size)
                if not self._kept.pmids.isdisjoint(answer.pmids):
                    log.warning("the history server gives a record twice; asking by PMID")
                    return
                self._keep(answer)
        except NetworkError as error:
            log.warning("%s; asking by PMID instead", error)

    def finish(self) -> Summary:
        """Fetch by PMID what is not here yet, list what PubMed lacks, and sum up."""
        # What an answer leaves out is asked for once more before it counts as missing.
        for _ in range(2):
            self._by_pmid(self._waiting())
        missing = [pmid for pmid in self._waiting() if pmid not in self._failed]
        held = len(self._kept.pmids & self._wanted.keys())
        if self._failures and not held:
            raise self._failures[0]
        self._kept.note_missing(missing)
        return Summary(
            wanted=len(self._wanted),
            held=held,
            new=held - self._before,
            missing=len(missing),
            failed=len(self._failed),
            reasons=tuple(dict.fromkeys(map(str, self._failures))),
        )

    def _waiting(self) -> list[str]:
        return [pmid for pmid in self._wanted if pmid not in self._kept.pmids]

    def _by_pmid(self, pmids: Sequence[str]) -> None:
        pmids = [pmid for pmid in pmids if pmid not in self._failed]
        in_a_row = 0
        for start in range(0, len(pmids), self._size):
            batch = pmids[start : start + self._size]
            try:
                if in_a_row < _GIVE_UP:
                    self._keep(self._client.fetch_answer(batch))
                    in_a_row = 0
                else:
                    self._failed.update(dict.fromkeys(batch))
            except NetworkError as error:
                in_a_row += 1
                self._failures.append(error)
                self._failed.update(dict.fromkeys(batch))

    def _keep(self, answer: Answer) -> None:
        if answer.pmids:
            self._kept.add(answer)
        if self._progress:
            self._progress(len(self._kept.pmids), len(self._wanted))
