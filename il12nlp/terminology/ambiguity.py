"""From the words of the upstream table of ambiguous names to rules that can be checked.

The upstream rules are sentences for people ("case-sensitive; need definition"). Only what can be
proved from the abstract is translated into permission; what cannot becomes `never`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from il12nlp.terminology.tables import Restriction, Rule

_CASE = frozenset({Rule.CASE})
_DEFINED = frozenset({Rule.DEFINED})
_CASE_DEFINED = frozenset({Rule.CASE, Rule.DEFINED})

_FIXED: Mapping[str, Restriction | None] = {
    "case-sensitive exact match inside an NER span only; never as a dictionary trigger": (
        Restriction(_CASE)
    ),
    "match only case-sensitively and only inside an NER span": Restriction(_CASE),
    "case-sensitive inside NER span": Restriction(_CASE),
    "upper case only": Restriction(_CASE),
    "upper case only; reject lower/title case": Restriction(_CASE),
    "inside NER span only": Restriction(_CASE),
    'not after a number or "/"': Restriction(_CASE),
    "need definition": Restriction(_DEFINED),
    "use the abstract's own definition": Restriction(_DEFINED),
    "require definition in the abstract or trial context": Restriction(
        frozenset({Rule.CASE, Rule.CONTEXT}), ("patients", "phase i", "recist", "trial")
    ),
    "case-sensitive; need definition": Restriction(_CASE_DEFINED),
    "use the abstract's own definition; never lower case": Restriction(_CASE_DEFINED),
    "do not match alone; require the chemokine full name or CCLn/CXCLn in the abstract": (
        Restriction(_CASE_DEFINED)
    ),
    "case-sensitive, murine or chemokine context": Restriction(
        frozenset({Rule.CASE, Rule.CONTEXT}),
        ("chemokine", "murine", "mouse", "mice", "cxcl", "ccl"),
    ),
    "upper case only; need TNFSF14/HVEM/ligand context": Restriction(
        frozenset({Rule.CASE, Rule.CONTEXT}), ("tnfsf14", "hvem", "ligand", "lymphotoxin")
    ),
    "upper case only and leukemia context": Restriction(
        frozenset({Rule.CASE, Rule.CONTEXT}), ("leukemi", "leukaemi")
    ),
    "upper case only and rhabdomyosarcoma context": Restriction(
        frozenset({Rule.CASE, Rule.CONTEXT}), ("rhabdomyosarcoma",)
    ),
    'case-sensitive, with "cells"/"cell line"': Restriction(
        frozenset({Rule.CASE, Rule.CONTEXT}), ("cell", "xenograft", "tumor", "tumour")
    ),
    "only when IL-12/IL-23/IL-27 is within the same sentence": Restriction(
        frozenset({Rule.CONTEXT}), ("il-12", "il-23", "il-27", "interleukin-12", "interleukin 12")
    ),
    "check p28 context": Restriction(frozenset({Rule.CONTEXT}), ("p28", "il-27", "interleukin-27")),
    "THERAPY in bladder cancer/melanoma context": Restriction(
        frozenset({Rule.CONTEXT}), ("bladder", "urothelial", "intravesical", "melanoma")
    ),
    '"pCR" case-sensitive only': Restriction(_CASE),
    # The mention's own type is the context that these ask for.
    "decide by NER type": None,
    "decide by NER type; do not use string alone to assign type": None,
    "only inside an NER span": None,
    "only as an NER span; never as a dictionary trigger": None,
    "only inside an NER span typed CANCER": Restriction(_CASE),
    "chemokine context": None,
    "link to the class row only when no specific agent is named in the span": None,
    "link to the generic row; do not propagate to a specific DOID": None,
    "CYTOKINE -> FPLX:IL12; THERAPY -> NCIT:C1380 or a construct row": None,
    "CYTOKINE id when measured/produced, THERAPY id when administered": None,
    "family row unless a member is named (IL-17 -> IL17A and VEGF -> VEGFA by convention)": None,
    "link to IL12B, not to IL-12": None,
    "link to LTA": None,
    "THERAPY only when delivered as treatment": None,
    "check head noun": None,
    "use as prior, not as label": None,
    "take polarity only with the target cell known": None,
    # Several ids of one type share the name: the lexicon sees that itself.
    "context needed; otherwise link to the first id and flag as ambiguous": None,
}

PINNED = (
    "family row unless a member is named (IL-17 -> IL17A and VEGF -> VEGFA by convention)",
    "link to IL12B, not to IL-12",
    "link to LTA",
)
"""Rules that say which of several ids a name means."""


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """One row of the upstream table, as far as it is used: `ids` by mention type."""

    term: str
    rule: str
    ids: Mapping[str, tuple[str, ...]]


def restriction(name: AmbiguousName) -> Restriction | None:
    """What the name's rule asks for; None where the mention's type is proof enough."""
    if name.rule in _FIXED:
        return _FIXED[name.rule]
    return Restriction(frozenset({Rule.NEVER}))


def strictest(one: Restriction | None, other: Restriction | None) -> Restriction | None:
    """Both restrictions at once, for names that meet under one key."""
    if one is None or other is None:
        return one or other
    return Restriction(one.rules | other.rules, tuple(sorted({*one.context, *other.context})))
