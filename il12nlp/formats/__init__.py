"""Readers and writers of documents over one registry of formats.

    for record in formats.read("abstracts.xml.gz"):
        if isinstance(record, formats.Failure):
            ...

`read`, `read_many` and `open_writer` find the format themselves; docs/formats.md tells how each
builds a document's text.
"""

from __future__ import annotations

from il12nlp.formats.base import Deletion, Failure, Format, Record
from il12nlp.formats.reading import expand_inputs, read, read_documents, read_many
from il12nlp.formats.registry import format_names, get_format
from il12nlp.formats.rows import FindingRow, finding_rows
from il12nlp.formats.writing import Writer, open_writer

__all__ = [
    "Deletion",
    "Failure",
    "FindingRow",
    "Format",
    "Record",
    "Writer",
    "expand_inputs",
    "finding_rows",
    "format_names",
    "get_format",
    "open_writer",
    "read",
    "read_documents",
    "read_many",
]
