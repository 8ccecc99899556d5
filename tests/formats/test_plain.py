import io
import os
import sys
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.errors import FormatError
from il12nlp.formats.base import MAX_TEXT_CHARS
from il12nlp.formats.jsonl import JsonLines
from tests.formats.samples import document, parts, read


def test_text_is_the_files_own_to_the_letter(tmp_path: Path) -> None:
    content = "\r\n  IL-12 in mice \r\n\r\nIL-12\u00a0cured\r\n TNF-α mice. \r\n\r\nTwice.\r\n"
    found = document(read(tmp_path, "my note.txt", content))
    assert found.text == content
    assert (found.id, found.pmid) == ("my note", None)
    assert parts(found) == [
        ("title", None, "IL-12 in mice"),
        ("abstract", None, "IL-12\u00a0cured\r\n TNF-α mice. \r\n\r\nTwice."),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("IL-12 acts.", [("abstract", "IL-12 acts.")]),
        ("A title\nIL-12 acts.\n", [("title", "A title"), ("abstract", "IL-12 acts.")]),
        ("IL-12\nacts\nhere.", [("abstract", "IL-12\nacts\nhere.")]),
        ("A title\n \nIL-12\nacts", [("title", "A title"), ("abstract", "IL-12\nacts")]),
        ("x" * 501 + "\n\nIL-12", [("abstract", "x" * 501 + "\n\nIL-12")]),
    ],
)
def test_title_is_a_first_line_set_apart(
    tmp_path: Path, content: str, expected: list[tuple[str, str]]
) -> None:
    found = document(read(tmp_path, "a.txt", content))
    assert [(kind, text) for kind, _, text in parts(found)] == expected
    assert found.text == content


def test_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert document(read(tmp_path, "a.txt", "\ufeffIL-12 acts.")).text == "IL-12 acts."


def test_utf16_with_its_mark_is_read(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.txt", "TNF-α acts.".encode("utf-16")))
    assert found.text == "TNF-α acts."


def test_other_encoding_is_read_as_windows_1252_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = document(read(tmp_path, "a.txt", b"5 \xb5g IL-12 \x96 na\xefve \x81"))
    assert found.text == "5 µg IL-12 – naïve \x81"
    assert "a.txt: not valid UTF-8 from byte 2 on" in caplog.text


def test_control_characters_and_other_scripts_stay(tmp_path: Path) -> None:
    content = "白细胞介素-12 \x07\x1b\u200b\x85 ИЛ-12\u2028."
    assert document(read(tmp_path, "a.txt", content)).text == content


def test_id_is_the_name_without_suffixes(tmp_path: Path) -> None:
    import gzip

    found = document(read(tmp_path, "v1.2 note.txt.gz", gzip.compress(b"IL-12 acts.")))
    assert found.id == "v1.2 note"


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are bytes")
def test_id_from_a_name_that_is_no_utf8_can_be_written(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/M\xfcller \xce\xb1.txt"
    with open(path, "w") as stream:
        stream.write("IL-12 acts.")
    found = document(list(formats.read(os.fsdecode(path))))
    assert found.id == "Müller α"
    JsonLines(io.BytesIO()).write(found)


def test_abstract_of_twenty_thousand_words_is_read_whole(tmp_path: Path) -> None:
    content = "IL-12 reduced tumor growth. " * 5000
    found = document(read(tmp_path, "a.txt", content))
    assert found.text == content


def test_text_of_five_megabytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=f"more than {MAX_TEXT_CHARS:,} characters"):
        read(tmp_path, "a.txt", "IL-12 " * 900_000)
