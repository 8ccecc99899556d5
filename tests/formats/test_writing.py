import gzip
import io
import os
import sys
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import FormatError, MissingDependencyError, OutputError
from il12nlp.formats import Failure, open_writer, read_documents

A, B = Document(id="a", text="IL-12 α"), Document(id="b", text="IL-18")


def test_written_documents_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with open_writer(path) as writer:
        writer.write(A)
        writer.write(B)
    assert writer.count == 2
    assert list(formats.read(path)) == [A, B]
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before")
    with open_writer(path) as writer:
        writer.write(A)
        assert path.read_text() == "before"
    assert list(formats.read(path)) == [A]


def test_error_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before")
    with pytest.raises(OutputError), open_writer(path) as writer:
        writer.write(A.replace(meta={"x": object()}))
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_error_while_closing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_writer(tmp_path / "out.jsonl")

    def fail() -> None:
        raise OutputError("disk full")

    monkeypatch.setattr(writer._sink, "close", fail, raising=False)
    with pytest.raises(OutputError, match="disk full"):
        writer.close()
    assert os.listdir(tmp_path) == []


def test_document_that_its_format_cannot_hold_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with open_writer(path) as writer:
        made = [writer.write_or_fail(Document(id, "IL-2.")) for id in ("1", "\udcfc", "2")]
    assert [d.id for d in read_documents([path])] == ["1", "2"]
    assert isinstance(made[1], Failure)
    assert made[1].reason.startswith("cannot be written as JSON")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_full_disk_is_an_output_error() -> None:
    writer = open_writer("/dev/full", format="jsonl")
    writer.write(A)
    with pytest.raises(OutputError, match="/dev/full: cannot be written"):
        writer.close()


def test_file_that_cannot_be_put_in_its_place_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match="No space left"), open_writer(tmp_path / "o.tsv"):
        pass
    assert os.listdir(tmp_path) == []


def test_gz_is_compressed_the_same_way_each_time(tmp_path: Path) -> None:
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        with open_writer(tmp_path / name) as writer:
            writer.write(A)
    one, two = ((tmp_path / n).read_bytes() for n in ("one.jsonl.gz", "two.jsonl.gz"))
    assert one == two
    assert one[3:8] == bytes(5)  # neither name nor time
    assert gzip.decompress(one).decode().startswith('{"schema_version"')
    assert list(formats.read(tmp_path / "one.jsonl.gz")) == [A]


def test_zst_is_compressed_the_same_way_each_time(tmp_path: Path) -> None:
    for name in ("one.jsonl.zst", "two.jsonl.zst"):
        with open_writer(tmp_path / name) as writer:
            writer.write(A)
    one, two = ((tmp_path / n).read_bytes() for n in ("one.jsonl.zst", "two.jsonl.zst"))
    assert one == two
    assert one.startswith(b"\x28\xb5\x2f\xfd")
    assert list(formats.read(tmp_path / "one.jsonl.zst")) == [A]


def test_zst_without_its_package_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingDependencyError, match=r"writing .*out\.jsonl\.zst"):
        open_writer(tmp_path / "out.jsonl.zst")
    assert os.listdir(tmp_path) == []


def test_file_is_on_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (done.append("sync"), fsync(fd)))
    monkeypatch.setattr(os, "replace", lambda *a: (done.append("replace"), replace(*a)))
    with open_writer(tmp_path / "out.jsonl.gz") as writer:
        writer.write(A)
    assert done == ["sync", "replace", "sync"]


def test_dash_is_json_lines_to_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    with open_writer("-") as writer:
        writer.write(A)
    assert not out.closed
    assert out.getvalue().decode().startswith('{"schema_version"')


def test_named_format_wins_over_the_suffix(tmp_path: Path) -> None:
    with open_writer(tmp_path / "out.dat", format="tsv") as writer:
        writer.write(A)
    assert (tmp_path / "out.dat").read_text().startswith("document_id\t")


@pytest.mark.parametrize("name", ["out.xyz", "out", "out.xml", "out.xml.zst"])
def test_unknown_suffix_is_refused_with_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatError, match=r"\.jsonl, .*\.csv, \.tsv, \.parquet"):
        open_writer(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_format_that_is_only_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="medline is read, not written"):
        open_writer(tmp_path / "out.nbib", format="medline")


@pytest.mark.parametrize("name", ["missing/out.jsonl", "."])
def test_place_that_cannot_be_written_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        open_writer(tmp_path / name, format="jsonl")


def test_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.write_text("before")
    link.symlink_to(target)
    with open_writer(link) as writer:
        writer.write(A)
    assert link.is_symlink()
    assert list(formats.read(target)) == [A]


def test_device_is_written_and_not_replaced(tmp_path: Path) -> None:
    import threading

    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    got: list[bytes] = []
    thread = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    thread.start()
    with open_writer(pipe) as writer:
        writer.write(A)
    thread.join(timeout=5)
    assert got[0].startswith(b'{"schema_version"')
    assert pipe.is_fifo()
