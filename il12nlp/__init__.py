"""il12nlp finds in PubMed abstracts which cytokine changed which outcome in which cancer.

The names below are resolved on first use, so that importing the package loads neither torch
nor spaCy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.10.0"

_HOME = {
    "Document": "il12nlp.document",
    "Pipeline": "il12nlp.pipeline",
    "annotate": "il12nlp.pipeline",
    "annotate_many": "il12nlp.pipeline",
    "load": "il12nlp.pipeline",
    "summarise": "il12nlp.report",
}

__all__ = ["Document", "Pipeline", "__version__", "annotate", "annotate_many", "load", "summarise"]

if TYPE_CHECKING:
    from il12nlp.document import Document as Document
    from il12nlp.pipeline import Pipeline as Pipeline
    from il12nlp.pipeline import annotate as annotate
    from il12nlp.pipeline import annotate_many as annotate_many
    from il12nlp.pipeline import load as load
    from il12nlp.report import summarise as summarise


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
