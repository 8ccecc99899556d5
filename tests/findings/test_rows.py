from __future__ import annotations

from dataclasses import replace

import pytest

from il12nlp.document import Concept, Document
from il12nlp.findings import assemble
from il12nlp.schema import Benefit
from tests.findings.build import make, rows

GROWTH = Concept("O:growth", "tumor growth", "tumour growth", -1)


@pytest.mark.parametrize(
    ("label", "polarity", "benefit"),
    [
        ("INC", 1, Benefit.BENEFIT),
        ("INC", -1, Benefit.HARM),
        ("DEC", 1, Benefit.HARM),
        ("DEC", -1, Benefit.BENEFIT),
        ("INC", 0, Benefit.UNKNOWN),
        ("DEC", None, Benefit.UNKNOWN),
        ("NOE", -1, Benefit.NONE),
        ("NOE", None, Benefit.NONE),
    ],
)
def test_benefit_is_direction_times_polarity(
    label: str, polarity: int | None, benefit: Benefit
) -> None:
    concept = None if polarity is None else Concept("O:x", "x", "other", polarity)
    document = make(
        ["IL-12 changed x."],
        [(0, "Y", "IL-12"), (0, "O", "x")],
        [(label, 0, 1)],
        concepts={"x": concept} if concept else {},
    )

    assert assemble(document)[0].benefit == benefit


def said_twice(first: str = "plain", second: str = "plain") -> Document:
    return make(
        ["IL-12 reduced tumor growth.", "So IL-12 inhibits the growth of tumors."],
        [
            (0, "Y", "IL-12"),
            (0, "O", "tumor growth"),
            (1, "Y", "IL-12"),
            (1, "O", "growth of tumors"),
        ],
        [("DEC", 0, 1, first), ("DEC", 2, 3, second)],
        concepts={"tumor growth": GROWTH, "growth of tumors": GROWTH},
    )


def test_the_same_finding_said_twice_is_one_row_with_both_sentences() -> None:
    findings = assemble(said_twice())

    assert len(findings) == 1
    assert findings[0].evidence == (0, 1)
    assert findings[0].relations == ("R0", "R1")
    assert findings[0].outcome == "T1"


def test_a_plain_saying_wins_over_a_hedged_one() -> None:
    for document, outcome in ((said_twice("spec"), "T3"), (said_twice(second="spec"), "T1")):
        (finding,) = assemble(document)

        assert not finding.speculative
        assert finding.outcome == outcome
        assert finding.evidence == (0, 1)


def test_a_finding_is_speculative_where_every_saying_is_hedged() -> None:
    (finding,) = assemble(said_twice("spec", "spec"))

    assert finding.speculative


def test_a_hedged_combination_makes_its_finding_speculative() -> None:
    document = make(
        ["IL-12, perhaps given with X, cut pain."],
        [(0, "Y", "IL-12"), (0, "T", "X"), (0, "O", "pain")],
        [("DEC", 0, 2), ("DEC", 1, 2), ("COM", 0, 1, "spec")],
    )

    assert assemble(document)[0].speculative


def test_outcomes_without_concept_are_equal_by_their_folded_name() -> None:
    document = make(
        ["IL-12 raised TNF‑α.", "IL-12 raised TNF-alpha.", "IL-12 raised TNF-β."],
        [
            *[(n, "Y", "IL-12") for n in range(3)],
            (0, "O", "TNF‑α"),
            (1, "O", "TNF-alpha"),
            (2, "O", "TNF-β"),
        ],
        [("INC", n, n + 3) for n in range(3)],
    )

    assert rows(document) == ["IL-12 TNF‑α increase", "IL-12 TNF-β increase"]


def test_other_directions_and_other_agents_are_other_rows() -> None:
    document = make(
        ["IL-12 cut pain.", "IL-12 raised pain.", "IL-18 cut pain.", "IL-12 plus IL-18 cut pain."],
        [
            (0, "Y", "IL-12"),
            (0, "O", "pain"),
            (1, "Y", "IL-12"),
            (1, "O", "pain"),
            (2, "Y", "IL-18"),
            (2, "O", "pain"),
            (3, "Y", "IL-12"),
            (3, "Y", "IL-18"),
            (3, "O", "pain"),
        ],
        [("DEC", 0, 1), ("INC", 2, 3), ("DEC", 4, 5), ("DEC", 6, 8), ("DEC", 7, 8), ("COM", 6, 7)],
    )

    assert rows(document) == [
        "IL-12 pain decrease",
        "IL-12 pain increase",
        "IL-18 pain decrease",
        "IL-12, IL-18 pain decrease",
    ]


def test_findings_are_numbered_by_place_and_cite_the_agents_sentence() -> None:
    document = make(
        ["IL-12 was given.", "Pain fell.", "Fever rose."],
        [(0, "Y", "IL-12"), (1, "O", "Pain"), (2, "O", "Fever")],
        [("INC", 0, 2), ("DEC", 0, 1)],
    )
    findings = assemble(document)

    assert [(f.id, f.outcome, f.evidence) for f in findings] == [
        ("F1", "T1", (0, 1)),
        ("F2", "T2", (0, 2)),
    ]


def test_score_falls_with_the_weakest_part_and_the_best_saying_counts() -> None:
    document = said_twice()
    first, second = document.relations
    agent, *others = document.mentions
    weaker = document.replace(
        relations=(replace(first, score=0.5), replace(second, score=0.8)),
        # Counts no more: a relation's score is that of its mentions being right, too.
        mentions=(replace(agent, score=0.3), *others),
    )

    assert assemble(weaker)[0].score == pytest.approx(0.8)
    assert assemble(weaker.replace(relations=weaker.relations[:1]))[0].score == pytest.approx(0.5)


def test_a_document_without_relations_has_no_findings() -> None:
    assert assemble(Document(id="D", text="")) == ()
    assert assemble(make(["IL-12 rose."], [(0, "Y", "IL-12")], [])) == ()


def test_a_document_without_sentences_gives_findings_without_evidence() -> None:
    (finding,) = assemble(said_twice().replace(sentences=()))

    assert finding.evidence == ()
