"""Make the demo corpus: a dozen invented abstracts as PubMed XML, NBIB export and pasted pages.

    python scripts/make_demo.py corpora/cto_authored/dev.jsonl corpora/demo

They come from the development split, so that a model trained on the training split has not seen
them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import Il12nlpError, InputError
from il12nlp.pubmed.imitation import to_efetch_xml, to_nbib
from il12nlp.pubmed.imitation_page import to_page

XML = ("A1-010", "A1-025", "A2-003", "A2-034", "A4-035", "A9-014")
NBIB = ("A1-005", "A7-022", "A8-033", "A9-012")
PAGES = ("A9-031", "A2-004")


def demo_files(documents: dict[str, Document]) -> dict[str, str]:
    """Name and content of every file; `documents` by id."""
    everything = [documents[id] for id in (*XML, *NBIB, *PAGES)]
    files = {
        "efetch.xml": to_efetch_xml(documents[id] for id in XML),
        "export.nbib": to_nbib(documents[id] for id in NBIB),
    }
    for id in PAGES:
        others = [d for d in everything if d.id != id][:6]
        files[f"page_{id}.txt"] = to_page(documents[id], others=others)
    return files


def main() -> int:
    """Run the script; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", help="canonical JSONL of invented abstracts")
    parser.add_argument("out", type=Path, help="folder for the files")
    args = parser.parse_args()
    try:
        records = list(formats.read(args.corpus, format="jsonl"))
        documents = {r.id: r for r in records if isinstance(r, Document)}
        missing = [id for id in (*XML, *NBIB, *PAGES) if id not in documents]
        if missing:
            raise InputError(f"lacks {', '.join(missing)}", path=args.corpus)
        args.out.mkdir(parents=True, exist_ok=True)
        for name, content in demo_files(documents).items():
            (args.out / name).write_text(content, encoding="utf-8", newline="\n")
    except Il12nlpError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
