"""Lexicons of cytokines, therapies, outcomes, cancers and cells, and linking to them."""

from il12nlp.terminology.linker import Linker
from il12nlp.terminology.tables import version

__all__ = ["Linker", "version"]
