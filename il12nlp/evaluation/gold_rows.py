"""Finding rows written by hand, as `corpora/findings/` holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from il12nlp.errors import InputError
from il12nlp.schema import Benefit, Claim, Direction, Role
from il12nlp.text.folding import fold_name

Names = tuple[frozenset[str], ...]
"""Several things, each by the folded names that are equally right for it."""


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A finding as a reader writes it; `sentence` is where the outcome stands."""

    sentence: int
    outcome: str
    direction: Direction
    cytokines: Names
    therapies: Names
    delivery: Names
    cancers: Names
    benefit: Benefit
    speculative: bool
    role: Role | None = None
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class GoldRows:
    """All findings of some sentences of one document."""

    id: str
    scope: frozenset[int]
    rows: tuple[GoldRow, ...]


def read_rows(path: str | Path) -> tuple[GoldRows, ...]:
    """Read hand-written rows, one document a line; raises InputError with path and line."""
    found = []
    for number, line in enumerate(Path(path).read_bytes().splitlines(), start=1):
        try:
            record = orjson.loads(line)
            rows = tuple(_gold_row(r) for r in record["findings"])
            found.append(GoldRows(str(record["id"]), frozenset(record["scope"]), rows))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"no row of findings: {error!r}", path=path, line=number) from error
    return tuple(found)


def _gold_row(record: Mapping[str, Any]) -> GoldRow:
    names = {key: _names(record[key]) for key in ("cytokines", "therapies", "delivery", "cancers")}
    return GoldRow(
        sentence=int(record["sentence"]),
        outcome=str(record["outcome"]),
        direction=Direction(record["direction"]),
        benefit=Benefit(record["benefit"]),
        speculative=bool(record["speculative"]),
        role=Role(record["role"]) if "role" in record else None,
        claim=Claim(record["claim"]) if "claim" in record else None,
        **names,
    )


def _names(cells: Iterable[str]) -> Names:
    return tuple(frozenset(fold_name(name) for name in cell.split("|")) for cell in cells)
