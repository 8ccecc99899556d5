"""Measure how fast each format is read, on the invented abstracts repeated.

    python scripts/measure_formats.py --records 18000

Prints, per format, abstracts and megabytes a second of CPU time (the best of three passes)
and the mean size of a record. Plain text is one small file per abstract.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from il12nlp import formats
from il12nlp.document import Document
from il12nlp.pubmed.imitation import to_efetch_xml, to_nbib
from il12nlp.pubmed.imitation_page import to_page

CORPUS = Path(__file__).parents[1] / "corpora" / "cto_authored" / "train.jsonl"
MAX_PLAIN = 2_000


def write_files(folder: Path, documents: list[Document]) -> dict[str, list[Path]]:
    """Files of each format; `documents` as often as wanted."""
    xml = to_efetch_xml(documents)
    others = documents[:6]
    contents = {
        "pubmed_xml": ("a.xml", xml.encode()),
        "pubmed_xml, gz": ("b.xml.gz", gzip.compress(xml.encode())),
        "medline": ("a.nbib", to_nbib(documents).encode()),
        "pubmed_page": ("a.txt", "\n".join(to_page(d, others=others) for d in documents).encode()),
    }
    files = {}
    for name, (path, content) in contents.items():
        (folder / path).write_bytes(content)
        files[name] = [folder / path]
    bare = [d.replace(sentences=(), mentions=(), relations=()) for d in documents]
    for name, items in (("jsonl, text", bare), ("jsonl, annotated", documents)):
        with formats.open_writer(folder / f"{len(files)}.jsonl") as writer:
            for document in items:
                writer.write(document)
        files[name] = [folder / f"{len(files)}.jsonl"]
    files["plain"] = [folder / f"{i}.txt" for i in range(min(len(documents), MAX_PLAIN))]
    for path, document in zip(files["plain"], documents, strict=False):
        path.write_text(document.text, encoding="utf-8")
    return files


def measure(paths: list[Path]) -> tuple[int, float]:
    """Number of documents, and seconds of CPU time of the fastest of three passes."""
    best, count = float("inf"), 0
    for _ in range(3):
        start = time.process_time()
        count = sum(isinstance(record, Document) for record in formats.read_many(paths))
        best = min(best, time.process_time() - start)
    return count, best


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=18_000)
    args = parser.parse_args()
    corpus = [r for r in formats.read(CORPUS) if isinstance(r, Document)]
    documents = list(islice(cycle(corpus), args.records))
    print(f"{'format':18}{'abstracts/s':>12}{'MB/s':>8}{'bytes each':>12}")
    with tempfile.TemporaryDirectory() as folder:
        for name, paths in write_files(Path(folder), documents).items():
            count, seconds = measure(paths)
            size = sum(path.stat().st_size for path in paths)
            rate = f"{count / seconds:12,.0f}{size / seconds / 1e6:8.1f}"
            print(f"{name:18}{rate}{size / count:12,.0f}")


if __name__ == "__main__":
    main()
