"""What E-utilities answer, proved to be what was asked for; ValueError where it is not."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from il12nlp.errors import FormatError

MOST_FOUND = 9_999
"""Most records of one search that PubMed gives out; what lies beyond cannot be paged to."""

EMPTY_SET = b"<PubmedArticleSet></PubmedArticleSet>"

_UNKNOWN = (
    ("errorlist", "phrasesnotfound"),
    ("errorlist", "fieldsnotfound"),
    ("warninglist", "quotedphrasesnotfound"),
)
"""Where esearch lists what it left out of a query, or searched without its quotes."""

_PMID = re.compile(r"[1-9][0-9]{0,8}")
_WEB_ENV = re.compile(r"[\w.@%+=-]{1,1000}", re.ASCII)
_LAST_TAG = re.compile(rb"(?:</PubmedArticleSet>|<PubmedArticleSet\s*/>)\s*\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found and where the history server holds it.

    `pmids` are all that PubMed lists, of more than MOST_FOUND only the first; `unknown` are the
    phrases and fields of the query that it does not know.
    """

    count: int
    pmids: tuple[str, ...]
    web_env: str
    query_key: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete PubmedArticleSet and the PMIDs of its records, in their order."""

    xml: bytes
    pmids: tuple[str, ...]


def is_pmid(text: str) -> bool:
    """Whether a text has the form of a PMID."""
    return _PMID.fullmatch(text) is not None


def whole_set(body: bytes) -> bytes:
    """The answer, if it ends as a PubmedArticleSet does."""
    if not _LAST_TAG.search(body[-200:]):
        raise ValueError("the answer is no complete PubmedArticleSet")
    return body


def records_asked_for(body: bytes, asked: Collection[str]) -> Answer:
    """The answer, if our own reader reads it to its end and each record was asked for, once."""
    from il12nlp.formats.pubmed_xml import read

    pmids: dict[str, None] = {}
    try:
        for record in read(io.BytesIO(whole_set(body)), "the answer"):
            if record.id is None:
                raise ValueError(f"the answer is malformed: {getattr(record, 'reason', '')}")
            if record.id in pmids or record.id not in asked:
                raise ValueError(f"the answer holds PMID {record.id} twice or unasked")
            pmids[record.id] = None
    except FormatError as error:
        raise ValueError(str(error)) from error
    return Answer(body, tuple(pmids))


def search_result(body: bytes) -> Found:
    """The result of a search, from esearch's JSON."""
    try:
        # NCBI leaves control characters in its strings.
        return _found(json.loads(body, strict=False)["esearchresult"])
    except (KeyError, TypeError, RecursionError, ValueError) as error:
        raise ValueError(f"the answer is no result of a search ({error})") from error


def _found(result: dict[str, Any]) -> Found:
    if "ERROR" in result:
        raise ValueError(result["ERROR"])
    count, pmids = int(result["count"]), tuple(map(str, result["idlist"]))
    unknown = [
        str(phrase)
        for place, kind in _UNKNOWN
        for phrase in (result.get(place) or {}).get(kind) or ()
    ]
    web_env, key = str(result.get("webenv", "")), str(result.get("querykey", ""))
    if not all(map(is_pmid, pmids)) or not min(count, 1) <= len(set(pmids)) <= count:
        raise ValueError(f"{count} found, but {len(set(pmids))} PMIDs given")
    if count and not (_WEB_ENV.fullmatch(web_env) and key.isascii() and key.isdigit()):
        raise ValueError("no place on the history server")
    return Found(count, pmids, web_env, key, tuple(unknown))
