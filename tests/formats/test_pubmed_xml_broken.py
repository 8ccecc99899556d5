import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from il12nlp.document import Document
from il12nlp.errors import FormatError
from il12nlp.formats import Failure
from il12nlp.formats.base import MAX_RECORD_BYTES
from tests.formats.samples import (
    TEXT,
    TITLE,
    article,
    article_set,
    document,
    failure,
    read,
)


@pytest.mark.parametrize("cut", ["tail", "tag", "entity", "mismatch"])
def test_broken_xml_gives_what_stands_before_the_break(tmp_path: Path, cut: str) -> None:
    text = article_set(article("1"), article("2"), article("3"))
    at = text.index("<PMID", text.index("<PMID", text.index("<PMID") + 1) + 1)
    broken = {
        "tail": text[:at],
        "tag": text[: at + 3],
        "entity": text[:at] + "&#0;" + text[at:],
        "mismatch": text[:at] + "</Article>" + text[at:],
    }[cut]
    *before, last = read(tmp_path, "a.xml", broken)
    assert [r.id for r in before] == ["1", "2"]
    assert isinstance(last, Failure)
    assert last.line is not None
    assert last.line >= text[:at].count("\n")
    assert "breaks off or is malformed" in last.reason


def test_truncated_gzip_gives_what_stands_before_the_break(tmp_path: Path) -> None:
    articles = [article(str(i), title=f"{i} {TITLE}") for i in range(1, 1500)]
    packed = gzip.compress(article_set(*articles).encode())
    *before, last = read(tmp_path, "a.xml.gz", packed[: len(packed) * 2 // 3])
    assert len(before) > 200
    assert [r.id for r in before] == [str(i) for i in range(1, len(before) + 1)]
    assert isinstance(last, Failure)
    assert "compressed data" in last.reason


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE PubmedArticleSet [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE PubmedArticleSet [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE PubmedArticleSet SYSTEM "http://127.0.0.1/x.dtd" [<!ENTITY % p "x">]>',
        '<!-- [ --><?x ?><!DOCTYPE PubmedArticleSet PUBLIC "a" "b" [<!ENTITY a "lol">]>',
    ],
)
def test_entities_of_the_files_own_are_refused(tmp_path: Path, doctype: str) -> None:
    text = article_set(article(title="&xxe;&a;"), doctype=doctype)
    with pytest.raises(FormatError, match="never resolved"):
        read(tmp_path, "a.xml", text)


def test_entity_reference_stays_as_it_is_written(tmp_path: Path) -> None:
    found = document(read(tmp_path, "a.xml", article_set(article(title="IFN-&gamma; here"))))
    assert found.text.startswith("IFN-&gamma; here\n")


def test_external_dtd_is_not_loaded(tmp_path: Path) -> None:
    dtd = tmp_path / "evil.dtd"
    dtd.write_text('<!ENTITY evil "resolved"><!BROKEN')  # would be an error if it were read
    doctype = f'<!DOCTYPE PubmedArticleSet SYSTEM "{dtd.as_uri()}">'
    text = article_set(article(title="&evil;"), doctype=doctype)
    assert "resolved" not in document(read(tmp_path, "a.xml", text)).text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<eFetchResult><ERROR>no</ERROR></eFetchResult>", "root element is <eFetchResult>"),
        ("PMID: none of it", "no root element"),
        ("<PubmedArticleSet></PubmedArticleSet>", "holds no record"),
    ],
)
def test_other_xml_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(tmp_path, "a.xml", content)


def test_single_article_without_a_set_is_read(tmp_path: Path) -> None:
    assert document(read(tmp_path, "a.xml", article("5"))).id == "5"


def test_declared_encoding_is_used(tmp_path: Path) -> None:
    text = article_set(article(title="Müller & µ".replace("&", "&amp;")))
    text = text.replace('<?xml version="1.0" ?>', '<?xml version="1.0" encoding="ISO-8859-1"?>')
    found = document(read(tmp_path, "a.xml", text.replace("α", "a").encode("latin-1")))
    assert found.text.startswith("Müller & µ\n")


