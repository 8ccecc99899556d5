"""Train a model from a config, as `il12nlp train` does.

usage: python scripts/train.py --config configs/train/smoke.yaml [--resume] [--set key=value ...]
"""

from __future__ import annotations

import argparse
import logging
import sys

from il12nlp.errors import Il12nlpError
from il12nlp.training.config import load_config
from il12nlp.training.run import train


def main() -> int:
    """Exit status: 0 trained, 1 not."""
    parser = argparse.ArgumentParser(description="Train a model from a config.")
    parser.add_argument("--config", required=True, help="YAML file; see configs/train")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="replace a setting of the file, such as optimizer.average=0; may stand several times",
    )
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        result = train(load_config(asked.config, settings=asked.settings), resume=asked.resume)
    except Il12nlpError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"model written to {result.model}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
