"""Put a trained model into the package, its weights in float16.

usage: python scripts/release_weights.py runs/cto/model [--threshold 0.5] [--mentions TYPE=0.4 ...]

`--threshold` is the least score of a relation, `--mentions` that of a mention of a type, chosen on
dev files and applied before any calibration.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from transformers import AutoTokenizer

from il12nlp.model.loading import BUNDLED, load_model

LIMIT_MB = 48


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--threshold", type=float)
    parser.add_argument("--mentions", nargs="+", default=[], metavar="TYPE=SCORE")
    parser.add_argument("--output", type=Path, default=BUNDLED)
    args = parser.parse_args()
    model = load_model(args.model)
    schema = model.config.task_schema()
    if args.threshold is not None:
        model.config.thresholds |= dict.fromkeys(schema.relation_types, args.threshold)
    for setting in args.mentions:
        name, _, least = setting.partition("=")
        if name not in schema.mention_types:
            known = ", ".join(schema.mention_types)
            raise SystemExit(
                f"--mentions {setting}: no mention type {name!r}; the model has {known}"
            )
        model.config.thresholds[name] = float(least)
    model.half().save_pretrained(args.output)
    AutoTokenizer.from_pretrained(args.model).save_pretrained(args.output)
    size = (args.output / "model.safetensors").stat().st_size / 1e6
    if size > LIMIT_MB:
        raise SystemExit(f"{size:.1f} MB of weights; at most {LIMIT_MB} go into the package")
    print(f"{size:.1f} MB of weights in {args.output}")


if __name__ == "__main__":
    main()
