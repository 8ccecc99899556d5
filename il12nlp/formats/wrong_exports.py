"""Text files that curators hold in the place of abstracts, which must not pass for plain text."""

from __future__ import annotations

import re

# Possessive, so that a long file is not tried in every way to part it.
_PMIDS = re.compile(r"\s*+(?:[1-9]\d{0,8}\s++)*+(?:[1-9]\d{0,8})?\Z", re.ASCII)
_SUMMARY = re.compile(
    r"\s*1: (?:[^\r\n]+\r?\n)*?[^\r\n]*\bPMID:\s\d{1,9}(?:;\s\w+:\s\w+)*\.[ \t]*"
    r"(?:\Z|\r?\n\s*(?:\Z|2: ))",
    re.ASCII,
)
_RIS = re.compile(r"\s*TY {2}- [A-Z]{2,6}\s")
_PUBTATOR = re.compile(r"\s*[\w-]+\|t\|")

_WRONG = (
    (
        _PMIDS,
        "holds PMIDs and no abstracts: `il12nlp fetch --pmids FILE -o FOLDER` gets their records",
    ),
    (
        _SUMMARY,
        "is PubMed's 'Summary (text)', which has no abstracts: save it there in the format "
        "'PubMed' or 'Abstract (text)'",
    ),
    (
        _RIS,
        "is a RIS file, which is not read: save its records in PubMed in the format 'PubMed', or "
        "get them by their PMIDs with `il12nlp fetch --pmids FILE -o FOLDER`",
    ),
    (
        _PUBTATOR,
        "is in the format of PubTator, which is not read: write its abstracts as JSON lines, "
        '{"pmid": …, "title": …, "abstract": …}',
    ),
)


def wrong_export(head: str) -> str | None:
    """What is wrong with a file that begins so, and what to do; None for all other texts."""
    return next((what for pattern, what in _WRONG if pattern.match(head)), None)
