"""Lists of PMIDs: one a line; blank lines and what follows a # do not count."""

from __future__ import annotations

from pathlib import Path

from il12nlp.errors import InputError
from il12nlp.pubmed.answers import is_pmid

_LONGEST_LINE = 1000


def read_pmids(path: str | Path) -> list[str]:
    """The PMIDs of a file, each once, in its order.

    Raises InputError with path and line for what is no PMID, and for a file without any.
    """
    pmids: dict[str, None] = {}
    try:
        # A byte-order mark is what spreadsheets begin a text file with.
        with open(path, encoding="utf-8-sig") as file:
            number = 0
            while line := file.readline(_LONGEST_LINE):
                number += 1
                word, comment, _ = line.partition("#")
                word = word.strip()
                if word and not is_pmid(word):
                    what = "up to nine digits, not starting with 0, one a line"
                    raise InputError(f"{word[:40]!r} is no PMID: {what}", path=path, line=number)
                if word:
                    pmids[word] = None
                # A search strategy, as reviews note it, may be longer than any other line.
                while comment and line and not line.endswith("\n"):
                    line = file.readline(_LONGEST_LINE)
    except UnicodeDecodeError:
        raise InputError("is no text: name a file with one PMID a line", path=path) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    if not pmids:
        raise InputError("holds no PMID", path=path)
    return list(pmids)
