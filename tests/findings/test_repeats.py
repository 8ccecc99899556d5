from itertools import pairwise

import pytest

from il12nlp.document import Document, Mention, Relation, Sentence
from il12nlp.findings.repeats import without_repeats

TEXT = (
    "Interleukin 2 (IL-2) and melatonin raised survival in melanoma. IL-2 raised survival. "
    "Then IL-2 was given with melatonin."
)


def mention(name: str, surface: str, kind: str, after: int = 0) -> Mention:
    start = TEXT.index(surface, after)
    return Mention(name, start, start + len(surface), kind, surface)


LONG = mention("long", "Interleukin 2", "CYTOKINE")
SHORT = mention("short", "IL-2", "CYTOKINE")
MELATONIN = mention("melatonin", "melatonin", "THERAPY")
SURVIVAL = mention("survival", "survival", "OUTCOME")
MELANOMA = mention("melanoma", "melanoma", "CANCER")
NEXT = mention("next", "IL-2", "CYTOKINE", 60)
NEXT_SURVIVAL = mention("next_survival", "survival", "OUTCOME", 60)
LAST = mention("last", "IL-2", "CYTOKINE", 90)
LAST_MELATONIN = mention("last_melatonin", "melatonin", "THERAPY", 90)


def kept(*relations: tuple[str, Mention, Mention, float]) -> list[int]:
    """Which of the relations stay."""
    made = tuple(
        Relation(str(i), kind, head.id, tail.id, score=score)
        for i, (kind, head, tail, score) in enumerate(relations)
    )
    ends = [0, TEXT.index(" IL-2 raised"), TEXT.index(" Then"), len(TEXT)]
    document = Document(
        "D1",
        TEXT,
        sentences=tuple(
            Sentence(a + (a > 0), b) for a, b in pairwise(ends)
        ),
        mentions=(
            LONG, SHORT, MELATONIN, SURVIVAL, MELANOMA, NEXT, NEXT_SURVIVAL, LAST, LAST_MELATONIN,
        ),
        relations=made,
    ).check()  # fmt: skip
    return [int(r.id) for r in without_repeats(document).check().relations]


def test_the_surest_of_an_agents_mentions_stays() -> None:
    assert kept(("INCREASES", LONG, SURVIVAL, 0.6), ("INCREASES", SHORT, SURVIVAL, 0.8)) == [1]
    assert kept(("INCREASES", LONG, SURVIVAL, 0.8), ("INCREASES", SHORT, SURVIVAL, 0.8)) == [0]
    assert kept(("STUDIED_IN", LONG, MELANOMA, 0.6), ("STUDIED_IN", SHORT, MELANOMA, 0.8)) == [1]


def test_what_is_said_otherwise_stays() -> None:
    both = [("INCREASES", SHORT, SURVIVAL, 0.8), ("INCREASES", MELATONIN, SURVIVAL, 0.7)]
    assert kept(*both) == [0, 1]  # another agent
    assert kept(("INCREASES", LONG, SURVIVAL, 0.6), ("NO_EFFECT", SHORT, SURVIVAL, 0.8)) == [0, 1]
    twice = [("INCREASES", SHORT, SURVIVAL, 0.8), ("INCREASES", NEXT, NEXT_SURVIVAL, 0.7)]
    assert kept(*twice) == [0, 1]  # another mention of the outcome
    apart = [("INCREASES", SHORT, SURVIVAL, 0.8), ("INCREASES", NEXT, SURVIVAL, 0.7)]
    assert kept(*apart) == [0, 1]  # another sentence


@pytest.mark.parametrize("turned", [False, True])
def test_neither_end_of_a_combination_is_repeated(turned: bool) -> None:
    pairs = [(LONG, MELATONIN, 0.6), (SHORT, MELATONIN, 0.8), (LAST, LAST_MELATONIN, 0.5)]
    ends = [(b, a, score) if turned else (a, b, score) for a, b, score in pairs]
    assert kept(*(("COMBINED_WITH", *end) for end in ends)) == [1, 2]


def test_a_document_that_repeats_nothing_is_the_same(il12_document: Document) -> None:
    assert without_repeats(il12_document) is il12_document
