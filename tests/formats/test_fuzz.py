"""Whatever bytes come: records whose documents hold, or an InputError, and nothing else."""

import contextlib
import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import InputError
from il12nlp.formats import Failure
from tests.formats import pages
from tests.formats.samples import NBIB, article, article_set
from tests.formats.test_jsonl import CANONICAL

DELETION = "<DeleteCitation><PMID>2</PMID></DeleteCitation>"
SAMPLES = {
    "pubmed_xml": [article_set(article("1"), article("2"), DELETION), article("A1-1")],
    "medline": [NBIB, NBIB + NBIB],
    "pubmed_page": [pages.NEW, pages.SAVED, pages.OLD, pages.TEXT_FORM, pages.MAIN_TEXT],
    "jsonl": [CANONICAL, CANONICAL * 2],
    "plain": ["Title\n\nIL-12 acts.\r\n"],
}
PIECES = (
    b"\x00 \xff \xef\xbb\xbf \xff\xfe \xe2\x80\xa8 <a> </a> <![CDATA[ ]]> &#1; &x; <!-- <PMID> "
    b'PMID-  AB  - Abstract PMID: 1. {} [] null 1e999 "text": "start":-1 '
)
FRAGMENTS = st.binary(max_size=6) | st.sampled_from(
    [
        *PIECES.split(b" "),
        b"\n",
        b"\n\n",
        b"\r\n",
        b"J A. 2001 Mar 1;1:1-9.",
        b"Similar articles\n",
        b"skip to main\nAbstract\nAbstract\nx",
        b"RESULTS: x. RESULTS: ",
    ]
)


@st.composite
def mutated(draw: st.DrawFn, samples: list[str]) -> bytes:
    """A valid sample with pieces cut out and others put in."""
    data = draw(st.sampled_from(samples)).encode()
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        end = draw(st.sampled_from([start, min(start + 4, len(data)), end]))
        data = data[:start] + draw(FRAGMENTS) + data[end:]
    return data


@pytest.mark.parametrize("name", SAMPLES)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_reader_gives_sound_records_or_an_input_error(
    name: str, tmp_path: Path, data: st.DataObject
) -> None:
    content = data.draw(st.binary(max_size=60) | mutated(SAMPLES[name]))
    path = tmp_path / data.draw(st.sampled_from(["a", "a.xml", "a.nbib", "a.txt", "a.jsonl"]))
    path.write_bytes(content)
    logging.disable()
    for format in (name, None):
        with contextlib.suppress(InputError):
            for record in formats.read(path, format=format):
                if isinstance(record, Document):
                    assert record.text.strip()
                    record.check()
                else:
                    assert isinstance(record, Failure)
                    assert record.reason
    logging.disable(logging.NOTSET)
