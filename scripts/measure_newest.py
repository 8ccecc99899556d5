"""Measure the index of PubMed's files: entering them, its size, and what it costs to read by it.

    python scripts/measure_newest.py --files 4 --citations 30000

The files are made up: the invented abstracts under other numbers, each file revising a thousandth
of every one before. Figures are of processor time.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from il12nlp import formats
from il12nlp.formats.newest import INDEX_NAME
from il12nlp.pubmed.index import Entered, open_index

AUTHORED = Path(__file__).parents[1] / "corpora" / "cto_authored" / "train.jsonl"


def made_up(number: int, count: int, abstracts: list[str]) -> Iterator[str]:
    """A file: `count` new citations, and a thousandth of those of the files before, revised."""
    yield "<PubmedArticleSet>\n"
    revised = range(1, number * count, 1000)
    for pmid in [*revised, *range(number * count + 1, (number + 1) * count + 1)]:
        title, _, abstract = abstracts[pmid % len(abstracts)].partition("\n")
        yield (
            f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">'
            f'<PMID Version="1">{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle>'
            f"<Abstract><AbstractText>{abstract}</AbstractText></Abstract></Article>"
            f"</MedlineCitation></PubmedArticle>\n"
        )
    yield "</PubmedArticleSet>\n"


def timed(work: Callable[[], int]) -> tuple[int, float]:
    """What the work counts, and its seconds."""
    start = time.process_time()
    return work(), time.process_time() - start


def main() -> None:
    """Make the files, enter them, read them with and without the index."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--citations", type=int, default=30_000)
    args = parser.parse_args()
    abstracts = [escape(document.text) for document in formats.read_documents([AUTHORED])]
    with TemporaryDirectory() as place:
        folder = Path(place)
        paths = [folder / f"pubmed26n{n + 1:04d}.xml.gz" for n in range(args.files)]
        for number, path in enumerate(paths):
            with gzip.open(path, "wt", encoding="utf-8") as file:
                file.writelines(made_up(number, args.citations, abstracts))

        def enter() -> int:
            with open_index(folder) as index:
                for number, path in enumerate(paths, start=1):
                    with index.entering(Entered(number, path.name, "", 0), path):
                        pass
                return sum(index.counts())

        count, seconds = timed(enter)
        size = (folder / INDEX_NAME).stat().st_size
        print(f"entered {count:,} citations, {count / seconds:,.0f} a second of processor time,")
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size / count:.0f} bytes of index each; at most {held:.0f} MB held")
        read, by_index = timed(lambda: sum(1 for _ in formats.read_many(paths)))
        (folder / INDEX_NAME).unlink()
        all_, plain = timed(lambda: sum(1 for _ in formats.read_many(paths)))
        print(f"read by the index: {read:,}, {all_ / by_index:,.0f} records a second")
        print(f"read without it: {all_:,}, {all_ / plain:,.0f} records a second")


if __name__ == "__main__":
    main()
