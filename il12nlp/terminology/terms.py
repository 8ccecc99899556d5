"""Terms that people add: one TSV row gives one name to one concept.

    type    term        id           name     category      polarity  parents
    THERAPY NK-92 cells LOCAL:NK92   NK-92    cell therapy

`type`, `term` and `id` are needed; the other columns may be empty or left out, and need be said
in one row of an id only. An id of the packaged tables adds a name to that concept; another id
makes a new concept, called by its first term where `name` is empty. A term takes precedence over
whatever the packaged tables say of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from il12nlp.document import Concept
from il12nlp.errors import InputError
from il12nlp.schema import MentionType
from il12nlp.terminology.names import match_key

COLUMNS = ("type", "term", "id", "name", "category", "polarity", "parents", "species")
_NEEDED = COLUMNS[:3]
_MAX_BYTES = 64 * 2**20
"""A table of names is read at once; a larger file is no such table."""


@dataclass(frozen=True, slots=True)
class Term:
    """One name of one concept; fields that the row leaves open are None."""

    line: int
    type: str
    term: str
    id: str
    name: str | None = None
    category: str | None = None
    polarity: int | None = None
    parents: tuple[str, ...] | None = None
    species: str | None = None

    def concept(self, base: Concept | None) -> Concept:
        """The concept of this term: what the row says, else what `base` has."""
        known = base or Concept(self.id, self.term)
        return Concept(
            self.id,
            known.name if self.name is None else self.name,
            known.category if self.category is None else self.category,
            known.polarity if self.polarity is None else self.polarity,
            known.parents if self.parents is None else self.parents,
            known.species if self.species is None else self.species,
        )


def read_terms(path: str | Path) -> tuple[Term, ...]:
    """Read a TSV of terms, in the order of its lines.

    Raises InputError with the line of the first bad row, which also counts the others: empty
    or unknown fields, the same term twice, one term for two ids, two rows that contradict each
    other about one id.
    """
    rows = list(_rows(path))
    terms: list[Term] = []
    problems: list[tuple[int, str]] = []
    for line, row in rows:
        try:
            terms.append(_term(line, row))
        except ValueError as error:
            problems.append((line, str(error)))
    problems += [*_clashing_terms(terms), *_contradictions(terms)]
    if problems:
        first, *others = sorted(problems)
        also = f" (and line {', '.join(str(n) for n, _ in others[:10])})" if others else ""
        raise InputError(first[1] + also, path=path, line=first[0])
    return tuple(terms)


def _rows(path: str | Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    source = Path(path)
    try:
        if source.stat().st_size > _MAX_BYTES:
            raise InputError(f"larger than {_MAX_BYTES // 2**20} MiB, no table of terms", path=path)
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read as a UTF-8 table: {error}", path=path) from error
    header = lines[0].split("\t") if lines else []
    if not set(_NEEDED) <= set(header) <= set(COLUMNS):
        raise InputError(
            f"the first line must name columns, of {', '.join(COLUMNS)} "
            f"(the first three are needed), tab between; found {lines[0][:80] if lines else ''!r}",
            path=path,
            line=1,
        )
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) > len(header):
                raise InputError(
                    f"{len(cells)} cells, but {len(header)} columns", path=path, line=number
                )
            yield number, dict(zip(header, cells, strict=False))


def _term(line: int, row: Mapping[str, str]) -> Term:
    for column in _NEEDED:
        if not row.get(column):
            raise ValueError(f"{column} is empty")
    if row["type"] not in list(MentionType):
        raise ValueError(f"unknown type {row['type']!r}; known: {', '.join(MentionType)}")
    if not match_key(row["term"]):
        raise ValueError(f"term {row['term']!r} holds no letter or digit to match")
    polarity = row.get("polarity") or None
    if polarity not in (None, "1", "+1", "0", "-1"):
        raise ValueError(f"polarity {polarity!r} is not +1, 0 or -1")
    parents = row.get("parents") or None
    return Term(
        line,
        row["type"],
        row["term"],
        row["id"],
        row.get("name") or None,
        row.get("category") or None,
        None if polarity is None else int(polarity),
        None if parents is None else tuple(parents.split("|")),
        row.get("species") or None,
    )


def _clashing_terms(terms: Iterable[Term]) -> Iterator[tuple[int, str]]:
    first: dict[tuple[str, str], Term] = {}
    for term in terms:
        known = first.setdefault((term.type, match_key(term.term)), term)
        if known is term:
            continue
        if known.id == term.id:
            yield term.line, f"term {term.term!r} stands in line {known.line} already"
        else:
            yield (
                term.line,
                f"term {term.term!r} means {term.id} here but {known.id} in line {known.line}",
            )


def _contradictions(terms: Iterable[Term]) -> Iterator[tuple[int, str]]:
    first: dict[tuple[str, str], tuple[int, object]] = {}
    for term in terms:
        for column in ("type", "name", "category", "polarity", "parents", "species"):
            value = getattr(term, column)
            if value is None:
                continue
            line, known = first.setdefault((term.id, column), (term.line, value))
            if known != value:
                yield (
                    term.line,
                    f"{column} of {term.id} is {value!r} here but {known!r} in line {line}",
                )
