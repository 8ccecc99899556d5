"""Write the weighted mean of models that were trained from the same start.

usage: python scripts/mix_models.py OUTPUT FOLDER=WEIGHT [FOLDER=WEIGHT ...]

A folder is a model's, or a checkpoint's, which has no tokenizer: `--tokenizer` then names a folder
with one.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from il12nlp.errors import Il12nlpError
from il12nlp.model.loading import load_tokenizer
from il12nlp.training.building import save_model
from il12nlp.training.mixing import mix_models


def part(text: str) -> tuple[str, float]:
    """Folder and weight of one argument; weight 1 where it has none."""
    folder, equals, weight = text.rpartition("=")
    return (folder, float(weight)) if equals else (text, 1.0)


def main() -> int:
    """Exit status: 0 written, 1 not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("models", nargs="+", type=part, metavar="FOLDER=WEIGHT")
    parser.add_argument("--tokenizer", help="folder that has it; without: the first model's")
    args = parser.parse_args()
    if len(args.models) == 1 and args.tokenizer is None:
        # Most likely OUTPUT was forgotten, and the first model would be written over.
        parser.error("a mean is of two models or more, after OUTPUT")
    try:
        tokenizer = load_tokenizer(args.tokenizer or args.models[0][0])
        save_model(mix_models(dict(args.models)), tokenizer, args.output)
    except Il12nlpError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"model written to {args.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
