from __future__ import annotations

import pytest

from il12nlp.document import Document, Passage, Sentence
from il12nlp.findings import assemble
from il12nlp.findings.claims import Claims
from il12nlp.schema import Claim
from tests.findings.build import make


def claims(*sentences: str, study_type: str | None = None) -> list[str]:
    """Claims of an abstract's sentences, the first of which is the title."""
    text, spans = "", []
    for sentence in sentences:
        spans.append(Sentence(len(text), len(text) + len(sentence)))
        text += sentence + "\n"
    passages = (Passage("title", 0, spans[0].end), Passage("abstract", spans[0].end + 1, len(text)))
    document = Document(
        id="D", text=text, passages=passages, sentences=tuple(spans), study_type=study_type
    ).check()
    return [str(Claims(document).of(i)) for i in range(len(spans))]


def test_claim_follows_labels_in_the_text() -> None:
    assert claims(
        "IL-12 cures mice",
        "BACKGROUND: IL-12 activates NK cells.",
        "AIMS: We tested it in mice.",
        "METHODS: IL-12 was given.",
        "RESULTS: IL-12 cured mice.",
        "It was safe.",
        "CONCLUSIONS: IL-12 cures mice.",
    ) == ["result", "background", "aim", "method", "result", "result", "conclusion"]


def test_claim_follows_labels_that_are_sentences() -> None:
    assert claims(
        "IL-12 in mice", "Background.", "IL-12 is old.", "Patients & methods.", "We gave it.",
        "Results.", "It cured.", "Conclusion.", "It was useful.",
    )[2::2] == ["background", "method", "result", "conclusion"]  # fmt: skip


def test_claim_takes_no_plain_words_for_a_label() -> None:
    assert (
        claims(
            "IL-12 in mice",
            "We gave IL-12 to mice.",
            "Clinically the results were sobering: none responded.",
            "Results in 61 patients: pain fell by 3%.",
            "Pain was less.",
        )
        == ["result"] * 5
    )


def test_claim_follows_labels_of_passages() -> None:
    text = "IL-12 was cured. IL-12 cures."
    document = Document(
        id="D",
        text=text,
        passages=(
            Passage("abstract", 0, 16, "METHODS AND RESULTS"),
            Passage("abstract", 17, 29, "CLINICAL IMPLICATIONS"),
        ),
        sentences=(Sentence(0, 16), Sentence(17, 29)),
    )
    assert [Claims(document).of(i) for i in (0, 1)] == [Claim.RESULT, Claim.CONCLUSION]


def test_claim_of_an_aim_section_tells_what_was_known_from_the_aim() -> None:
    assert claims(
        "IL-12 in mice",
        "PURPOSE: TGF-β drives resistance to chemotherapy.",
        "We asked whether IL-12 breaks it.",
        "RESULTS: It does.",
    )[1:3] == ["background", "aim"]
    assert claims("IL-12", "OBJECTIVE: IL-12 against melanoma.", "RESULTS: None.")[1] == "aim"


def test_claim_of_a_label_that_stands_alone_is_that_of_its_sentence() -> None:
    assert claims(
        "IL-12 in mice", "Aim: To see if IL-12 cures.", "We gave it to mice.", "It cured 3%."
    ) == ["result", "aim", "result", "result"]


def test_claim_follows_wording_where_there_are_no_labels() -> None:
    assert claims(
        "IL-12 cures mice",
        "IL-12 has been shown to activate NK cells.",
        "It is toxic.",
        "We investigated whether low doses cure mice.",
        "IL-12 cured 9 of 10 mice.",
        "Survival was longer.",
        "These results suggest that IL-12 cures mice.",
    ) == ["result", "background", "background", "aim", "result", "result", "conclusion"]


@pytest.mark.parametrize(
    ("last", "claim"),
    [
        ("IL-12 thus cures mice.", "conclusion"),
        ("Access, not immunity, governs what IL-12 achieves.", "conclusion"),
        ("Deaths were equally distributed.", "result"),
        ("Cure rates rose by 12%.", "result"),
    ],
)
def test_claim_of_a_last_sentence_is_a_conclusion_unless_it_reports(last: str, claim: str) -> None:
    assert claims("IL-12 in mice", "We gave IL-12 to mice.", "It cured 3%.", last)[-1] == claim


@pytest.mark.parametrize(
    "first",
    [
        "IL-12 prolonged survival of mice with CT26.",
        "Daily IL-12 markedly reduced the growth of CT26.",
        "Vaccines with IL-12 failed to cure CT26.",
        "Secretion of CXCL9 rises threefold to 12-fold after IL-12.",
        "IL-12 cures 9 of 10 mice.",
        "The present study examines IL-12 in mice.",
        "These results show that IL-12 cures.",
        "Herein, cures by IL-12 are told.",
    ],
)
def test_claim_is_a_result_from_the_first_sentence_that_tells_a_finding(first: str) -> None:
    told = claims("IL-12 in mice", "IL-12 activates NK cells.", first, "Toxicity is mild.", "End.")
    assert told[1:4] == ["background", "result", "result"]


@pytest.mark.parametrize(
    "known",
    [
        "Earlier studies with mice showed cures by IL-12.",
        "In a preclinical study IL-12 prolonged survival.",
        "IL-12 is linked with prolonged survival.",
        "Survival is also prolonged in mice with IL-12.",
        "Resistance is reversed by IL-12.",
        "Mice show reduced growth of tumors.",
    ],
)
def test_claim_is_background_where_a_participle_or_others_speak(known: str) -> None:
    assert claims("IL-12 in mice", known, "We gave IL-12.", "It cured.")[1] == "background"


def test_claim_of_overall_survival_near_the_end_is_no_conclusion() -> None:
    sentences = ("IL-12 in mice", "We gave IL-12.", "Overall survival was longer.", "It cured 3%.")
    assert claims(*sentences)[2] == "result"
    overall = (*sentences[:2], "Overall, survival was longer.", sentences[3])
    assert claims(*overall)[2] == "conclusion"


def test_claim_of_a_title_that_asks_is_an_aim() -> None:
    assert claims("Does IL-12 cure mice?", "We gave it.", "It did.")[0] == "aim"


def test_claim_in_a_review_is_background() -> None:
    assert claims(
        "IL-12 in cancer", "IL-12 cured mice.", "It was toxic in 3% of patients.",
        "We conclude that IL-12 is toxic.", study_type="review",
    ) == ["background", "background", "background", "conclusion"]  # fmt: skip


def test_claim_without_sentences_is_unknown() -> None:
    assert Claims(Document(id="D", text="IL-12 cures.")).of(0) == Claim.UNKNOWN


def test_assemble_counts_an_own_result_before_what_was_known() -> None:
    document = make(
        ["BACKGROUND: IL-12 cuts pain.", "RESULTS: IL-12 cut pain."],
        [(0, "Y", "IL-12"), (0, "O", "pain"), (1, "Y", "IL-12"), (1, "O", "pain")],
        [("DEC", 0, 1), ("DEC", 2, 3)],
    )

    [finding] = assemble(document)
    assert (finding.claim, finding.evidence) == (Claim.RESULT, (0, 1))
    [known] = assemble(document.replace(relations=document.relations[:1]))
    assert known.claim == Claim.BACKGROUND
