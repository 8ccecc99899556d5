"""Put a trained model into the package, its weights in float16.

usage: python scripts/release_weights.py runs/cto/model [--threshold 0.5] [--mentions TYPE=0.4 ...]

`--threshold` is the least score of a relation, `--mentions` that of a mention of a type, chosen on
dev files and applied before any calibration.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from il12nlp.errors import Il12nlpError
from il12nlp.model.loading import BUNDLED, load_model, load_tokenizer

LIMIT_MB = 48


def score(text: str) -> float:
    """A score from 0 to 1."""
    if not 0 <= (value := float(text)) <= 1:
        raise ValueError(text)
    return value


def least_score(text: str) -> tuple[str, float]:
    """Mention type and score of one argument."""
    name, _, least = text.rpartition("=")
    return name, score(least)


def main() -> int:
    """Exit status: 0 written, 1 not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--threshold", type=score)
    parser.add_argument("--mentions", nargs="+", default=[], type=least_score, metavar="TYPE=SCORE")
    parser.add_argument("--output", type=Path, default=BUNDLED)
    args = parser.parse_args()
    try:
        model, tokenizer = load_model(args.model), load_tokenizer(args.model)
    except Il12nlpError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    schema = model.config.task_schema()
    if args.threshold is not None:
        model.config.thresholds |= dict.fromkeys(schema.relation_types, args.threshold)
    for name, least in args.mentions:
        if name not in schema.mention_types:
            known = ", ".join(schema.mention_types)
            parser.error(f"--mentions: no mention type {name!r}; the model has {known}")
        model.config.thresholds[name] = least
    model.half().save_pretrained(args.output)
    tokenizer.save_pretrained(args.output)
    size = (args.output / "model.safetensors").stat().st_size / 1e6
    if size > LIMIT_MB:
        print(
            f"error: {size:.1f} MB of weights; at most {LIMIT_MB} go into the package",
            file=sys.stderr,
        )
        return 1
    print(f"{size:.1f} MB of weights in {args.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
