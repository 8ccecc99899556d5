from pathlib import Path

import pytest

from il12nlp.document import Document
from il12nlp.errors import DataLeakError, InputError
from il12nlp.training.data import check_apart, load_documents, without
from tests.training.samples import invented, write

HELD_OUT = Document(id="a", pmid="101", text="IL-12 in mice\nIL-12 cut tumor growth.")


def test_documents_get_sentences_where_the_file_has_none(tmp_path: Path) -> None:
    (found,) = load_documents([write(tmp_path / "a.jsonl", [invented(1)])])
    assert [found.text[s.start : s.end] for s in found.sentences] == found.text.split("\n")


def test_record_that_cannot_be_read_stops_the_run(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "x", "text": "IL-12"}\n{"id": "y"}\n')
    with pytest.raises(InputError, match=r"a\.jsonl:2: .*neither"):
        load_documents([str(path)])


def test_missing_training_file_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl: no such file"):
        load_documents([str(tmp_path / "nowhere.jsonl")])


@pytest.mark.parametrize(
    "same",
    [
        Document(id="other", pmid="101", text="Another print of it."),
        Document(id="101", text="Its PMID as id."),
        Document(id="a", text="Its id."),
        Document(id="other", text="IL-12 in mice IL-12\u2009cut\r\n tumor  growth."),
        Document(id="other", text="IL-12 IN MICE\nIL-12 cut tumor growth."),
    ],
    ids=["pmid", "pmid-as-id", "id", "white-space", "case"],
)
def test_abstract_on_both_sides_is_a_leak(same: Document) -> None:
    with pytest.raises(DataLeakError, match=rf"^1 abstracts .*\({same.id}\): remove"):
        check_apart([invented(1), same], [HELD_OUT])
    assert without([invented(1), same], [HELD_OUT]) == [invented(1)]


def test_leak_names_ten_abstracts_at_most() -> None:
    documents = [invented(n) for n in range(12)]
    with pytest.raises(DataLeakError, match=r"^12 abstracts .*made-up-9, …\)"):
        check_apart(documents, documents)


def test_different_abstracts_are_no_leak() -> None:
    check_apart([invented(1), invented(2)], [invented(3), HELD_OUT])
