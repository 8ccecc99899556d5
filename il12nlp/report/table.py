"""Summaries as tables: CSV, TSV, Parquet, JSON lines, or a pandas DataFrame, with one form of row.

The columns of a row's group come first, then the counts, then the lists that lead back to the
papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from il12nlp.errors import FormatError
from il12nlp.formats.delimited import DelimitedRows
from il12nlp.formats.registry import suffix_of
from il12nlp.formats.source import STDIN
from il12nlp.formats.whole_file import WholeFile
from il12nlp.report.evidence import EvidenceRow, Tally, Verdict
from il12nlp.report.papers import is_marked_invented

if TYPE_CHECKING:
    import pandas as pd

Flat = dict[str, str | int | tuple[str, ...]]
"""A row's cells by column."""


def flat_row(row: EvidenceRow) -> Flat:
    """A row with one value in each column; breakdowns as texts such as "animal: 2 benefit"."""
    papers = [paper for named in row.papers.values() for paper in named]
    return {
        **row.group,
        "papers": row.tally.papers,
        **{verdict.value: len(row.papers[verdict]) for verdict in Verdict},
        "also_no_effect": row.tally.also_no_effect,
        "conflict": str(row.conflict),
        "invented": sum(map(is_marked_invented, papers)),
        "study_types": _texts(row.by_study_type),
        "cancers": _texts(row.by_cancer),
        **{f"{verdict.value}_papers": row.papers[verdict] for verdict in Verdict},
        "also_no_effect_papers": row.also_no_effect,
    }


def to_frame(rows: Iterable[EvidenceRow]) -> pd.DataFrame:
    """A pandas DataFrame with the columns of the tables; lists are tuples in its cells."""
    import pandas as pd

    return pd.DataFrame([flat_row(row) for row in rows])


def writer_of(path: str) -> Callable[[Sequence[EvidenceRow]], None]:
    """What writes rows to a path, whole or not at all, in the format of its suffix.

    "-" is JSON lines to standard output; .gz and .zst are compressed. Raises FormatError for
    another suffix; the writer raises OutputError for a place that cannot be written.
    """
    suffix = ".jsonl" if path == STDIN else suffix_of(path)
    if suffix not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise FormatError(f"unknown suffix {suffix!r} of a summary; use one of {known}", path=path)
    return partial(_write, path, _WRITERS[suffix])


def _write(
    path: str, write: Callable[[BinaryIO, Sequence[Flat]], None], rows: Sequence[EvidenceRow]
) -> None:
    with WholeFile(path) as file, file.told():
        write(file.stream, [flat_row(row) for row in rows])


def _texts(tallies: Mapping[str, Tally]) -> tuple[str, ...]:
    return tuple(f"{name}: {tally}" for name, tally in tallies.items())


def _delimited(stream: BinaryIO, rows: Sequence[Flat], *, delimiter: str) -> None:
    table = DelimitedRows(stream, rows[0] if rows else (), delimiter=delimiter)
    for row in rows:
        table.write(row.values())


def _json_lines(stream: BinaryIO, rows: Sequence[Flat]) -> None:
    stream.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def _parquet(stream: BinaryIO, rows: Sequence[Flat]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {str: pa.string(), int: pa.int64(), tuple: pa.list_(pa.string())}
    first = rows[0] if rows else {}
    schema = pa.schema([(name, kinds[type(value)]) for name, value in first.items()])
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in first}
    pq.write_table(pa.table(columns, schema=schema), stream, compression="zstd")


_WRITERS: Mapping[str, Callable[[BinaryIO, Sequence[Flat]], None]] = {
    ".csv": partial(_delimited, delimiter=","),
    ".tsv": partial(_delimited, delimiter="\t"),
    ".parquet": _parquet,
    ".jsonl": _json_lines,
}
