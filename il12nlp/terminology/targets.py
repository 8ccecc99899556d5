"""Which cells a process befell: "apoptosis" is good news in a tumour and bad in T cells.

Processes of any cell have polarity 0. Where the words after the mention name a tumour before any
other cell ("apoptosis of HT-29 cells"), the process of tumour cells is meant; so it is where they
name no cells and the sentence names a tumour and no other cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from il12nlp.document import Concept, Document, Mention
from il12nlp.schema import MentionType

OF_TUMOR: Mapping[str, str] = {
    "GO:0006915": "IL12:O_tumor_cell_apoptosis",
    "GO:0008219": "IL12:O_tumor_cell_death",
    "GO:0008283": "IL12:O_tumor_cell_proliferation",
    "IL12:O_growth": "IL12:O_tumor_growth",
    "IL12:O_cell_viability": "IL12:O_tumor_cell_viability",
    "IL12:O_cytotoxicity": "MESH:D003602",
    "MESH:D002465": "IL12:O_tumor_cell_migration",
    "MESH:D009336": "IL12:O_tumor_necrosis",
}
"""Processes of any cell, and the same in a tumour."""

_GROWTH = "IL12:O_growth"
_REACH = 70
"""Characters after the mention in which its "of …" must name the cells."""
_LINK = re.compile(r"(?:,?\s(?:and|or|,)?\s?[\w-]+){0,3}?\s(?:of|in|against|on|toward|towards)\s")
_TUMOR = re.compile(
    r"\b(?:(?:tumou?r|cancer|leuk(?:a?)emic|neoplastic|malignant|melanoma|lymphoma|myeloma|glioma|"
    r"carcinoma|sarcoma)(?:s|\b)|xenografts?\b)(?![\s-]+(?:necrosis\sfactor|suppress))",
    re.IGNORECASE,
)
_TUMOR_CELL = "tumour cell"


def of_tumor(document: Document, mention: Mention, concepts: Mapping[str, Concept]) -> str | None:
    """Id of the process in tumours that a mention of a general process means, if the text says so.

    `concepts` are those of the document's mentions so far, by mention id.
    """
    process = concepts[mention.id].id
    if process not in OF_TUMOR:
        return None
    sentence = document.sentences[document.sentence_index(mention.start)]
    link = _LINK.match(document.text, mention.end, min(sentence.end, mention.end + _REACH))
    kinds: list[str] = []
    if link is not None:
        kinds = _cells_named(document, concepts, link.end(), min(sentence.end, link.end() + _REACH))
    if not kinds:
        kinds = _cells_named(document, concepts, sentence.start, sentence.end)
        if process != _GROWTH and len(set(kinds)) > 1:
            # What grows beside a tumour is that; what dies or moves may be the other cells.
            return None
    return OF_TUMOR[process] if kinds[:1] == [MentionType.CANCER] else None


def _cells_named(
    document: Document, concepts: Mapping[str, Concept], start: int, end: int
) -> list[str]:
    """The tumours (CANCER) and other cells (CELL) that a stretch of text names, in its order."""
    named = [
        (m.start, -m.end, _kind(m, concepts.get(m.id)))
        for m in document.mentions
        if m.type in (MentionType.CANCER, MentionType.CELL) and start <= m.start < end
    ]
    word = _TUMOR.search(document.text, start, end)
    if word is not None:
        named.append((word.start(), -word.end(), str(MentionType.CANCER)))
    return [kind for *_, kind in sorted(named)]


def _kind(mention: Mention, concept: Concept | None) -> str:
    tumor = concept is not None and concept.category == _TUMOR_CELL
    return str(MentionType.CANCER) if tumor else mention.type
