from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.document import Document, Passage, Sentence
from il12nlp.text.sentences import split_sentences, with_sentences


def cut(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Survival was 12.5 vs. 8.1 months.",
        "Mice received 1 µg i.v. on day 0 and 2 µg s.c. weekly.",
        "IL-12 was given i.p. B16F10 tumors were measured.",
        "It was injected i.p. 5 days a week and i.v. (10^5 cfu) once.",
        "Cytokines (e.g. IL-2, i.e. Proleukin) were used.",
        "As shown in Fig. 2 and by Smith et al. (1999), tumors shrank.",
        "Treatment lasted approx. 5 days in cohort no. 3.",
        "The E. coli strain of S. aureus and M. D. Anderson data were used.",
        "Half (17. 5%) of them responded after 20 min. of infusion.",
        "It was approved by the U.S. Food and Drug Administration.",
        "Responses (see Table 1. Also Fig. 2) were frequent.",
        "A volume of 0.1 ml. was injected.",
        "Response was 30 v. 38 days.",
    ],
)
def test_split_sentences_keeps_abbreviations_whole(sentence: str) -> None:
    assert cut(sentence) == [sentence]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mice were injected i.v.", "Tumors shrank."),
        ("Tumors expressed class I.", "Proliferation was inhibited."),
        ("Tumors regressed.", "p53 was lost."),
        ("Growth was slower.", "mbIL12-NK cells may help."),
        ("It was inhibited.", "β-catenin rose."),
        ("Was it safe?", "No deaths occurred."),
        ("They responded (CR and PR).", "Toxicity was mild."),
        ("It was “safe.”", "Fever was seen."),
        ("Responses lasted 24 h.", "IL-12 rose."),
        ("Doses were 5 mg.", "(ABSTRACT TRUNCATED AT 250 WORDS)"),
        ("It fell to 10.", "(b) Of these, 5 died."),
        ("There were no.", "Five died."),
        ("We treated 12 patients on day 12.", "5 patients responded."),
    ],
)
def test_split_sentences_cuts_between_sentences(first: str, second: str) -> None:
    assert cut(f"{first} {second}") == [first, second]


def test_split_sentences_cuts_where_the_space_is_missing() -> None:
    assert cut("IL-12 killed tumor cells.Toxicity was mild (NCT0.1).") == [
        "IL-12 killed tumor cells.",
        "Toxicity was mild (NCT0.1).",
    ]


def test_split_sentences_takes_the_first_of_several_lines_as_title() -> None:
    text = "Interleukin-12 in mice. A trial? Yes\nIt grew. It shrank.\r\n\n It ended "
    assert cut(text) == [
        "Interleukin-12 in mice. A trial? Yes",
        "It grew.",
        "It shrank.",
        "It ended",
    ]


def test_split_sentences_stays_inside_passages() -> None:
    text = "One. Two. BACKGROUND we treat mice and RESULTS they live. They die"
    middle, end = text.index("RESULTS"), len(text)
    passages = (
        Passage("title", 0, 10),
        Passage("abstract", 10, middle, "BACKGROUND"),
        Passage("abstract", middle, end, "RESULTS"),
    )
    assert [text[s.start : s.end] for s in split_sentences(text, passages)] == [
        "One. Two.",
        "BACKGROUND we treat mice and",
        "RESULTS they live.",
        "They die",
    ]


@pytest.mark.parametrize("text", ["", " \n\t\n ", "\n"])
def test_split_sentences_of_empty_text_are_none(text: str) -> None:
    assert split_sentences(text) == ()


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["IL-12", "i.v.", "vs.", "Mice died.", "(", ")", "A.", "5.", "no.", "\n"]
            ),
            st.text(st.characters(), max_size=6),
        )
    ).map(" ".join),
    st.lists(st.integers(0, 60), max_size=6).map(sorted),
)
def test_sentences_are_ordered_trimmed_and_cover_the_text(text: str, borders: list[int]) -> None:
    borders = [min(b, len(text)) for b in borders]
    borders = borders if len(borders) > 1 else []
    passages = [Passage("abstract", a, b) for a, b in pairwise(borders)]
    position = 0
    for sentence in split_sentences(text, passages):
        piece = text[sentence.start : sentence.end]
        assert not text[position : sentence.start].strip()
        assert piece == piece.strip() != ""
        assert "\n" not in piece
        assert not any(sentence.start < b < sentence.end for b in borders)
        position = sentence.end
    assert not text[position:].strip()


@pytest.mark.timeout(30)
def test_split_sentences_is_linear_in_hostile_text() -> None:
    assert split_sentences(". " * 200_000 + "(" * 200_000 + "." * 200_000 + ' "' * 200_000)


def test_with_sentences_fills_in_and_keeps_what_is_there() -> None:
    bare = Document.from_text("A title", "It grew. It shrank.", id="1")
    split = Document("2", "Kept. As is.", sentences=(Sentence(0, 12),))
    first, second = with_sentences([bare, split])
    assert [first.sentence_text(i) for i in range(3)] == ["A title", "It grew.", "It shrank."]
    assert second is split
