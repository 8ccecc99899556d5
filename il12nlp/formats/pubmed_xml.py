"""PubMed XML: efetch answers, baseline and update files, articles and book chapters.

The elements: https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/. The parser loads no DTD, goes
to no network and resolves no entity; a file that declares entities of its own is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, cast

from il12nlp.errors import FormatError
from il12nlp.formats.base import MAX_RECORD_BYTES, Deletion, Failure, Format, Record, vetted
from il12nlp.formats.encoding import CHUNK_BYTES
from il12nlp.formats.packed import DAMAGED
from il12nlp.formats.pubmed_elements import document_of

if TYPE_CHECKING:
    import io

    from lxml import etree

_ROOTS = ("PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle")
_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_DELETIONS = "DeleteCitation"

_PROLOG = re.compile(r"\s*(?:<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*>)", re.DOTALL)
_INTERNAL_DTD = re.compile(r"\s*<!DOCTYPE[^>]*?\[")
_INTERNAL = "!DOCTYPE["
_ROOT = re.compile(r"\s*<([A-Za-z_][\w.:-]*)")
_MALFORMED = "the XML breaks off or is malformed here"
_OPENING, _CLOSING = b"<DeleteCitation", b"</DeleteCitation"
_JOINT = re.compile(
    rb"</(Pubmed(?:Book)?ArticleSet)>\s*(?:\xef\xbb\xbf)?(?:<\?xml[^>]*>\s*)?"
    rb"(?:<!DOCTYPE[^\[>]*>\s*)?<\1>"
)
"""Where one file ends and `cat`, or efetch in a loop, put another behind it."""

_LONGEST_JOINT = 1024
"""Bytes; PubMed's has some 250."""

_LISTED = re.compile(rb"<PMID\b[^>]*>([^<]*)</PMID>")


def sniff(head: str) -> bool:
    """Whether text is PubMed's XML, or other XML, which the reader then refuses."""
    return head.lstrip().startswith("<?xml") or _root(head) in (*_ROOTS, _INTERNAL)


def _root(head: str) -> str | None:
    at = _prolog_end(head)
    if _INTERNAL_DTD.match(head, at):
        return _INTERNAL
    root = _ROOT.match(head, at)
    return root[1] if root else None


def _prolog_end(head: str) -> int:
    at = 0
    while match := _PROLOG.match(head, at):
        at = match.end()
    return at


def read(stream: BinaryIO, source: str) -> Iterator[Record]:
    """Records in the order of the file; deleted PMIDs last, each as a `Deletion`.

    A record that the same file deletes is left out; of a stream that cannot be rewound (a pipe)
    it has been given out by then, and its `Deletion` follows. What stands before a break in the
    XML is given out, then a Failure with the line of the break.
    """
    deleted = _deleted_pmids(stream)
    for element in _elements(stream, source):
        if isinstance(element, Failure):
            yield element
        elif element.tag != _DELETIONS:
            document = document_of(element)
            if document.id not in deleted:
                yield vetted(document, source=source, line=_line(element))
        else:
            for pmid in element.iter("PMID"):
                reason = "withdrawn by PubMed (DeleteCitation): earlier results for it are void"
                yield Deletion(source, _line(pmid), (pmid.text or "").strip() or None, reason)


def _deleted_pmids(stream: BinaryIO) -> frozenset[str]:
    """PMIDs in a file's DeleteCitation, which comes last; empty where it cannot be read twice."""
    if not stream.seekable():
        return frozenset()
    tail, found = b"", False
    with suppress(*DAMAGED):  # what is cut off here will break off again when it is parsed
        while (chunk := stream.read(CHUNK_BYTES)) and len(tail) <= MAX_RECORD_BYTES:
            tail = (tail if found else tail[-len(_OPENING) :]) + chunk
            found = found or _OPENING in tail
    stream.seek(0)
    listed = tail.partition(_OPENING)[2].partition(_CLOSING)[0]
    return frozenset(pmid.strip().decode("utf-8", "replace") for pmid in _LISTED.findall(listed))


def _elements(stream: BinaryIO, source: str) -> Iterator[etree._Element | Failure]:
    """Elements of records and deletions; each is emptied when the next is asked for."""
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("end",),
        tag=(*_RECORDS, _DELETIONS),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    chunks = _chunks(stream)
    chunk = _with_doctype(next(chunks, b""), source)
    pending = 0
    while True:
        problem = None
        try:
            parser.feed(chunk) if chunk else parser.close()
        except etree.XMLSyntaxError as error:
            line, problem = error.lineno, f"{_MALFORMED}: {error.msg}"
        # feed() is silent about some breaks, of which close() would then say "no element found".
        faults = () if problem else parser.feed_error_log.filter_from_fatals()
        for fault in islice(faults, 1):
            line, problem = fault.line, f"{_MALFORMED}: {fault.message}"
        pending += len(chunk)
        for _, element in parser.read_events():
            pending = 0
            record = cast("etree._Element", element)
            yield record
            _forget(record)
        if problem is None and pending > MAX_RECORD_BYTES:
            line, problem = None, f"no record ends within {MAX_RECORD_BYTES:,} bytes"
        if problem is not None:
            yield Failure(source, line, None, problem)
        if problem is not None or not chunk:
            return
        chunk = next(chunks, b"")


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a stream, of files that were put together as of one: with one root."""
    # read() would drop the bytes before damage in a compressed file; read1() gives them first.
    read1 = cast("io.BufferedReader", stream).read1
    held = b""
    while True:
        try:
            chunk = read1(CHUNK_BYTES)
        except DAMAGED:
            if held:
                yield held
            raise
        # Line feeds stay, so that lines keep their numbers.
        data = _JOINT.sub(lambda joint: b"\n" * joint[0].count(b"\n"), held + chunk)
        # A joint that is not whole yet begins with the last closing tag: no record ends behind it.
        at = data.rfind(b"</", -_LONGEST_JOINT) if chunk else -1
        held = data[at:] if at >= 0 else b""
        if ready := data.removesuffix(held):
            yield ready
        if not chunk:
            return


def _line(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)


def _with_doctype(start: bytes, source: str) -> bytes:
    """The start of the file, given a DOCTYPE where it has none.

    With one, whose DTD is never loaded, an entity that is not declared stays as it is written;
    without, it would be an error that ends the file. Raises FormatError as `_check_root` does.
    """
    head = start.decode("utf-8", "ignore")
    root, at = _check_root(head, source), _prolog_end(head)
    if "<!DOCTYPE" in head[:at]:
        return start
    prolog = head[:at].encode("utf-8")
    return prolog + f'<!DOCTYPE {root} SYSTEM "none">'.encode() + start[len(prolog) :]


def _check_root(head: str, source: str) -> str:
    """Name of the root; FormatError unless the file begins as PubMed XML without own entities."""
    root = _root(head)
    if root == _INTERNAL:
        problem = "its DOCTYPE declares entities or elements of its own, which are never resolved"
    elif root is None:
        problem = "no XML: no root element in the first 64 KiB"
    elif root not in _ROOTS:
        problem = f"not PubMed XML: its root element is <{root}>, not <{_ROOTS[0]}>"
    else:
        return root
    raise FormatError(problem, path=source)


def _forget(element: etree._Element) -> None:
    """Free a record's memory, and what its earlier siblings left of themselves."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


FORMAT = Format(
    name="pubmed_xml",
    suffixes=(".xml",),
    description="PubMed XML: efetch, baseline and update files",
    sniff=sniff,
    read=read,
)
