import gzip
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import FormatError, InputError, MissingDependencyError
from il12nlp.formats import Failure, expand_inputs, read_many
from tests.formats.samples import NBIB, article, article_set, read

LINE = '{"id": "a", "text": "IL-12"}\n'


def fill(folder: Path, **files: str) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def ids(records: object) -> list[str | None]:
    return [r.id for r in records]  # type: ignore[attr-defined]


def test_unknown_format_name_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="known: pubmed_xml, token_tags, jsonl, medline"):
        formats.read(tmp_path / "a.txt", format="bibtex")


def test_format_that_is_only_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="csv is written, not read"):
        read(tmp_path, "a.csv", "x", format="csv")


@pytest.mark.parametrize(("name", "message"), [("missing.xml", "no such file"), (".", "folder")])
def test_what_cannot_be_opened_is_an_input_error(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(formats.read(tmp_path / name))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux")
def test_device_that_fails_to_read_is_an_input_error(tmp_path: Path) -> None:
    link = tmp_path / "a.txt"
    link.symlink_to("/proc/self/mem")
    with pytest.raises(InputError, match="cannot be read"):
        list(formats.read(link))


def test_name_that_no_file_can_have_is_an_input_error() -> None:
    with pytest.raises(InputError):
        list(read_many(["a\0b.txt"]))


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, expected in ((NBIB, "101"), (article_set(article("7")), "7")):
        stream = io.BytesIO(content.encode())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
        assert ids(formats.read("-")) == [expected]
        assert not stream.closed


def test_plain_text_on_standard_input_has_an_id_from_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"IL-12 acts.")))
    (found,) = formats.read("-")
    assert isinstance(found, Document)
    assert found.text == "IL-12 acts."
    assert found.id.startswith("sha256-")


def test_compressed_pipe_is_read() -> None:
    program = "from il12nlp import formats; print([r.id for r in formats.read('-')])"
    packed = gzip.compress(article_set(article("1"), article("2")).encode())
    done = subprocess.run([sys.executable, "-c", program], input=packed, capture_output=True)
    assert done.stdout.decode().strip() == "['1', '2']", done.stderr.decode()


def numbered(count: int) -> bytes:
    return b"".join(b'{"id": "%d", "text": "IL-12 %d"}\n' % (i, i * i) for i in range(count))


