"""Which citations a file of PubMed XML holds and which it deletes, without parsing the rest.

The bytes are searched for the two places where PubMed's DTD puts a record's own PMID: first in a
MedlineCitation (or BookDocument), and in the DeleteCitation at the end. PMIDs of references and
comments stand elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase

_PMID = rb"<PMID\b([^<>]*)>\s*([1-9][0-9]{0,8})\s*</PMID>"
_OWN = rb"(?:edlineCitation|ookDocument)\b[^<>]*>\s*" + _PMID
# One bracket and one letter in front: searched several times as fast as three whole names.
_WANTED = re.compile(rb"<[DMB](?:(?P<deletions>eleteCitation\b[^<>]*>)|" + _OWN + rb")")
_DELETED = re.compile(_PMID)
_VERSION = re.compile(rb"""\bVersion\s*=\s*["']([0-9]{1,4})["']""")

_CHUNK = 1 << 20
_LONGEST = 1 << 13
"""Bytes at the end of a chunk in which the beginning of a match may stand."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One version of a citation in a file, or its deletion."""

    pmid: int
    version: int
    deleted: bool = False


def citations(stream: BufferedIOBase) -> Iterator[Citation]:
    """Citations and deletions in the order of the file; holds a chunk of a megabyte at a time."""
    wanted, deleted, rest = _WANTED, False, b""
    while chunk := stream.read(_CHUNK):
        rest += chunk
        at = 0
        while match := wanted.search(rest, at):
            at = match.end()
            if not deleted and match["deletions"]:
                wanted, deleted = _DELETED, True
            else:
                attributes, pmid = match.groups()[-2:]
                version = _VERSION.search(attributes)
                yield Citation(int(pmid), int(version[1]) if version else 1, deleted)
        rest = rest[max(at, len(rest) - _LONGEST) :]
