from __future__ import annotations

from pathlib import Path

import pytest

from il12nlp.errors import InputError
from il12nlp.pubmed.pmid_list import read_pmids


def _written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "pmids.txt"
    path.write_bytes(content)
    return path


def test_pmids_come_in_their_order_each_once(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf103\r\n\r\n# from the review\n 101 \n103\n102 # trial"
    assert read_pmids(_written(tmp_path, content)) == ["103", "101", "102"]


def test_a_comment_may_be_as_long_as_it_likes(tmp_path: Path) -> None:
    comment = b"# " + b"(interleukin-12[tiab] OR IL-12[tiab]) AND " * 100
    content = b"\n".join([comment, b"101 " + comment, b"102", b"x", comment])
    with pytest.raises(InputError, match=r":4: 'x' is no PMID"):
        read_pmids(_written(tmp_path, content))
    assert read_pmids(_written(tmp_path, content.replace(b"\nx", b""))) == ["101", "102"]


@pytest.mark.parametrize("word", ["PMC101", "0101", "1234567890", "101 102", "１０１", "-5"])
def test_what_is_no_pmid_is_named_with_its_line(tmp_path: Path, word: str) -> None:
    path = _written(tmp_path, f"101\n\n{word}\n102\n".encode())
    with pytest.raises(InputError) as caught:
        read_pmids(path)
    assert str(caught.value).startswith(f"{path}:3: {word!r} is no PMID")


def test_a_line_without_end_is_not_read_whole(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r":1: '1{40}' is no PMID"):
        read_pmids(_written(tmp_path, b"1" * 10_000_000))


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "holds no PMID"), (b"# none\n", "holds no PMID"),
                         (b"\xff\xfe1\x00", "is no text")])  # fmt: skip
def test_a_file_without_pmids_is_told(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_pmids(_written(tmp_path, content))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt: cannot be read: No such file"):
        read_pmids(tmp_path / "gone.txt")
