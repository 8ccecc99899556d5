from __future__ import annotations

import pytest

from il12nlp.errors import RecordError
from il12nlp.pubmed.restore import restore
from il12nlp.pubmed.standoff import from_document
from il12nlp.schema import CTO
from tests.pubmed.documents import SENTENCES, TITLE, annotated, in_sections, printed

DOCUMENT = annotated()
RECORD = from_document(DOCUMENT)
SECTIONS = [tuple(s.split(": ", 1)) for s in SENTENCES]


def test_restore_with_the_same_text_gives_the_annotated_document_back() -> None:
    restored = restore(RECORD, printed(DOCUMENT.text))
    assert restored.exact
    assert restored.document.replace(passages=()) == DOCUMENT


def test_restore_finds_the_annotated_print_in_labelled_sections() -> None:
    restored = restore(RECORD, in_sections([(label, text) for label, text in SECTIONS]))
    assert restored.exact
    assert restored.document.text == DOCUMENT.text
    title, abstract = restored.document.passages
    assert (title.start, title.end, abstract.end) == (0, len(TITLE), len(DOCUMENT.text))


def test_restore_finds_the_annotated_print_without_the_title_period() -> None:
    text = DOCUMENT.text.replace(".\n", "\n", 1)
    shifted = [
        DOCUMENT.mentions[0],
        DOCUMENT.mentions[1],
        *(type(m)(m.id, m.start - 1, m.end - 1, m.type, m.text) for m in DOCUMENT.mentions[2:]),
    ]
    sentences = [type(s)(max(0, s.start - 1), s.end - 1) for s in DOCUMENT.sentences]
    record = from_document(
        DOCUMENT.replace(text=text, mentions=tuple(shifted), sentences=tuple(sentences))
    )
    restored = restore(record, printed(DOCUMENT.text))
    assert restored.exact
    assert restored.document.text == text


def test_restore_anchors_anew_in_another_print() -> None:
    source = printed(DOCUMENT.text.replace(" ", "  "))
    restored = restore(RECORD, source)
    assert not restored.exact
    assert restored.document.text == source.text
    assert not restored.lost_mentions
    assert restored.document.relations == DOCUMENT.relations
    assert restored.document.study_type == "animal"
    restored.document.check(CTO)


def test_restore_keeps_the_sources_passages_and_meta() -> None:
    source = in_sections([("AIM", s) for s in SENTENCES]).replace(meta={"journal": "J Invent"})
    restored = restore(RECORD, source)
    assert restored.document.meta == {"journal": "J Invent", "source": "invented"}
    assert restored.document.text[slice(0, restored.document.passages[0].end)] == TITLE


def test_restore_drops_and_counts_the_relations_of_a_lost_mention() -> None:
    source = printed(DOCUMENT.text.replace("with IL-12 and cisplatin", "with saline and cisplatin"))
    restored = restore(RECORD, source)
    assert [x.mention.id for x in restored.lost_mentions] == ["T7"]
    assert [r.id for r in restored.lost_relations] == ["R3"]
    assert [r.id for r in restored.document.relations] == ["R1", "R2", "R4", "R5"]


def test_restore_takes_the_abstract_alone_where_the_title_was_not_annotated() -> None:
    offset = len(TITLE) + 1
    body = [m for m in DOCUMENT.mentions if m.start >= offset]
    record = from_document(
        DOCUMENT.replace(
            text=DOCUMENT.text[offset:],
            mentions=tuple(
                type(m)(f"T{i}", m.start - offset, m.end - offset, m.type, m.text)
                for i, m in enumerate(body, start=1)
            ),
            relations=(),
            sentences=tuple(
                type(s)(s.start - offset, s.end - offset) for s in DOCUMENT.sentences[1:]
            ),
        )
    )
    exact = restore(record, printed(DOCUMENT.text))
    assert exact.exact
    assert exact.document.text == DOCUMENT.text[offset:]
    wide = [s.replace("with ", "with  ") for s in SENTENCES]
    moved = restore(record, in_sections([("X", s) for s in wide]))
    assert moved.document.text == "\n".join(wide)
    assert [p.start for p in moved.document.passages] == [0, 55, 127]
    assert not moved.lost_mentions
    with pytest.raises(RecordError, match="title only"):
        restore(record, in_sections([]))


def test_restore_refuses_another_text() -> None:
    other = printed("Another title.\nA text that has nothing to do with it, whatever it says.")
    with pytest.raises(RecordError, match="101: another text than the annotated one: 0 of 4"):
        restore(RECORD, other)


def test_restore_refuses_a_text_with_few_of_the_mentions() -> None:
    title, abstract = (
        TITLE,
        "Of cats and dogs we have seen many more than this, and no tumor growth.",
    )
    with pytest.raises(RecordError, match="1 of 4 sentences recognised and 9 of 11 mentions"):
        restore(RECORD, printed(f"{title}\n{abstract}"))


def test_restore_without_surfaces_takes_the_annotated_print() -> None:
    bare = from_document(DOCUMENT, surfaces=False)
    restored = restore(bare, in_sections([(label, text) for label, text in SECTIONS]))
    assert restored.exact
    assert restored.document.replace(passages=()) == DOCUMENT


@pytest.mark.parametrize(
    ("source", "collection"), [("invented", "collection 'invented'"), (None, "it comes from")]
)
def test_restore_without_surfaces_refuses_another_print(
    source: str | None, collection: str
) -> None:
    document = DOCUMENT.replace(meta={"source": source})
    bare = from_document(document, surfaces=False)
    with pytest.raises(RecordError, match="not the annotated print") as caught:
        restore(bare, printed(DOCUMENT.text.replace(" ", "  ")))
    assert f"{collection} with --from" in str(caught.value)


def test_restore_takes_an_untitled_text_with_its_outer_spaces() -> None:
    document = DOCUMENT.replace(text=DOCUMENT.text.replace("\n", " ") + " ")
    restored = restore(from_document(document, surfaces=False), document)
    assert restored.exact
    assert restored.document == document
