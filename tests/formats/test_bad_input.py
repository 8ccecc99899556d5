import bz2
import io
import lzma
import time
import zipfile
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.errors import FormatError
from tests.formats.samples import read


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.xml", "<PubmedArticleSet/>")
    return stream.getvalue()


NO_TEXT = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF"),
    "zip": (_zip(), "is a zip archive or an Office file"),
    "empty zip": (b"PK\x05\x06" + bytes(18), "is an empty zip archive"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "is an old Office file"),
    "rtf": (b"{\\rtf1 IL-12}", "is a rich-text file"),
    "bzip2": (bz2.compress(b"IL-12"), "compressed by bzip2"),
    "xz": (lzma.compress(b"IL-12"), "compressed by xz"),
    "parquet": (b"PAR1" + bytes(20), "is a Parquet table"),
    "binary": (b"IL-12\x00\x01\x02", "holds NUL bytes"),
    "utf-16 without mark": ("IL-12".encode("utf-16-le"), "holds NUL bytes"),
    "utf-32": ("IL-12".encode("utf-32"), "holds NUL bytes"),
    "empty": (b"", "is empty"),
    "blank": (b" \r\n\t\n", "is empty"),
    "only a mark": (b"\xef\xbb\xbf", "is empty"),
}


@pytest.mark.parametrize("name", ["a.txt", "a.xml", "a.nbib", "a.jsonl", "a", "a.pdf"])
@pytest.mark.parametrize("what", NO_TEXT)
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, name: str, what: str) -> None:
    content, message = NO_TEXT[what]
    with pytest.raises(FormatError, match=message) as caught:
        read(tmp_path, name, content)
    assert str(caught.value).startswith(str(tmp_path / name))


@pytest.mark.parametrize("format", ["pubmed_xml", "jsonl", "medline", "pubmed_page", "plain"])
def test_a_named_format_does_not_make_a_pdf_text(tmp_path: Path, format: str) -> None:
    with pytest.raises(FormatError, match="is a PDF"):
        read(tmp_path, "a.txt", NO_TEXT["pdf"][0], format=format)


def test_every_known_format_is_named_where_none_fits(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        read(tmp_path, "a.docx", "IL-12")
    readable = [name for name in formats.format_names() if formats.get_format(name).read]
    assert all(name in str(caught.value) for name in readable)


SAME = '{"id": "T1", "start": 0, "end": 1, "type": "CYTOKINE"}'


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("medline", "PMID- 1\nAB  - RESULTS: " + "A) " * 200_000),
        ("pubmed_xml", "<PubmedArticleSet><DeleteCitation><PMID>a" + " " * 3_000_000),
        ("plain", "IL-12" + " " * 900_000 + "\n" + " " * 90_000),
        ("pubmed_page", "Abstract\n" * 8_000),
        ("jsonl", f'{{"text": "a", "entities": [{SAME}{f", {SAME}" * 30_000}]}}'),
    ],
)
def test_long_runs_do_not_take_more_than_their_length(
    tmp_path: Path, format: str, content: str
) -> None:
    start = time.process_time()
    assert read(tmp_path, "a", content, format=format)
    # A second or two; were the time to grow with the square, minutes.
    assert time.process_time() - start < 10


def test_unknown_encoding_is_refused(tmp_path: Path) -> None:
    for name in ("klingon", "base64", "unicode_escape", "rot13"):
        with pytest.raises(FormatError, match=f"declares the encoding '{name}'"):
            read(tmp_path, "a.xml", f'<?xml version="1.0" encoding="{name}"?><PubmedArticleSet/>')
