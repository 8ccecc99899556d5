"""Annotated documents with findings, put together from names."""

from __future__ import annotations

from itertools import count
from typing import Any

from il12nlp.document import Concept, Document, Finding, Mention
from il12nlp.schema import Benefit, Direction

CLASSES = {
    "IL-12": "interleukin",
    "IL-18": "interleukin",
    "interferon": "interferon",
    "interferon gamma": "interferon",
    "nivolumab": "immune checkpoint inhibitor",
    "pembrolizumab": "immune checkpoint inhibitor",
    "cisplatin": "chemotherapy",
    "tumor growth": "tumour growth",
    "overall survival": "survival",
    "fever": "toxicity/adverse event",
    "melanoma": "skin cancer",
}
"""Names that are linked to a concept; others are not."""


def finding(
    benefit: str = "benefit",
    *,
    cytokines: tuple[str, ...] = ("IL-12",),
    therapies: tuple[str, ...] = (),
    outcome: str = "tumor growth",
    cancers: tuple[str, ...] = (),
    direction: str = "decrease",
    **fields: Any,
) -> dict[str, Any]:
    """What one finding says, names in the place of mention ids."""
    return {
        "cytokines": cytokines,
        "therapies": therapies,
        "outcome": outcome,
        "cancers": cancers,
        "direction": Direction(direction),
        "benefit": Benefit(benefit),
        **fields,
    }


def paper(id: str, *findings: dict[str, Any], study_type: str = "animal", **meta: Any) -> Document:
    """A document with these findings; an id of digits is its PMID, too."""
    surfaces: list[tuple[str, str]] = []
    made = []
    for said in findings:
        ids = {}
        for key, kind in (
            ("cytokines", "CYTOKINE"),
            ("therapies", "THERAPY"),
            ("cancers", "CANCER"),
            ("outcome", "OUTCOME"),
        ):
            names = [said[key]] if key == "outcome" else said[key]
            ids[key] = tuple(f"T{len(surfaces) + n}" for n in range(len(names)))
            surfaces += [(name, kind) for name in names]
        number = f"F{len(made) + 1}"
        made.append(Finding(**{**said, **ids, "outcome": ids["outcome"][0], "id": number}))
    text = " ".join(name for name, _ in surfaces) or "nothing"
    starts = count(0)
    place, mentions = 0, []
    for name, kind in surfaces:
        concept = Concept(f"X:{name}", name, CLASSES[name]) if name in CLASSES else None
        end = place + len(name)
        mentions.append(Mention(f"T{next(starts)}", place, end, kind, name, concept=concept))
        place = end + 1
    return Document(
        id,
        text,
        pmid=id if id.isdigit() else None,
        mentions=tuple(mentions),
        findings=tuple(made),
        study_type=study_type,
        meta=meta,
    ).check()
