"""Evidence across abstracts: how many papers say what, which ones, and where they disagree."""

from il12nlp.report.columns import BY, COLUMNS
from il12nlp.report.evidence import Conflict, EvidenceRow, Tally, Verdict
from il12nlp.report.selection import ROLES, Reason, Selection
from il12nlp.report.summary import Summary, summarise
from il12nlp.report.table import to_frame, writer_of

__all__ = [
    "BY",
    "COLUMNS",
    "ROLES",
    "Conflict",
    "EvidenceRow",
    "Reason",
    "Selection",
    "Summary",
    "Tally",
    "Verdict",
    "summarise",
    "to_frame",
    "writer_of",
]
