import gzip
import io
import tracemalloc
import zlib
from pathlib import Path

import pytest

from il12nlp.formats import Failure
from il12nlp.formats.packed import GzipStream
from tests.formats.samples import article, article_set, read

LINES = [b'{"id": "%d", "text": "IL-12 %d"}\n' % (i, i * i) for i in range(300)]


def stream(packed: bytes) -> GzipStream:
    return GzipStream(io.BytesIO(packed))


def complete_lines(packed: bytes) -> int:
    """Lines that come out of a packed file whole, up to its damage, by zlib a byte at a time."""
    decompressor, found = zlib.decompressobj(31), b""
    try:
        for at in range(len(packed)):
            found += decompressor.decompress(packed[at : at + 1])
    except zlib.error:
        pass
    return found.count(b"\n")


@pytest.mark.parametrize("damage", ["cut", "bytes", "checksum"])
def test_damaged_gzip_gives_every_whole_line_before_the_damage(tmp_path: Path, damage: str) -> None:
    packed = gzip.compress(b"".join(LINES))
    half = len(packed) // 2
    broken = {
        "cut": packed[:half],
        "bytes": packed[:half] + bytes(100) + packed[half + 100 :],
        "checksum": packed[:-8] + bytes(8),
    }[damage]
    *before, last = read(tmp_path, "a.jsonl.gz", broken)
    if damage == "cut":
        assert len(before) == complete_lines(broken) > 50
    assert [r.id for r in before[:100]] == [str(i) for i in range(min(100, len(before)))]
    assert isinstance(last, Failure)
    assert "the compressed data is cut off or damaged after" in last.reason


def test_damaged_gzip_gives_every_whole_article_before_the_damage(tmp_path: Path) -> None:
    text = article_set(*(article(str(n)) for n in range(1, 60))).encode()
    packed = b"".join(gzip.compress(piece) for piece in text.partition(b">40<"))
    *before, last = read(tmp_path, "a.xml.gz", packed[:-200])
    assert [r.id for r in before[:39]] == [str(n) for n in range(1, 40)]
    assert isinstance(last, Failure)


def test_members_and_zeros_behind_them_are_one_text() -> None:
    packed = gzip.compress(b"IL-") + bytes(40_000) + gzip.compress(b"") + gzip.compress(b"12")
    assert stream(packed + bytes(7)).read() == b"IL-12"


def test_packed_stream_gives_what_is_sound_and_then_raises_each_time() -> None:
    packed = stream(gzip.compress(b"IL-12 acts.")[:-1])
    assert packed.peek(2) == b"IL"
    assert packed.read(100) == b"IL-12 acts."
    for _ in range(2):
        with pytest.raises(EOFError, match="ends before"):
            packed.read(100)


def test_packed_stream_can_be_rewound_to_its_start_alone() -> None:
    packed = stream(gzip.compress(b"IL-12 acts."))
    assert (packed.read(5), packed.tell()) == (b"IL-12", 5)
    packed.seek(0)
    assert packed.read() == b"IL-12 acts."
    with pytest.raises(io.UnsupportedOperation):
        packed.seek(3)


def test_zstandard_of_pzstd_begins_with_a_frame_to_skip(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    packed = b""
    for start in (0, 150):
        frame = zstandard.ZstdCompressor().compress(b"".join(LINES[start : start + 150]))
        packed += (
            b"\x50\x2a\x4d\x18" + bytes([4, 0, 0, 0]) + len(frame).to_bytes(4, "little") + frame
        )
    assert [r.id for r in read(tmp_path, "a.jsonl.zst", packed)] == [str(n) for n in range(300)]


def test_zstandard_is_read_twice_for_its_deletions(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    text = article_set(
        article("1"), article("2"), "<DeleteCitation><PMID>1</PMID></DeleteCitation>"
    )
    found = read(tmp_path, "a.xml.zst", zstandard.compress(text.encode()))
    assert [(r.id, isinstance(r, Failure)) for r in found] == [("2", False), ("1", True)]


def test_what_unpacks_to_very_much_is_not_held_in_memory() -> None:
    packed = stream(gzip.compress(bytes(100_000_000)))
    tracemalloc.start()
    while packed.read(65_536):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000
