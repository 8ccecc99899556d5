"""The links that were judged by hand: right ones stay, wrong ones do not come back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from il12nlp.terminology import Linker

JUDGED = Path(__file__).parents[2] / "docs" / "terminology_links.tsv"


def rows(verdict: str) -> list[tuple[str, str, str]]:
    with JUDGED.open(encoding="utf-8", newline="") as file:
        found = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(r["type"], r["surface"], r["concept"]) for r in found if r["verdict"] == verdict]


def test_judged_links_are_200_over_all_types() -> None:
    every = rows("right") + rows("wrong")

    assert len(every) == 200
    assert {t: sum(r[0] == t for r in every) for t in dict.fromkeys(r[0] for r in every)} == (
        dict.fromkeys(("CYTOKINE", "THERAPY", "OUTCOME", "CANCER", "CELL"), 40)
    )


def test_right_links_mean_the_same_or_need_their_abstract(linker: Linker) -> None:
    changed = {}
    certain = 0
    for mention_type, surface, id_ in rows("right"):
        concept = linker.concept(mention_type, surface)
        certain += concept is not None
        # Which cells a process befell, only the abstract tells.
        if concept is not None and concept.id != id_ and mention_type != "OUTCOME":
            changed[surface] = concept.id

    assert changed == {}
    assert certain > 150


@pytest.mark.parametrize(("mention_type", "surface", "id_"), rows("wrong"))
def test_wrong_links_do_not_come_back(
    linker: Linker, mention_type: str, surface: str, id_: str
) -> None:
    concept = linker.concept(mention_type, surface)

    assert concept is None or concept.id != id_
