"""How a summary names a paper."""

from __future__ import annotations

from il12nlp.document import Document

INVENTED = " [invented]"
"""Mark of a document that says of itself that it is no real abstract."""

_EXAMPLE_DOI = "10.5555/"
"""DOI prefix that is kept for examples; what bears it was never published."""


def paper_of(document: Document) -> str:
    """The PMID, else "id:" and the document's id, marked where the abstract is invented."""
    return (document.pmid or f"id:{document.id}") + (INVENTED if _is_invented(document) else "")


def is_marked_invented(paper: str) -> bool:
    """Whether `paper_of` marked it."""
    return paper.endswith(INVENTED)


def paper_order(paper: str) -> tuple[bool, int, str]:
    """Sort key: PMIDs as numbers first, then other ids as texts."""
    return (False, int(paper), "") if paper.isdecimal() else (True, 0, paper)


def _is_invented(document: Document) -> bool:
    doi = str(document.meta.get("doi") or "")
    return bool(document.meta.get("invented")) or doi.startswith(_EXAMPLE_DOI)
