"""What passes from a reader to a writer, counted."""

from __future__ import annotations

from dataclasses import dataclass

from il12nlp.formats.base import Deletion, Failure, Record


@dataclass(slots=True)
class Counts:
    """Records, and what the documents among them hold."""

    records: int = 0
    documents: int = 0
    mentions: int = 0
    findings: int = 0
    failed: int = 0
    withdrawn: int = 0

    def add(self, record: Record) -> None:
        """Count a record."""
        self.records += 1
        if isinstance(record, Deletion):
            self.withdrawn += 1
        elif isinstance(record, Failure):
            self.failed += 1
        else:
            self.documents += 1
            self.mentions += len(record.mentions)
            self.findings += len(record.findings)
