from __future__ import annotations

import pytest

from il12nlp.document import Concept
from il12nlp.findings.identity import Identities
from tests.findings.build import make

IFNA = Concept("F:A", "IFN-alpha")
IFNG = Concept("H:G", "IFN-gamma")
ALFA_2 = Concept("H:A2", "IFN-α2", parents=("F:A",))
OTHER = Concept("H:A8", "IFN-α8", parents=("F:A",))
PEG = Concept("N:P", "PEG-IFN", parents=("F:A",))


def keys(*names: str) -> list[str]:
    """Keys of cytokines that a document names one after another."""
    concepts = {"IFN-α": IFNA, "IFN-γ": IFNG, "interferon": Concept("F:I", "interferon")}
    concepts |= {"IFN alfa-2b": PEG, "IFN-α2a": ALFA_2, "IFN-α8": OTHER, "alpha interferon": IFNA}
    concepts["leucocyte interferon"] = IFNA
    concepts["interferons"] = concepts["interferon"]
    mentions = [(n, "Y", name) for n, name in enumerate(names)]
    document = make([f"{name} acted." for name in names], mentions, [], concepts=concepts)
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


def test_family_name_is_that_of_a_member_whose_name_ends_with_it() -> None:
    assert keys("alpha interferon", "interferon") == ["F:A", "F:A"]
    assert keys("leukocyte interferon", "interferon") == 2 * ["name:leukocyteinterferon"]


def test_family_name_in_the_plural_is_no_member_and_stays_its_own() -> None:
    assert keys("IFN-α", "interferons", "interferon") == ["F:A", "F:I", "F:A"]


def test_interferon_is_its_only_subtype_of_the_document() -> None:
    assert keys("IFN-α2a", "IFN-α", "IFN alfa-2b") == ["H:A2", "H:A2", "N:P"]
    assert keys("IFN-α2a", "IFN-α", "leucocyte interferon")[:2] == ["H:A2", "F:A"]
    assert keys("IFN-α2a", "IFN-α8", "IFN-α") == ["H:A2", "H:A8", "F:A"]


@pytest.mark.parametrize(("between", "one"), [(" (", True), (" or ", False)])
def test_interferon_is_no_subtype_that_stands_apart_in_a_sentence(between: str, one: bool) -> None:
    names = ["IFN-α2a", "IFN-α"]
    document = make(
        [f"{names[0]}{between}{names[1]}) acted."],
        [(0, "Y", "IFN-α2a"), (0, "Y", "IFN-α", 2)],
        [],
        concepts={"IFN-α2a": ALFA_2, "IFN-α": IFNA},
    )

    assert (len(Identities(document).all_of(document.mentions)) == 1) is one
