from __future__ import annotations

import pytest

from il12nlp.document import Concept
from il12nlp.terminology.tumor_names import without_cancers

_CANCERS = {
    "glioma": Concept("X:1", "glioma", "cancer"),
    "U87": Concept("X:2", "U87", "human tumour cell line"),
    "U87 cells": Concept("X:2", "U87", "human tumour cell line"),
}


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("growth of glioma", [("growth of tumor", False), ("growth", False)]),
        ("survival in U87",
         [("survival in tumor", False), ("survival in tumor cell", False), ("survival", False)]),
        ("survival of U87 cells",
         [("survival of tumor cell", False), ("survival of tumor", False), ("survival", True)]),
        ("glioma cell death", [("tumor cell death", False), ("tumor death", False)]),
    ],
)  # fmt: skip
def test_without_cancers_tells_tumours_from_their_cells(
    text: str, renamed: list[tuple[str, bool]]
) -> None:
    found = list(without_cancers(text, _CANCERS.get))

    assert found[: len(renamed)] == renamed
