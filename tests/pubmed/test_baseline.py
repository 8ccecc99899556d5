from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from il12nlp import formats
from il12nlp.errors import ConfigError, InputError, OutputError
from il12nlp.pubmed.baseline import (
    BaselineSummary,
    FileNumbers,
)
from tests.pubmed.baseline_case import ALL, ONE, THREE, TWO, run_baseline, texts_in
from tests.pubmed.ncbi import FakeNcbi, article, file_xml
from tests.pubmed.server import send


def test_updates_are_applied_and_each_citation_comes_once(served: FakeNcbi, out: Path) -> None:
    assert run_baseline(served, out) == BaselineSummary(3, 3, 3, 4, 1, ())
    assert texts_in(out) == ALL
    assert sorted(p.name for p in out.glob("*.gz")) == [ONE, TWO, THREE]


def test_withdrawn_citations_stay_known_as_deletions(served: FakeNcbi, out: Path) -> None:
    run_baseline(served, out)
    deletions = [r.id for r in formats.read_many([out]) if isinstance(r, formats.Deletion)]
    assert deletions == ["201"]


def test_later_updates_are_added(served: FakeNcbi, out: Path) -> None:
    run_baseline(served, out)
    again = file_xml(article(201, "back"), article(101, "mended"), deleted=(301,))
    served.add_file("updatefiles/pubmed26n0004.xml.gz", again)
    served.asked.clear()
    assert run_baseline(served, out) == BaselineSummary(4, 4, 1, 4, 1, ())
    assert texts_in(out) == {"101": "mended", "102": "revised", "201": "back", "202": "two"}
    assert served.paths(".gz") == [f"/pubmed/updatefiles/pubmed26n0004.xml.gz{end}"
                                   for end in (".md5", "")]  # fmt: skip


def test_the_highest_version_wins_wherever_it_stands(ncbi: FakeNcbi, out: Path) -> None:
    first = file_xml(article(101, "v1"), article(101, "v2", version=2), article(102, "once"))
    ncbi.add_file(f"baseline/{ONE}", first)
    ncbi.add_file(f"updatefiles/{TWO}", file_xml(article(101, "v1 mended"), article(102, "a"),
                                                 article(102, "b")))  # fmt: skip
    assert run_baseline(ncbi, out).citations == 2
    assert texts_in(out) == {"101": "v2", "102": "b"}


def test_one_file_alone_gives_its_newest_only(served: FakeNcbi, out: Path) -> None:
    run_baseline(served, out)
    assert [r.id for r in formats.read(out / ONE)] == ["101"]
    assert [r.id for r in formats.read(out / TWO)] == ["202"]


def test_an_unpacked_file_gives_its_newest_too(served: FakeNcbi, out: Path) -> None:
    run_baseline(served, out)
    path = out / ONE.removesuffix(".gz")
    path.write_bytes(gzip.decompress((out / ONE).read_bytes()))
    assert [r.id for r in formats.read(path)] == ["101"]


def test_order_of_coming_does_not_matter(served: FakeNcbi, out: Path) -> None:
    served.broken = {f"/pubmed/baseline/{ONE}": send(404)}
    done = run_baseline(served, out)
    assert (done.held, done.files) == (2, 3)
    assert "HTTP status 404" in done.reasons[0]
    assert texts_in(out) == {"102": "revised", "202": "two", "301": "new"}
    served.broken = {}
    assert run_baseline(served, out) == BaselineSummary(3, 3, 1, 4, 1, ())
    assert texts_in(out) == ALL


def test_only_files_of_the_newest_year_are_taken(served: FakeNcbi, out: Path) -> None:
    served.add_file("updatefiles/pubmed25n1500.xml.gz", file_xml(article(101, "last year")))
    assert run_baseline(served, out).files == 3
    served.add_file("baseline/pubmed27n0001.xml.gz", file_xml(article(101, "next year")))
    with pytest.raises(OutputError, match=r"holds baseline '26', not baseline '27'.*another"):
        run_baseline(served, out)


def test_files_of_a_folder_without_index_are_read_as_they_stand(
    served: FakeNcbi, out: Path
) -> None:
    run_baseline(served, out)
    (out / "newest.sqlite3").unlink()
    assert [r.id for r in formats.read(out / ONE)] == ["101", "102"]


def test_only_the_files_with_the_numbers_asked_for_come(served: FakeNcbi, out: Path) -> None:
    assert run_baseline(served, out, numbers=FileNumbers.parse("2-")).files == 2
    assert {p.name for p in out.glob("*.gz")} == {TWO, THREE}
    with pytest.raises(InputError, match="no file with such a number"):
        run_baseline(served, out, numbers=FileNumbers.parse("7"))


def test_file_numbers_are_spans() -> None:
    numbers = FileNumbers.parse("1-3, 7,1300-")
    assert [n for n in (1, 2, 3, 4, 6, 7, 8, 1299, 1300, 99_999) if n in numbers] == [
        1, 2, 3, 7, 1300, 99_999]  # fmt: skip


@pytest.mark.parametrize("text", ["", "a", "3-1", "-5", "1,,2", "1-2-3", "²"])
def test_file_numbers_that_are_none_are_told(text: str) -> None:
    with pytest.raises(ConfigError, match="is no span of file numbers"):
        FileNumbers.parse(text)
