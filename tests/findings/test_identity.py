from __future__ import annotations

import pytest

from il12nlp.document import Concept
from il12nlp.findings.identity import Identities
from tests.findings.build import make

IFNA = Concept("F:A", "IFN-alpha")
IFNG = Concept("H:G", "IFN-gamma")
PEG = Concept("N:P", "PEG-IFN", parents=("F:A",))


def keys(*names: str) -> list[str]:
    """Keys of cytokines that a document names one after another."""
    concepts = {"IFN-α": IFNA, "IFN-γ": IFNG, "interferon": Concept("F:I", "interferon")}
    concepts["IFN alfa-2b"] = PEG
    text = " then ".join(names)
    document = make([text], [(0, "Y", name) for name in names], [], concepts=concepts)
    identities = Identities(document)
    return [identities.of(m) for m in document.mentions]


def test_family_name_is_that_of_its_only_member() -> None:
    assert keys("IFN-α", "interferon") == ["F:A", "F:A"]
    assert keys("IFN-α", "IFN alfa-2b", "interferon") == ["F:A", "N:P", "F:A"]
    assert keys("IFN-γ", "IFN-γ1b", "interferon") == ["H:G", "name:ifngamma1b", "H:G"]


@pytest.mark.parametrize("others", [("IFN-α", "IFN-γ"), ("IL-2",), ()])
def test_family_name_stays_its_own_with_several_members_or_none(others: tuple[str, ...]) -> None:
    assert keys(*others, "interferon")[-1] == "F:I"


def test_family_name_is_not_that_of_the_first_of_two_numbers() -> None:
    assert keys("IL-1", "IL-12", "interleukin")[-1] == "name:interleukin"