def test_utf16_is_read_by_its_mark(tmp_path: Path) -> None:
    text = article_set(article()).replace("1.0", '1.0" encoding="UTF-16', 1)
    assert document(read(tmp_path, "a.xml", text.encode("utf-16"))).text == TEXT


def test_wrong_bytes_are_read_as_windows_1252(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = article_set(article(title="TNF-α @ 5 ~g")).encode().replace(b"~", b"\xb5")
    found = document(read(tmp_path, "a.xml", data.replace(b"@", b"\x96")))
    assert found.text.startswith("TNF-α – 5 µg\n")
    assert caplog.text.count("not valid UTF-8") == 1


def test_endless_record_is_a_failure_without_filling_memory(tmp_path: Path) -> None:
    filler = "<x>" + "a" * 1000 + "</x>\n"
    data = "<PubmedArticleSet><y>" + filler * (MAX_RECORD_BYTES // len(filler) + 70)
    found = failure(read(tmp_path, "a.xml", data))
    assert "no record ends within" in found.reason


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(article_set(*(article(str(i)) for i in range(1, 4001))))
    # In a process of its own, as the parser's memory is not Python's.
    program = """if True:
        import resource, sys
        from il12nlp import formats
        def used():
            with open("/proc/self/statm") as stream:
                return int(stream.read().split()[1]) * resource.getpagesize()
        sizes = [used() for i, _ in enumerate(formats.read(sys.argv[1])) if i % 500 == 499]
        print(len(sizes), max(sizes) - sizes[0])
    """
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
    )
    count, growth = map(int, done.stdout.split())
    assert count == 8
    assert growth < 5_000_000


@pytest.mark.parametrize("prolog", ["", '<?xml version="1.0"?>\n<!-- µ -->\n'])
def test_undeclared_entity_without_a_doctype_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prolog: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("none", "PubmedArticleSet"):  # what no DOCTYPE of ours may lead to
        Path(name).write_text('<!ENTITY gamma "resolved">')
    first = article("1", title="IFN-&gamma; here").replace("\n", " ")
    text = f"{prolog}<PubmedArticleSet>{first}\n{article('2')}</PubmedArticleSet>"
    one, two = read(tmp_path, "a.xml", text)
    assert isinstance(one, Document)
    assert one.text.startswith("IFN-&gamma; here\n")
    assert two.id == "2"


def test_break_that_the_parser_is_silent_about_is_named_with_its_line(tmp_path: Path) -> None:
    text = article_set(article("1"), article("2", title="IFN-&gamma;"), article("3"))
    alone = text.replace("?>", 'standalone="yes"?>', 1)  # what is not declared is an error there
    before, last = read(tmp_path, "a.xml", alone)
    assert before.id == "1"
    assert isinstance(last, Failure)
    assert last.line == text[: text.index("&gamma;")].count("\n") + 1
    assert "Entity 'gamma' not defined" in last.reason


@pytest.mark.parametrize("at", [0, 65_000, 65_200, 65_400, 65_536])
def test_files_put_together_by_cat_give_all_their_records(tmp_path: Path, at: int) -> None:
    first = article_set(article("1"))
    padding = f"<!--{'x' * (at - len(first))}-->" if at else ""
    whole = article_set(article("1"), padding) + article_set(article("2")) + article_set("<a>")
    *documents, broken = read(tmp_path, "all.xml", whole)
    assert [d.id for d in documents] == ["1", "2"]
    assert isinstance(broken, Failure)
    assert broken.line == whole.count("\n")


def test_packed_files_put_together_and_cut_off_give_what_stands_before(tmp_path: Path) -> None:
    packed = gzip.compress(article_set(article("1")).encode())
    *documents, broken = read(tmp_path, "all.xml.gz", packed * 3 + packed[:-20])
    assert [d.id for d in documents][:3] == ["1", "1", "1"]
    assert isinstance(broken, Failure)
