from __future__ import annotations

from il12nlp.findings import assemble
from tests.findings.build import make, rows


def test_assemble_names_the_cytokine_that_a_vehicle_delivers() -> None:
    document = make(
        ["The adenovirus encoding IL-12 reduced tumor growth."],
        [(0, "T", "adenovirus encoding IL-12"), (0, "Y", "IL-12"), (0, "O", "tumor growth")],
        [("DEL", 1, 0), ("DEC", 0, 2)],
    )

    assert rows(document) == ["IL-12 [adenovirus encoding IL-12] tumor growth decrease"]
    assert assemble(document)[0].relations == ("R1", "R0")


def test_assemble_finds_the_delivery_of_a_cytokine_in_another_sentence() -> None:
    document = make(
        ["IL-12 was given by electroporation.", "IL-12 reduced tumor growth."],
        [
            (0, "Y", "IL-12"),
            (0, "T", "electroporation"),
            (1, "Y", "IL-12"),
            (1, "O", "tumor growth"),
        ],
        [("DEL", 0, 1), ("DEC", 2, 3)],
    )

    assert rows(document) == ["IL-12 [electroporation] tumor growth decrease"]


def test_assemble_prefers_the_nearest_delivery() -> None:
    document = make(
        [
            "IL-12 plasmid exists, and IL-12 in liposomes.",
            "Here IL-12 came in nanoparticles.",
            "IL-12 cut tumor growth.",
        ],
        [
            (0, "Y", "IL-12", 2),
            (0, "T", "liposomes"),
            (1, "Y", "IL-12"),
            (1, "T", "nanoparticles"),
            (2, "Y", "IL-12"),
            (2, "O", "tumor growth"),
        ],
        [("DEL", 0, 1), ("DEL", 2, 3), ("DEC", 4, 5)],
    )

    assert rows(document) == ["IL-12 [nanoparticles] tumor growth decrease"]


def test_assemble_gives_a_free_cytokine_no_vehicle_that_is_another_arm() -> None:
    document = make(
        ["The IL-12 plasmid reduced tumor growth.", "Free IL-12 did not reduce tumor growth."],
        [
            (0, "T", "IL-12 plasmid"),
            (0, "Y", "IL-12"),
            (0, "O", "tumor growth"),
            (1, "Y", "IL-12"),
            (1, "O", "tumor growth"),
        ],
        [("DEL", 1, 0), ("DEC", 0, 2), ("NOE", 3, 4)],
    )

    assert rows(document) == [
        "IL-12 [IL-12 plasmid] tumor growth decrease",
        "IL-12 tumor growth no_effect",
    ]


def test_assemble_keeps_two_vehicles_of_one_cytokine_apart() -> None:
    document = make(
        ["SFV-IL12 and SIN-IL12 reduced tumor growth."],
        [
            (0, "T", "SFV-IL12"),
            (0, "Y", "IL12"),
            (0, "T", "SIN-IL12"),
            (0, "Y", "IL12", 2),
            (0, "O", "tumor growth"),
        ],
        [("DEL", 1, 0), ("DEL", 3, 2), ("DEC", 0, 4), ("DEC", 2, 4)],
    )

    assert rows(document) == [
        "IL12 [SFV-IL12] tumor growth decrease",
        "IL12 [SIN-IL12] tumor growth decrease",
    ]


def test_assemble_takes_no_delivery_of_a_later_experiment() -> None:
    document = make(
        ["IL-12 cut tumor growth.", "Then IL-12 came in nanoparticles."],
        [(0, "Y", "IL-12"), (0, "O", "tumor growth"), (1, "Y", "IL-12"), (1, "T", "nanoparticles")],
        [("DEL", 2, 3), ("DEC", 0, 1)],
    )

    assert rows(document) == ["IL-12 tumor growth decrease"]


def test_assemble_takes_no_vehicle_that_a_later_sentence_names() -> None:
    document = make(
        ["IL-12 cut tumor growth.", "Nanoparticles then brought it in, and fever fell."],
        [(0, "Y", "IL-12"), (0, "O", "tumor growth"), (1, "T", "Nanoparticles"), (1, "O", "fever")],
        [("DEL", 0, 2), ("DEC", 0, 1), ("DEC", 0, 3)],
    )

    assert rows(document) == [
        "IL-12 tumor growth decrease",
        "IL-12 [Nanoparticles] fever decrease",
    ]


def test_assemble_takes_no_delivery_of_another_sentence_in_a_review() -> None:
    document = make(
        ["Some gave IL-12 in liposomes.", "IL-12 cut tumor growth."],
        [(0, "Y", "IL-12"), (0, "T", "liposomes"), (1, "Y", "IL-12"), (1, "O", "tumor growth")],
        [("DEL", 0, 1), ("DEC", 2, 3)],
    )

    assert rows(document) == ["IL-12 [liposomes] tumor growth decrease"]
    assert rows(document.replace(study_type="review")) == ["IL-12 tumor growth decrease"]
