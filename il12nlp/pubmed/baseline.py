"""All of PubMed: the files of the yearly baseline and of the daily updates, applied in an index.

https://ftp.ncbi.nlm.nih.gov/pubmed/ has them in `baseline/` and `updatefiles/`, numbered through,
each with its MD5. Files stay as they come; which of them holds the newest version of a citation
says an index beside them, by which our reader leaves out what was revised or withdrawn.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import random
import re
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path

from il12nlp.errors import InputError, NetworkError
from il12nlp.pubmed.fetch import Progress
from il12nlp.pubmed.folder import cannot_write, claimed
from il12nlp.pubmed.index import Entered, Index, open_index
from il12nlp.pubmed.listing import FileNumbers, Listed, listing
from il12nlp.pubmed.transport import HttpSettings, Transport, Trouble

log = logging.getLogger(__name__)

BASELINE_URL = "https://ftp.ncbi.nlm.nih.gov/pubmed/"

_MD5 = re.compile(rb"MD5\s*\(\s*([\w.]+)\s*\)\s*=\s*([0-9a-fA-F]{32})\s*")
_GIVE_UP = 3
"""Files in a row that cannot be had before a run stops asking for more."""


@dataclass(frozen=True, slots=True)
class BaselineSummary:
    """What a run did: `files` wanted, `held` on disk, `new` in this run.

    `citations` and `withdrawn` ones are those of all files. `reasons` say which files could not
    be had and why; the next run asks for them again.
    """

    files: int
    held: int
    new: int
    citations: int
    withdrawn: int
    reasons: tuple[str, ...]


def baseline_settings(base_url: str | None = None) -> HttpSettings:
    """Settings for files of some ten megabytes, with an hour and a gigabyte as their bounds.

    The base URL is the one given, else that of IL12NLP_BASELINE_URL, else NCBI's.
    """
    url = base_url or os.environ.get("IL12NLP_BASELINE_URL") or BASELINE_URL
    return HttpSettings(base_url=url, deadline=3600.0, max_bytes=1 << 30)


def fetch_baseline(
    folder: str | Path,
    *,
    settings: HttpSettings | None = None,
    numbers: FileNumbers | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> BaselineSummary:
    """Fetch the files that the folder lacks and enter them in its index.

    Raises NetworkError where nothing at all can be had, OutputError for a folder that cannot be
    written or holds the baseline of another year, InputError for a damaged index.
    """
    transport = Transport(settings or baseline_settings(), sleep=sleep, jitter=jitter)
    listed = [file for file in listing(transport) if file.number in (numbers or FileNumbers())]
    if not listed:
        raise InputError("the server has no file with such a number")
    path = Path(folder)
    with claimed(path, source="baseline", of=listed[0].year), open_index(path) as index:
        run = _Run(transport, path, index, progress)
        run.go(listed)
        if run.failures and not run.held:
            raise run.failures[0]
        live, withdrawn = index.counts()
        return BaselineSummary(
            files=len(listed),
            held=run.held,
            new=run.new,
            citations=live,
            withdrawn=withdrawn,
            reasons=tuple(map(str, run.failures)),
        )


class _Run:
    """One fetch: how many files are on disk and entered, and which could not be had."""

    def __init__(
        self, transport: Transport, path: Path, index: Index, progress: Progress | None
    ) -> None:
        self.held = self.new = 0
        self.failures: list[NetworkError] = []
        self._transport = transport
        self._path = path
        self._index = index
        self._progress = progress

    def go(self, files: Sequence[Listed]) -> None:
        """Fetch the files that are not here; where some fail in a row, the rest waits."""
        entered = self._index.files()
        lacking = [file for file in files if not self._has(entered.get(file.name))]
        self.held = len(files) - len(lacking)
        in_a_row = 0
        for file in lacking:
            try:
                self._fetch(file)
            except NetworkError as error:
                self.failures.append(error)
                in_a_row += 1
                if in_a_row == _GIVE_UP:
                    return
                continue
            in_a_row = 0
            self.held += 1
            self.new += 1
            if self._progress:
                self._progress(self.held, len(files))

    def _has(self, entered: Entered | None) -> bool:
        if entered is None:
            return False
        place = self._path / entered.name
        return place.is_file() and place.stat().st_size == entered.size

    def _fetch(self, file: Listed) -> None:
        url = self._transport.settings.url(file.folder + file.name)
        md5 = self._transport.ask(f"{url}.md5", lambda answer: self._md5(answer, file.name))
        place, part = self._path / file.name, self._path / f".{file.name}.part"
        try:
            # It may be here, whole but not entered, where a run ended in between.
            here = place.is_file() and _md5_of(place) == md5
            if not here:
                self._transport.ask(url, lambda answer: self._store(answer, part, md5))
            came = place if here else part
            entered = Entered(file.number, file.name, md5, came.stat().st_size)
            with self._index.entering(entered, came):
                os.replace(came, place)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            reason = f"has the right MD5 but is no gzip file ({error}); check the base URL"
            raise NetworkError(f"{url}: {reason}") from error
        except OSError as error:
            raise cannot_write(place, error) from error
        finally:
            part.unlink(missing_ok=True)

    def _md5(self, answer: HTTPResponse, name: str) -> str:
        body = self._transport.body(answer, most=1000)
        match = _MD5.fullmatch(body)
        if not match or match[1].decode() != name:
            reason = f"the answer is no MD5 of {name}: {self._transport.quote(body)}"
            raise Trouble(reason, passing=True)
        return match[2].decode().lower()

    def _store(self, answer: HTTPResponse, part: Path, md5: str) -> None:
        digest = hashlib.md5(usedforsecurity=False)
        with part.open("wb") as file:
            for chunk in self._transport.chunks(answer):
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != md5:
            reason = f"the file's MD5 is {digest.hexdigest()}, not {md5} as the server says"
            raise Trouble(reason, passing=True)


def _md5_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
