"""Measure il12nlp on this machine; writes docs/benchmarks/latest.json and prints it.

usage: python scripts/bench.py [FILE ...] [--runs N] [--documents N] [--device auto|cpu|cuda]
                               [--precision auto|float32|bfloat16|int8]

FILEs are in any readable format; left out, they are the project's invented abstracts.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from il12nlp import Document, formats
from il12nlp.errors import Il12nlpError
from il12nlp.speed.compare import compare

OUT = Path("docs/benchmarks/latest.json")
GOLD = "corpora/cto_authored/dev.jsonl"


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if (value := int(text)) < 1:
        raise ValueError(text)
    return value


def main() -> int:
    """Exit status: 0 measured, 1 not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", default=["corpora/cto_authored/train.jsonl"])
    parser.add_argument("--runs", type=positive, default=5)
    parser.add_argument("--documents", type=positive, default=500)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--output", type=Path, default=OUT)
    args = parser.parse_args()
    try:
        read = formats.read_documents(args.files)[: args.documents]
        bare = [Document(d.id, d.text, passages=d.passages) for d in read]
        gold = formats.read_documents([GOLD])
        figures = compare(bare, gold, runs=args.runs, device=args.device, precision=args.precision)
    except Il12nlpError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for name, value in figures.items():
        print(f"{name:15} {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
