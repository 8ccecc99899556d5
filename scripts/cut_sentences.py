"""Keep of each document the one sentence that is annotated, and hold every tenth out.

Where a corpus annotates one sentence of a text, the rest would teach that it holds no mentions.

usage: python scripts/cut_sentences.py drug_combo/train.jsonl.gz runs/drug_combo_sentences

`meta.sentence` of a document has the bounds of its sentence in the text. Writes train.jsonl and
dev.jsonl.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from il12nlp import Document, formats
from il12nlp.errors import Il12nlpError, InputError

HELD_OUT = 10
"""One document of so many is held out."""


def sentence_alone(document: Document) -> Document:
    """The sentence as a document of its own, with the mentions and relations inside.

    Raises InputError where `meta.sentence` holds no bounds.
    """
    match document.meta.get("sentence"):
        case [int(start), int(end)] if 0 <= start < end <= len(document.text):
            pass
        case other:
            raise InputError(f"{document.id}: meta.sentence: [start, end] expected, not {other!r}")
    mentions = tuple(
        dataclasses.replace(m, start=m.start - start, end=m.end - start)
        for m in document.mentions
        if start <= m.start and m.end <= end
    )
    ids = {m.id for m in mentions}
    relations = tuple(r for r in document.relations if {r.head, r.tail} <= ids)
    text = document.text[start:end]
    return Document(
        document.id, text, pmid=document.pmid, mentions=mentions, relations=relations
    ).check()


def main() -> int:
    """Exit status: 0 written, 1 not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    try:
        documents = [sentence_alone(d) for d in formats.read_documents([args.corpus])]
    except Il12nlpError as error:
        print(error, file=sys.stderr)
        return 1
    # One abstract may give several sentences, which must not stand on both sides.
    places = {p: i for i, p in enumerate(sorted({d.pmid or d.id for d in documents}))}
    args.folder.mkdir(parents=True, exist_ok=True)
    for name, held_out in (("train", False), ("dev", True)):
        with formats.open_writer(str(args.folder / f"{name}.jsonl")) as writer:
            for document in documents:
                if (places[document.pmid or document.id] % HELD_OUT == 0) == held_out:
                    writer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
