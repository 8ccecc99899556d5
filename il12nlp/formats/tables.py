"""Tables of findings, one row a finding: CSV, TSV and Parquet. They are only written."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, BinaryIO

from il12nlp.document import Document
from il12nlp.formats.base import Format
from il12nlp.formats.rows import COLUMNS, FindingRow, finding_rows

if TYPE_CHECKING:
    import pyarrow as pa

JOINT = "; "
"""Between the items of a list in a cell of CSV and TSV."""

ROW_GROUP = 10_000
"""Rows of Parquet held in memory and written together."""

_FORMULA = tuple("=+-@＝＋－＠\t\r")
"""First characters that make spreadsheets run a cell as a formula."""


def _cell(value: Any) -> str:
    """A cell of CSV or TSV.

    Line breaks and tabs become spaces, as many readers split at them even in quotes; a text that
    a spreadsheet would run as a formula is led by an apostrophe, which it takes for "text".
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    text = JOINT.join(value) if isinstance(value, tuple) else str(value)
    # The apostrophe depends on the first character as it was: a tab there is suspicious too.
    guard = "'" if text.startswith(_FORMULA) else ""
    return guard + text.replace("\r\n", " ").translate(_BREAKS)


_BREAKS = str.maketrans("\r\n\t", "   ")


class _Encoded:
    """The text side of a binary stream, which csv wants; unlike TextIOWrapper it owns nothing."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.encode("utf-8"))


class _Delimited:
    """Writes rows as CSV or TSV, in UTF-8."""

    def __init__(self, stream: BinaryIO, *, delimiter: str, mark: str = "") -> None:
        stream.write(mark.encode("utf-8"))
        self._rows = csv.writer(_Encoded(stream), delimiter=delimiter, lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def write(self, document: Document) -> None:
        for row in finding_rows(document):
            self._rows.writerow([_cell(getattr(row, name)) for name in COLUMNS])

    def close(self) -> None:
        """Nothing is held back."""


def _csv(stream: BinaryIO) -> _Delimited:
    # With a byte-order mark, without which Excel shows "TNF-α" as "TNF-Î±".
    return _Delimited(stream, delimiter=",", mark="\ufeff")


def _tsv(stream: BinaryIO) -> _Delimited:
    return _Delimited(stream, delimiter="\t")


class _Parquet:
    """Writes rows as Parquet, lists as list columns."""

    def __init__(self, stream: BinaryIO) -> None:
        import pyarrow.parquet as pq

        self._schema = _schema()
        self._writer = pq.ParquetWriter(stream, self._schema, compression="zstd")
        self._rows: list[FindingRow] = []

    def write(self, document: Document) -> None:
        self._rows += finding_rows(document)
        if len(self._rows) >= ROW_GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa

        columns = {name: [getattr(row, name) for row in self._rows] for name in COLUMNS}
        if self._rows:
            self._writer.write_table(pa.table(columns, schema=self._schema))
        self._rows.clear()


def _schema() -> pa.Schema:
    import pyarrow as pa

    kinds = {
        "str": pa.string(),
        "bool": pa.bool_(),
        "float": pa.float64(),
        "tuple[str, ...]": pa.list_(pa.string()),
    }
    return pa.schema([(field.name, kinds[str(field.type)]) for field in fields(FindingRow)])


def _format(name: str, description: str, write: Callable[[BinaryIO], Any]) -> Format:
    return Format(
        name=name,
        suffixes=(f".{name}",),
        description=f"table of findings as {description}; written only",
        sniff=lambda head: False,
        write=write,
    )


CSV = _format("csv", "CSV, for spreadsheets", _csv)
TSV = _format("tsv", "TSV", _tsv)
PARQUET = _format("parquet", "Parquet, with list columns", _Parquet)
