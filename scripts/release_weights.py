"""Put a trained model into the package, its weights in float16.

usage: python scripts/release_weights.py runs/cto/model [--threshold 0.5]

`--threshold` is the least score of a relation, chosen on dev files.
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
    parser.add_argument("--output", type=Path, default=BUNDLED)
    args = parser.parse_args()
    model = load_model(args.model)
    if args.threshold is not None:
        kinds = model.config.task_schema().relation_types
        model.config.thresholds = dict.fromkeys(kinds, args.threshold)
    model.half().save_pretrained(args.output)
    AutoTokenizer.from_pretrained(args.model).save_pretrained(args.output)
    size = (args.output / "model.safetensors").stat().st_size / 1e6
    if size > LIMIT_MB:
        raise SystemExit(f"{size:.1f} MB of weights; at most {LIMIT_MB} go into the package")
    print(f"{size:.1f} MB of weights in {args.output}")


if __name__ == "__main__":
    main()
