"""Calibrate a model folder on gold documents that it was not trained on; see docs/scores.md.

usage: python scripts/calibrate.py runs/cto/model ../shared/corpora/cto/dev.jsonl [--precision 0.9]
"""

from __future__ import annotations

import argparse
import sys

from il12nlp import formats
from il12nlp.errors import Il12nlpError
from il12nlp.evaluation.cross_fit import calibration_table
from il12nlp.evaluation.gold_types import check_gold
from il12nlp.training.calibrate import calibrate_model


def main() -> int:
    """Exit status: 0 calibrated, 1 not."""
    parser = argparse.ArgumentParser(description="Make a model's scores say how often it is right.")
    parser.add_argument("model", help="model folder; its config.json is changed")
    parser.add_argument("gold", nargs="+", help="files with gold annotations")
    parser.add_argument(
        "--precision", type=float, help="also set relations' thresholds to reach this precision"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    asked = parser.parse_args()
    if asked.precision is not None and not 0 < asked.precision <= 1:
        parser.error(f"--precision {asked.precision} lies outside 0 to 1")
    try:
        gold = formats.read_documents(asked.gold)
        check_gold(gold, path=", ".join(asked.gold))
        found = calibrate_model(asked.model, gold, precision=asked.precision, device=asked.device)
    except Il12nlpError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(calibration_table(found).to_text())
    print(f"\nwritten to {asked.model}/config.json; ECE after is cross-fitted by document")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
