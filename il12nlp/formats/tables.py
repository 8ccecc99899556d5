"""Tables of findings, one row a finding: CSV, TSV and Parquet. They are only written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from il12nlp.document import Document
from il12nlp.errors import OutputError
from il12nlp.formats.base import Format
from il12nlp.formats.delimited import DelimitedRows
from il12nlp.formats.rows import COLUMNS, FindingRow, finding_rows

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 10_000
"""Rows of Parquet held in memory and written together."""


def _rows(document: Document) -> list[FindingRow]:
    """Rows of a document; raises OutputError for half a surrogate pair, which UTF-8 cannot hold.

    Before a row is written, or held back to be written with those of other documents.
    """
    try:
        f"{document.id}{document.text}".encode()
    except UnicodeEncodeError as error:
        raise OutputError(f"{document.id}: cannot be written: {error}") from error
    return finding_rows(document)


class _Delimited:
    """Writes findings as CSV or TSV."""

    def __init__(self, stream: BinaryIO, *, delimiter: str) -> None:
        self._rows = DelimitedRows(stream, COLUMNS, delimiter=delimiter)

    def write(self, document: Document) -> None:
        for row in _rows(document):
            self._rows.write(getattr(row, name) for name in COLUMNS)

    def close(self) -> None:
        """Nothing is held back."""


class _Parquet:
    """Writes rows as Parquet, lists as list columns."""

    def __init__(self, stream: BinaryIO) -> None:
        import pyarrow.parquet as pq

        self._schema = _schema()
        self._writer = pq.ParquetWriter(stream, self._schema, compression="zstd")
        self._rows: list[FindingRow] = []

    def write(self, document: Document) -> None:
        self._rows += _rows(document)
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


CSV = _format("csv", "CSV, for spreadsheets", partial(_Delimited, delimiter=","))
TSV = _format("tsv", "TSV", partial(_Delimited, delimiter="\t"))
PARQUET = _format("parquet", "Parquet, with list columns", _Parquet)
