"""Rows of CSV and TSV that spreadsheets open as they are meant."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, BinaryIO

JOINT = "; "
"""Between the items of a list in a cell."""

_FORMULA = tuple("=+-@＝＋－＠\t\r")
"""First characters that make spreadsheets run a cell as a formula."""

_BREAKS = str.maketrans("\r\n\t", "   ")


def cell(value: Any) -> str:
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


class _Encoded:
    """The text side of a binary stream, which csv wants; unlike TextIOWrapper it owns nothing."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.encode("utf-8"))


class DelimitedRows:
    """Writes a heading and rows in UTF-8: CSV for `delimiter` ",", TSV for a tab."""

    def __init__(self, stream: BinaryIO, columns: Iterable[str], *, delimiter: str) -> None:
        if delimiter == ",":
            # A byte-order mark, without which Excel shows "TNF-α" as "TNF-Î±".
            stream.write("\ufeff".encode())
        self._rows = csv.writer(_Encoded(stream), delimiter=delimiter, lineterminator="\n")
        self._rows.writerow(columns)

    def write(self, values: Iterable[Any]) -> None:
        """Write one row; a tuple becomes one cell."""
        self._rows.writerow([cell(value) for value in values])
