"""Make the stand-off form of an annotated corpus: labels and offsets without the texts.

    python scripts/make_standoff.py FOLDER corpora/cto_standoff

reads every *.jsonl file of FOLDER in the canonical form and writes one of the same name. With
--no-surfaces the mentions' own words are left out as well; documents without PMID are then kept
where they have a source, in whose files their text is found by its SHA-256.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.errors import Il12nlpError, InputError
from il12nlp.pubmed.standoff import write_standoff


def main() -> int:
    """Run the script; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder with the canonical JSONL files")
    parser.add_argument("out", type=Path, help="folder for the stand-off files")
    parser.add_argument("--no-surfaces", action="store_true", help="leave the mentions' words out")
    args = parser.parse_args()
    found_by = "a PMID or a source" if args.no_surfaces else "a PMID"
    args.out.mkdir(parents=True, exist_ok=True)
    try:
        sources = sorted(args.folder.glob("*.jsonl"))
        if not sources:
            raise InputError("holds no *.jsonl file", path=args.folder)
        for source in sources:
            documents = [_document(record) for record in formats.read(source, format="jsonl")]
            path = args.out / source.name
            written = write_standoff(documents, path, surfaces=not args.no_surfaces)
            print(f"{source.name}: {written} of {len(documents)} documents have {found_by}")
    except Il12nlpError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _document(record: formats.Record) -> Document:
    if isinstance(record, formats.Failure):
        raise InputError(record.reason, path=record.source, line=record.line)
    return record


if __name__ == "__main__":
    sys.exit(main())