def test_zstandard_is_read_where_it_is_installed(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    frames = zstandard.compress(numbered(3)) + zstandard.compress(numbered(2))
    assert ids(read(tmp_path, "a.jsonl.zst", frames)) == ["0", "1", "2", "0", "1"]


def test_zstandard_that_is_cut_off_gives_what_stands_before(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard")
    packed = zstandard.compress(numbered(30_000))
    *before, last = read(tmp_path, "a.jsonl.zst", packed[: len(packed) // 2])
    assert len(before) > 1000
    assert ids(before) == [str(i) for i in range(len(before))]
    assert isinstance(last, Failure)
    assert f"after {len(before):,} records" in last.reason


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_damaged_compressed_data_is_refused(tmp_path: Path, suffix: str) -> None:
    if suffix == "zst":
        packed = pytest.importorskip("zstandard").compress(numbered(100))
    else:
        packed = gzip.compress(numbered(100))
    for broken in (packed[:12], packed[:11] + bytes(200)):
        with pytest.raises(FormatError, match="damaged compressed data"):
            read(tmp_path, f"a.jsonl.{suffix}", broken)


def test_zstandard_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'il12nlp\[zstd\]'"):
        read(tmp_path, "a.xml.zst", b"\x28\xb5\x2f\xfd....")


def test_folders_patterns_and_files_are_expanded_in_order(tmp_path: Path) -> None:
    fill(tmp_path, b_jsonl=LINE, a_xml="x", sub__c_txt="x", sub__d_md="x", _git__e_txt="x")
    for left_out in (".hidden.txt", "failures.jsonl", "out.jsonl.failures.jsonl"):
        (tmp_path / left_out).write_text("{}")
    (tmp_path / "z.xml.gz").write_bytes(b"x")
    folder = [str(tmp_path / name) for name in ("a.xml", "b.jsonl", "sub/c.txt", "z.xml.gz")]
    assert expand_inputs([tmp_path]) == folder
    assert expand_inputs([tmp_path / "*.xml*"]) == [folder[0], folder[3]]
    assert expand_inputs([tmp_path / "**" / "*.txt"]) == [folder[2]]
    assert expand_inputs([folder[1], tmp_path, "-", "gone.xml", "-"]) == [
        folder[1],
        folder[0],
        *folder[2:],
        "-",
        "gone.xml",
    ]


def test_file_whose_name_only_ends_like_a_list_of_failures_is_input(tmp_path: Path) -> None:
    fill(tmp_path, treatment__failures_jsonl=LINE)
    kept = tmp_path / "treatment-failures.jsonl"
    kept.write_text(LINE)
    assert expand_inputs([tmp_path]) == [str(kept)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes")
def test_pipes_below_a_folder_are_left_out_but_read_when_named(tmp_path: Path) -> None:
    fill(tmp_path, a_jsonl='{"id": "1", "text": "IL-2."}')
    pipe, gone = tmp_path / "b.jsonl", tmp_path / "c.jsonl"
    os.mkfifo(pipe)
    gone.symlink_to("nothing")  # told when it is read
    assert expand_inputs([tmp_path]) == [str(tmp_path / "a.jsonl"), str(gone)]
    assert expand_inputs([pipe]) == [str(pipe)]


def test_a_folder_that_cannot_be_listed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fill(tmp_path, a_txt="", sub__b_txt="")
    scandir = os.scandir

    def refused(path: str) -> object:
        if os.path.basename(path) == "sub":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert expand_inputs([tmp_path]) == [str(tmp_path / "a.txt")]
    assert f"{tmp_path / 'sub'}: left out, as it cannot be listed: Permission denied" in caplog.text


def test_links_to_folders_are_followed_once_and_never_upwards(tmp_path: Path) -> None:
    fill(tmp_path, in__a_txt="x", in__sub__b_txt="x", out__c_txt="x", d_txt="x")
    for link, target in {
        "in/out": "out",
        "in/again": "out",
        "in/sub/loop": "in",
        "in/up": ".",
        "out/back": "in",
        "in/gone": "nowhere",
        "in/a": "in/sub",
    }.items():
        (tmp_path / link).symlink_to(tmp_path / target)
    found = [os.path.relpath(path, tmp_path) for path in expand_inputs([tmp_path / "in"])]
    assert found == ["in/a.txt", "in/again/c.txt", "in/sub/b.txt"]


def test_open_file_tells_how_far_reading_is(tmp_path: Path) -> None:
    path, opened = tmp_path / "a.jsonl.gz", []
    path.write_bytes(gzip.compress(numbered(50_000)))
    records = formats.read(path, opened=opened.append)
    places = []
    for _ in records:
        places.append(opened[0].tell())
    assert 0 < places[0] < places[len(places) // 2] < places[-1] == path.stat().st_size
    assert opened[0].closed


def test_name_with_pattern_characters_is_a_file_where_it_exists(tmp_path: Path) -> None:
    path = tmp_path / "a[1].jsonl"
    path.write_text(LINE)
    assert expand_inputs([path]) == [str(path)]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [([], "no input"), (["sub"], "suffix that is read"), (["*.xml"], "no file matches")],
)
def test_inputs_that_stand_for_nothing_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inputs: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    with pytest.raises(InputError, match=message):
        expand_inputs(inputs)


@pytest.mark.parametrize("call", [expand_inputs, read_many, formats.read_documents])
@pytest.mark.parametrize("single", ["./a.jsonl", Path("a.jsonl"), b"a.jsonl"])
def test_single_path_is_no_list_of_inputs(call: Callable[[object], object], single: object) -> None:
    with pytest.raises(TypeError, match=re.escape(f"not {single!r}: give [{single!r}]")):
        call(single)


def test_unreadable_file_among_several_is_a_failure(tmp_path: Path) -> None:
    fill(tmp_path, a_jsonl=LINE, b_xml="<other/>", c_txt="")
    gone, empty, html = (str(tmp_path / n) for n in ("gone.xml", "c.txt", "b.xml"))
    found = list(read_many([tmp_path / "a.jsonl", gone, empty, html, tmp_path / "a.jsonl"]))
    assert [(type(r), r.id) for r in found[:1]] == [(Document, "a")]
    assert [(r.source, r.reason[:20]) for r in found[1:] if isinstance(r, Failure)] == [
        (gone, "no such file"),
        (empty, "is empty"),
        (html, "not PubMed XML: its "),
    ]


def test_only_unreadable_file_raises(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read_many([tmp_path / "gone.xml"]))


def test_records_come_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINE * 3 + "[broken")
    records = formats.read(path)
    assert next(records).id == "a"
    records.close()  # type: ignore[attr-defined]


def test_importing_formats_loads_no_heavy_library() -> None:
    program = (
        "import sys, il12nlp.formats as f; f.format_names(); f.get_format('csv');"
        "f.get_format('pubmed_xml');"
        "print([m for m in ('lxml', 'pyarrow', 'torch', 'spacy', 'zstandard') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_documents_are_read_whole_or_not_at_all(tmp_path: Path) -> None:
    fill(tmp_path, a_jsonl=LINE, b_jsonl=LINE + "[broken\n")
    assert [d.id for d in formats.read_documents([tmp_path / "a.jsonl"])] == ["a"]
    with pytest.raises(InputError, match=r"b\.jsonl:2: not JSON"):
        formats.read_documents([tmp_path])


def test_documents_of_an_update_file_come_without_what_was_withdrawn(tmp_path: Path) -> None:
    path = tmp_path / "update.xml"
    path.write_text(article_set(article("1"), "<DeleteCitation><PMID>9</PMID></DeleteCitation>"))
    assert [d.id for d in formats.read_documents([path])] == ["1"]
