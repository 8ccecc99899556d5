"""A local stand-in for E-utilities: answers efetch, and fails as told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from il12nlp.document import Document

Reply = Callable[[BaseHTTPRequestHandler, bytes], None]


@dataclass
class FakeEutils:
    """What the server gives and what it was asked; `failures` are used up first, one a request."""

    documents: dict[str, Document]
    url: str = ""
    failures: list[Reply] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def answer(self, pmids: list[str]) -> bytes:
        """The PubmedArticleSet of the PMIDs that are there."""
        found = [self.documents[p] for p in pmids if p in self.documents]
        return "\n".join(
            [
                '<?xml version="1.0" ?>',
                "<!DOCTYPE PubmedArticleSet PUBLIC "
                '"-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
                '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">',
                "<PubmedArticleSet>",
                *(article(d) for d in found),
                "</PubmedArticleSet>",
            ]
        ).encode()


def article(document: Document) -> str:
    """A PubmedArticle in the shape of efetch's, with the sections that the passages say."""
    title, *sections = document.passages
    parts = "".join(
        f'<AbstractText Label="{p.label}">{escape(document.text[p.start : p.end])}</AbstractText>'
        if p.label
        else f"<AbstractText>{escape(document.text[p.start : p.end])}</AbstractText>"
        for p in sections
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">'
        f'<PMID Version="1">{document.pmid}</PMID><Article PubModel="Print">'
        f"<ArticleTitle>{escape(document.text[title.start : title.end])}</ArticleTitle>"
        f"<Abstract>{parts}</Abstract><Language>eng</Language></Article>"
        f"</MedlineCitation></PubmedArticle>"
    )


def send(status: int, body: bytes = b"", **headers: str) -> Reply:
    """A reply with a status, body and headers (`Retry_After` for Retry-After)."""

    def reply(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def cut(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Promise the whole answer and hang up after half of it."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def hang_up(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Close the connection without a word."""
    handler.close_connection = True
    handler.connection.close()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A local HTTP server in a thread of its own; its address without a path."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def fake_eutils(documents: list[Document]) -> Iterator[FakeEutils]:
    """A server on a free local port, stopped at the end of the block."""
    state = FakeEutils({d.pmid: d for d in documents if d.pmid})

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(length).decode())
            state.requests.append({key: value[0] for key, value in form.items()})
            state.paths.append(self.path)
            body = state.answer(form["id"][0].split(","))
            reply = state.failures.pop(0) if state.failures else send(200, body)
            reply(self, body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with serving(Handler) as url:
        state.url = f"{url}/entrez/eutils/"
        yield state
