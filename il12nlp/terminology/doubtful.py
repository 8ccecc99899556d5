"""Names that the cytokine lexicon knows and that mostly are no cytokine: the model decides there.

Databases count hormones, alarmins and decoy receptors among the cytokines, and list symbols that
nearly always mean something else. Annotators marked each of these in fewer than half of the places
where it stands in the training corpora, most of them never (docs/terminology.md). Where a mention
of one is found, it is linked all the same.
"""

from __future__ import annotations

from il12nlp.document import Concept
from il12nlp.terminology.names import match_key

_CONCEPTS = {
    "HGNC:4261": "growth hormone",
    "HGNC:6553": "leptin",
    "HGNC:9445": "prolactin",
    "HGNC:13633": "adiponectin",
    "IL12:adipokine": "adipokine",
    "HGNC:11255": "osteopontin",
    "HGNC:4983": "HMGB1",
    "IL12:alarmin": "alarmin",
    "HGNC:6561": "galectin-1",
    "HGNC:6563": "galectin-3",
    "HGNC:10498": "S100A8",
    "HGNC:10499": "S100A9",
    "HGNC:10489": "S100A12",
    "IL12:calprotectin": "calprotectin",
    "HGNC:4053": "ISG15",
    "HGNC:2001": "gremlin",
    "HGNC:16039": "ANGPTL4",
    "HGNC:4601": "progranulin",
    "HGNC:2732": "DDT",
    "HGNC:11909": "osteoprotegerin",
    "HGNC:6019": "IL-6 receptor",
    "HGNC:5987": "IL-18 binding protein",
    "IL12:cytokine": "monokine",
}
"""Concepts, hormones first, then matricellular and danger signals, decoys, and a class."""

_SYMBOLS = frozenset(
    match_key(symbol)
    for symbol in (
        *("GVHD", "ATF", "ATF1", "ATF2", "MRP1", "MRP2", "TSC1", "iMac", "mARC", "EPR", "LAP"),
        *("CED", "LTB", "p33", "EVn", "NIRF", "SCI", "NAF", "ML-1", "TC-1", "PLAB", "CR1", "HSF"),
        *("MST1", "K12", "p43", "p47", "IFL", "LMC", "CC3", "BR-1", "NAI", "AIMP1", "NAMPT", "MIP"),
        *("macrophage inflammatory protein", "CXCL", "CXCR3 ligand", "neurotrophin"),
        *("anakinra", "Kineret", "c-sis"),
    )
)
"""Symbols of other things, halves of names that go on ("MIP-1"), classes, a receptor antagonist
that is a drug, an oncogene."""

_CARBON_TETRACHLORIDE = "CCl"
"""As it is written in CCl4; the chemokine is CCL4, or Ccl4 of the mouse."""


def is_doubtful(surface: str, concept: Concept) -> bool:
    """Whether a name that the cytokine lexicon knows mostly is no cytokine.

    >>> is_doubtful("GVHD", Concept("HGNC:5962", "IL-10"))
    True
    """
    return (
        concept.id in _CONCEPTS
        or match_key(surface) in _SYMBOLS
        or surface.startswith(_CARBON_TETRACHLORIDE)
    )
