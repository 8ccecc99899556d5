"""A local stand-in for NCBI: searches with a history, efetch, and the files of all PubMed.

It answers in NCBI's shape, keeps NCBI's limits, and fails as told.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

from tests.pubmed.server import Reply, send, serving

CAP = 9_999
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC '
    '"-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
LATER = date(2020, 1, 1)


@dataclass
class Asked:
    """One request: where, with what, and when it came (seconds)."""

    path: str
    form: dict[str, str]
    at: float


@dataclass
class FakeNcbi:
    """What the server gives and what it was asked; `failures` are used up first, one a request.

    `entered` has each PMID's day; `versions` the text of those that have one other than `text`.
    `files` are what lies below `/pubmed/`. With `limit`, more requests a second get a 429.
    """

    entered: dict[str, date] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    failures: list[Reply] = field(default_factory=list)
    broken: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    history: dict[str, list[str]] = field(default_factory=dict)
    search_says: dict[str, object] = field(default_factory=dict)
    limit: int | None = None
    url: str = ""

    @property
    def eutils(self) -> str:
        return self.url + "/entrez/eutils/"

    @property
    def pubmed(self) -> str:
        return self.url + "/pubmed/"

    def add(self, pmids: range, day: date = LATER) -> None:
        self.entered.update({str(pmid): day for pmid in pmids})

    def paths(self, word: str = "") -> list[str]:
        return [a.path for a in self.asked if word in a.path]

    def add_file(self, path: str, xml: str, md5: str | None = None) -> None:
        """A file below `/pubmed/`, with its MD5 beside it."""
        packed = gzip.compress(xml.encode(), mtime=0)
        name = path.rpartition("/")[2]
        self.files[path] = packed
        digest = md5 or hashlib.md5(packed).hexdigest()
        self.files[f"{path}.md5"] = f"MD5({name})= {digest}\n".encode()

    def reply(self, path: str, form: dict[str, str]) -> Reply:
        """What is answered when nothing fails."""
        if path.startswith("/pubmed/"):
            return self._file(path.removeprefix("/pubmed/"))
        if path.endswith("esearch.fcgi"):
            return send(200, json.dumps(self._search(form)).encode())
        if "id" in form:
            return send(200, self.article_set(form["id"].split(",")))
        held = self.history.get(form["WebEnv"])
        start = int(form["retstart"])
        if held is None or form["query_key"] != "1":
            return send(400, b'{"error":"Unable to obtain query #1"}')
        if start >= CAP:
            return send(400, b'{"error":"Search Backend failed: retstart"}')
        return send(200, self.article_set(held[start : start + int(form["retmax"])]))

    def article_set(self, pmids: list[str]) -> bytes:
        found = [article(p, self.texts.get(p, f"IL-12 in mice {p}.")) for p in pmids
                 if p in self.entered]  # fmt: skip
        return f"{HEAD}<PubmedArticleSet>\n{''.join(found)}</PubmedArticleSet>\n".encode()

    def right(self) -> Reply:
        """Among `failures`: what is answered when nothing fails."""

        def reply(handler: BaseHTTPRequestHandler, body: bytes) -> None:
            asked = self.asked[-1]
            self.reply(asked.path, asked.form)(handler, body)

        return reply

    def _search(self, form: dict[str, str]) -> dict[str, object]:
        first, last = (_day(form.get(n, d)) for n, d in (("mindate", ""), ("maxdate", "9")))
        found = [p for p, day in self.entered.items() if first <= day <= last]
        if form["term"] == "nothing":
            found = []
        env = f"MCID_{len(self.history):x}"
        self.history[env] = found
        result: dict[str, object] = {
            "count": str(len(found)),
            "retmax": form["retmax"],
            "retstart": "0",
            "querykey": "1",
            "webenv": env,
            "idlist": found[: min(CAP, int(form["retmax"]))],
        }
        return {"header": {"type": "esearch"}, "esearchresult": result | self.search_says}

    def _file(self, path: str) -> Reply:
        if path.endswith("/"):
            names = [p.removeprefix(path) for p in self.files if p.startswith(path)]
            rows = "".join(
                f'<a href="{name}">{name}</a>  2026-01-05 12:00   19M\n' for name in names
            )
            return send(200, f"<html><pre><a href='../'>Parent</a>\n{rows}</pre></html>".encode())
        return send(200, self.files[path]) if path in self.files else send(404)


def _day(text: str) -> date:
    if "/" not in text:
        return date.max if text else date.min
    return datetime.strptime(text, "%Y/%m/%d").date()


def article(pmid: str | int, title: str, *, version: int = 1) -> str:
    """A PubmedArticle; it cites PMID 7, which is no record of its own."""
    return (
        f'<PubmedArticle>\n<MedlineCitation Status="MEDLINE" Owner="NLM">\n'
        f'<PMID Version="{version}">{pmid}</PMID>\n<Article PubModel="Print">'
        f"<ArticleTitle>{title}</ArticleTitle></Article>"
        f'<CommentsCorrectionsList><CommentsCorrections RefType="Cites">'
        f'<PMID Version="1">7</PMID></CommentsCorrections></CommentsCorrectionsList>'
        f"</MedlineCitation></PubmedArticle>\n"
    )


def file_xml(*articles: str, deleted: tuple[int, ...] = ()) -> str:
    """A file of the baseline or the updates."""
    pmids = "".join(f'<PMID Version="1">{pmid}</PMID>\n' for pmid in deleted)
    tail = f"<DeleteCitation>\n{pmids}</DeleteCitation>\n" if deleted else ""
    return f"{HEAD}<PubmedArticleSet>\n{''.join(articles)}{tail}</PubmedArticleSet>\n"


@contextmanager
def fake_ncbi() -> Iterator[FakeNcbi]:
    """A server on a free local port, stopped at the end of the block."""
    state = FakeNcbi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer({key: value[0] for key, value in form.items()})

        def do_GET(self) -> None:
            self._answer({})

        def _answer(self, form: dict[str, str]) -> None:
            now = time.monotonic()
            state.asked.append(Asked(self.path, form, now))
            lately = sum(now - asked.at < 1 for asked in state.asked)
            if state.limit is not None and lately > state.limit:
                send(429, b'{"error":"API rate limit exceeded"}', Retry_After="1")(self, b"")
                return
            reply = state.reply(self.path, form)
            if state.failures:
                reply = state.failures.pop(0)
            elif self.path in state.broken:
                reply = state.broken[self.path]
            whole = state.files.get(self.path.removeprefix("/pubmed/"), b"")
            reply(self, whole or state.article_set(form.get("id", "").split(",")))

        def log_message(self, format: str, *args: object) -> None:
            pass

    with serving(Handler) as url:
        state.url = url
        yield state
