"""Compare il12nlp's abbreviation finder with scispaCy's on gold definitions.

usage: python scripts/compare_abbreviations.py FOLDER [SPLIT...]

FOLDER holds SPLIT.jsonl.gz, one document a line: {"text", "entities", "relations"}, where a
relation of type "abbreviation_of" leads from a short form to its long form. A definition counts
as found when both forms are right to the letter. Prints one Markdown row a finder and split.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import orjson

from il12nlp.evaluation.counts import Counts
from il12nlp.text.abbreviations import find_abbreviations, long_forms
from il12nlp.text.sentences import split_sentences

Finder = Callable[[str], set[tuple[str, str]]]


def ours(text: str) -> set[tuple[str, str]]:
    return set(long_forms(text, find_abbreviations(text, split_sentences(text))).items())


def scispacy() -> Finder:
    """scispaCy's detector as it comes, on its own tokenizer."""
    import spacy
    from scispacy.abbreviation import AbbreviationDetector  # noqa: F401  registers the pipe
    from scispacy.custom_tokenizer import combined_rule_tokenizer

    warnings.simplefilter("ignore")  # The detector warns of every text without definitions.
    nlp = spacy.blank("en")
    nlp.tokenizer = combined_rule_tokenizer(nlp)
    nlp.add_pipe("abbreviation_detector")
    return lambda text: {(a.text, a._.long_form.text) for a in nlp(text)._.abbreviations}


def gold_pairs(document: dict) -> set[tuple[str, str]]:
    surface = {e["id"]: document["text"][e["start"] : e["end"]] for e in document["entities"]}
    return {
        (surface[r["head"]], surface[r["tail"]])
        for r in document["relations"]
        if r["type"] == "abbreviation_of"
    }


def compare(name: str, split: str, find: Finder, documents: list[dict]) -> str:
    started = time.perf_counter()
    found = [find(d["text"]) for d in documents]
    seconds = time.perf_counter() - started
    counts = Counts()
    for document, pairs in zip(documents, found, strict=True):
        gold = gold_pairs(document)
        counts += Counts.of(len(gold & pairs), gold=len(gold), predicted=len(pairs))
    figures = f"{counts.precision:.3f} | {counts.recall:.3f} | {counts.f1:.3f}"
    return f"| {split} | {name} | {figures} | {len(documents) / seconds:.0f} |"


def main() -> int:
    """Exit status: 0 compared, 1 not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("splits", nargs="*", default=["train", "dev"], metavar="SPLIT")
    args = parser.parse_args()
    files = [args.folder / f"{split}.jsonl.gz" for split in args.splits]
    for path in files:
        if not path.is_file():
            print(f"error: {path}: no such file", file=sys.stderr)
            return 1
    finders = {"il12nlp": ours, "scispaCy": scispacy()}
    print("| split | finder | precision | recall | F1 | abstracts/s |\n|---|---|---|---|---|---|")
    for split, path in zip(args.splits, files, strict=True):
        with gzip.open(path) as lines:
            documents = [orjson.loads(line) for line in lines]
        for name, find in finders.items():
            print(compare(name, split, find, documents))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
