"""Names of drugs and procedures that only MeSH knows: a large table, searched where it lies."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from il12nlp.document import Concept
from il12nlp.terminology.names import match_key, singular
from il12nlp.terminology.tables import concept_of, read_table
from il12nlp.terminology.word_lists import VAGUE_DRUGS
from il12nlp.text.folding import fold

_SEPARATORS = re.compile(r"[\s\-'()\[\]]+")
_WORD = re.compile(r"[^\W\d_A-Z]{4}")


class SortedTable:
    """Rows of a packaged table that are found by their first cell; only the lines are kept."""

    def __init__(self, data: bytes) -> None:
        self._lines = data.split(b"\n")[1:-1]

    def find(self, first: str) -> list[list[str]]:
        """All rows that start with a cell."""
        start = f"{first}\t".encode()
        at = bisect_left(self._lines, start)
        rows = []
        while at < len(self._lines) and self._lines[at].startswith(start):
            rows.append(self._lines[at].decode().split("\t"))
            at += 1
        return rows


class DrugNames:
    """MeSH's names of treatments, taken where they are spelled alike and mean one thing."""

    def __init__(self, known: Callable[[str], Concept | None]) -> None:
        """Names over a look-up, by id, of the concepts that the therapy lexicon has itself."""
        self._known = known
        self._names = SortedTable(read_table("mesh.names.tsv.gz"))
        self._concepts = SortedTable(read_table("mesh.tsv.gz"))

    def find(self, name: str) -> Concept | None:
        """The treatment that a name means, None where it is unknown, vague or not sure."""
        key = match_key(singular(name))
        if not key or key in VAGUE_DRUGS:
            return None
        rows = self._names.find(key) or self._names.find(match_key(name))
        spelled = {row[2] for row in rows if row[1].lower() == name.lower()}
        alike = {row[2] for row in rows if not _is_code(name) or _letters(row[1]) == _letters(name)}
        found = [self._concept(id_) for id_ in sorted(spelled & alike or alike)]
        preferred = [c for c in found if match_key(c.name) == key]
        chosen = preferred if len(preferred) == 1 else found
        return chosen[0] if len(chosen) == 1 else None

    def _concept(self, id_: str) -> Concept:
        return self._known(id_) or concept_of(self._concepts.find(id_)[0])


def _is_code(name: str) -> bool:
    """Whether a name holds no word, so that its case must prove it: "psPD-1" is not "PSP-D1"."""
    return _WORD.search(name) is None


def _letters(name: str) -> str:
    return _SEPARATORS.sub("", fold(name).text).removesuffix("s")
