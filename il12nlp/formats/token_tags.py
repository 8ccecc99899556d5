"""Token lines: JSON lines with tokens and their tags, the form in which many corpora are passed on.

    {"id": "d1:1", "doc": "d1", "tokens": ["IL-2", "therapy"], "tags": ["B-INT", "I-INT"]}

The authors' own text is lost in such a file, so the document's text is its tokens with a space
between them. Tags are "O", "B-TYPE" and "I-TYPE"; an I- that continues nothing starts a mention
(IOB1 and IOB2 both read right). "doc" is the abstract that a piece comes from, kept as PMID where
it has the form of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from il12nlp.document import Document, Mention
from il12nlp.errors import RecordError
from il12nlp.formats.base import Format, Record, content_id
from il12nlp.formats.fields import Data, FieldError, name, optional, short, strings
from il12nlp.formats.jsonl import read_objects

_KEYS = frozenset({"id", "doc", "tokens", "tags", "meta"})
_PMID = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_LISTS = {"tokens", "tags"}
_TEXTS = {"text", "title", "abstract"}
_NAMED = re.compile(r'"(\w+)"\s*:')
_TAG = re.compile(r"O|([BI])-(.+)")


def sniff(head: str) -> bool:
    """Whether the first line holds both lists and no text of its own."""
    first, ends, _ = head.lstrip().partition("\n")
    if not first.startswith("{"):
        return False
    try:
        keys = set(orjson.loads(first))
    except orjson.JSONDecodeError:
        # Cut off by the end of what is looked at, maybe before the tags.
        keys = set() if ends else {*_NAMED.findall(first), "tags"}
    return keys >= _LISTS and not keys & _TEXTS


def read(stream: BinaryIO, source: str) -> Iterator[Record]:
    """One document a line; wrong lines come out as failures."""
    return read_objects(stream, source, document_from_tokens)


def document_from_tokens(data: Data) -> Document:
    """Document of one line; raises RecordError, which names the key and the value."""
    record_id = None
    try:
        record_id = name(data, "id")
        tokens, tags = strings(data, "tokens"), strings(data, "tags")
        if len(tokens) != len(tags):
            raise FieldError(f"{len(tokens)} tokens, but {len(tags)} tags")
        if "" in tokens:
            raise FieldError(f"tokens[{tokens.index('')}] is empty")
        text, abstract = " ".join(tokens), name(data, "doc")
        is_pmid = abstract is not None and _PMID.fullmatch(abstract) is not None
        meta = dict(optional(dict, data, "meta") or {})
        meta |= {key: value for key, value in data.items() if key not in _KEYS}
        if abstract and not is_pmid:
            meta["doc"] = abstract
        return Document(
            id=record_id or content_id(text),
            text=text,
            pmid=abstract if is_pmid else None,
            mentions=tuple(_mentions(text, tokens, tags)),
            meta=meta,
        )
    except FieldError as error:
        raise RecordError(str(error), record_id=record_id) from None


def _mentions(text: str, tokens: tuple[str, ...], tags: tuple[str, ...]) -> Iterator[Mention]:
    for number, (start, end, kind) in enumerate(_spans(tokens, tags), start=1):
        yield Mention(f"T{number}", start, end, kind, text[start:end])


def _spans(tokens: tuple[str, ...], tags: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    """Start, end and type of each mention, in code points of the joined tokens."""
    at, start, end, running = 0, 0, 0, None
    for number, (token, tag) in enumerate(zip(tokens, tags, strict=True)):
        match = _TAG.fullmatch(tag)
        if match is None:
            raise FieldError(f"tags[{number}] is {short(tag)}; O, B-TYPE and I-TYPE are read")
        place, kind = match.groups()
        if running is not None and (place != "I" or kind != running):
            yield start, end, running
            running = None
        if kind is not None and running is None:
            start, running = at, kind
        end = at + len(token)
        at = end + 1
    if running is not None:
        yield start, end, running


FORMAT = Format(
    name="token_tags",
    suffixes=(".jsonl", ".ndjson"),
    description="JSON lines of tokens with B-, I- and O tags; the text is the tokens joined",
    sniff=sniff,
    read=read,
)
