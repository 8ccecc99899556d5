"""The nomenclature of cytokines: other readings of a name, elliptical names, engineered forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from il12nlp.terminology.word_lists import ENGINEERED

_QUALIFIERS = re.compile(
    r"^(?:(?:recombinant|human|murine|mouse|rat|canine|feline|bovine|porcine|ovine|equine|rabbit|"
    r"endogenous|exogenous|natural|native|purified|mature|bioactive|soluble|secreted|serum|"
    r"membrane-bound|single[- ]chain|monomeric|trimeric|transgenic|plasmid|free|total|"
    r"high[- ]dose|low[- ]dose|systemic|intratumoral|intravenous|subcutaneous)\s+)+",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^(?:rec|rhu|rHu|rmu|rMu|rh|rm|rr|hr|mr|hu|Hu|mu|Mu|sc|r|h|m|s)-?(?=[A-Z])")
"""Species and make, written in one with the name: rhIL-12, mOSM, huTNF, scIL-12."""
_TAIL = re.compile(
    r"[\s-]+(?:protein|proteins|cytokine|cytokines|polypeptide|mRNA|mRNAs|gene|genes|cDNA|"
    r"transcript|transcripts|molecule|chemokine|homodimer|heterodimer)$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_ELLIPSIS = re.compile(
    r"^[-–‑]?\s?(?:\d{1,2}[a-zA-Zαβγδ]?\d?|\d{1,2}[-–‑ ]?(?:alpha|beta|gamma)|[A-Fα-ωa-f]\d?[ab]?|"
    r"alpha|beta|gamma)$"
)
"""What is left of a name in a list: "-18" after "IL-12 and", "β" after "IL-1α and"."""
_STEM = re.compile(r"^(.*?[A-Za-z)][-–‑ ]?)(?:\d+[a-zA-Zαβγδ]?(?:[-–‑ ]?(?:alpha|beta|gamma))?)$")
_GREEK_STEM = re.compile(r"^(.*?[A-Za-z0-9)][-–‑ ]?)(?:[α-ω]\d?[ab]?|alpha|beta|gamma|[A-F])$")
_CHEMOKINE = re.compile(
    r"^(?:the\s)?(C|CC|CXC|CX3C|XC)[- ]?(?:motif\s)?chemokine[- ]ligand[- ]?(\d{1,2})$",
    re.IGNORECASE,
)
"""The long form of a chemokine's symbol: "CXC chemokine ligand 12" is CXCL12."""
_ALFA = re.compile(r"(IFN|interferon)([-\s]?)alfa", re.IGNORECASE)
"""Alpha as drugs spell it: "IFN alfa-2a"."""
_PLURAL_NAME = re.compile(r"^(interleukin|interferon)s\b", re.IGNORECASE)

_SPLIT = re.compile(r"[\s/:()+_]+|[-–‑]")
_CODE = re.compile(r"^[A-Z]{1,3}\d{1,3}[A-Z]?$")
"""Names of targeting antibodies and products: L19, F8, F16, NHS, KD033."""
_NOT_THE_CYTOKINE = re.compile(
    r"\banti\b|\bantis|inhibit|antagon|block|neutrali|receptor|\d+r[abαβγ]?\b|trap|\blike\b|"
    r"related|induced|inducing|binding protein|sirna|shrna|\bviral\b|\bv[iI][lL]",
    re.IGNORECASE,
)


def readings(surface: str) -> Iterator[str]:
    """Names that mean the same cytokine as a mention's text, nearest first, without the text.

    >>> list(readings("recombinant human IL-12 (p70)"))[-1]
    'IL-12'
    """
    seen = {surface}
    name = _ALFA.sub(r"\1\2alpha", _PLURAL_NAME.sub(r"\1", surface))
    chemokine = _CHEMOKINE.match(name)
    if chemokine is not None:
        yield f"{chemokine[1].upper()}L{chemokine[2]}"
    for pattern in (_QUALIFIERS, _GLUED, _TAIL, _BRACKETS, _QUALIFIERS, _GLUED):
        name = pattern.sub("", name).strip()
        if name and name not in seen:
            seen.add(name)
            yield name


def synonyms(surface: str) -> tuple[str, ...]:
    """Names joined by a slash ("TRAIL/Apo2L"): one cytokine if all of them mean the same."""
    parts = _BRACKETS.sub("", surface).split("/")
    return tuple(p.strip() for p in parts) if len(parts) > 1 and all(parts) else ()


def restore_head(surface: str, previous: str) -> str | None:
    """The whole name of an elliptical mention, its head taken from the name before it.

    >>> restore_head("-18", "IL-12")
    'IL-18'
    >>> restore_head("β", "IFN-α")
    'IFN-β'
    """
    if not _ELLIPSIS.match(surface):
        return None
    tail = surface.lstrip("-–‑ ")
    found = (_STEM if tail[0].isdigit() else _GREEK_STEM).match(_PLURAL_NAME.sub(r"\1", previous))
    if found is None:
        return None
    stem = found[1]
    glued = stem[-1] not in "-–‑ " and surface[0] in "-–‑"
    return f"{stem}-{tail}" if glued else stem + tail


def is_elliptical(surface: str) -> bool:
    """Whether a mention can only be read together with the name before it."""
    return _ELLIPSIS.match(surface) is not None


def engineered_from(surface: str) -> Iterator[str]:
    """Names that an engineered form may derive from, longest first.

    Only where all the rest of the text is known to describe such forms ("PEG-", "L19-",
    "superkine"): "anti-IL-6", "IL-2 receptor" and "IL-6-like" yield nothing.
    """
    if _NOT_THE_CYTOKINE.search(surface):
        return
    cuts = [0, *(m.end() for m in _SPLIT.finditer(surface)), len(surface) + 1]
    windows = [
        (start, end)
        for i, start in enumerate(cuts[:-1])
        for end in cuts[i + 1 :]
        if (start, end) != (0, len(surface) + 1)
    ]
    for start, end in sorted(windows, key=lambda w: w[0] - w[1]):
        rest = _SPLIT.split(surface[:start]) + _SPLIT.split(surface[end:])
        words = [w for w in rest if w]
        if words and all(w.lower() in ENGINEERED or _CODE.match(w) for w in words):
            name = surface[start:end].strip(" -–‑/:()+_")
            if len(name) > 2:
                yield name
