"""Measure il12nlp on this machine; writes docs/benchmarks/latest.json and prints a table.

usage: python scripts/bench.py [FILE ...] [--runs N] [--documents N] [--device auto|cpu|cuda]

Over the same abstracts: annotating end to end, the encoder alone in the same batches, and the
machine's peak in matrix products. Each run measures all of them, so ratios are of one moment.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch

from il12nlp import Document, __version__, formats, load
from il12nlp.model.batches import by_token_budget
from il12nlp.model.predict import BATCH_PIECES
from il12nlp.pipeline import READ_AHEAD
from il12nlp.text.sentences import with_sentences

OUT = Path("docs/benchmarks/latest.json")


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started


def peak_gflops(device: torch.device, dtype: torch.dtype, *, size: int) -> float:
    a = torch.randn(size, size, device=device, dtype=dtype)
    return max(2 * size**3 / seconds(lambda: a @ a) / 1e9 for _ in range(8))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", default=["corpora/cto_authored"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--device", default="auto")
    args = parser.parse_args()
    pipeline = load(device=args.device)
    predictor = pipeline.predictor
    read = formats.read_documents(args.files)[: args.documents]
    bare = [Document(d.id, d.text, passages=d.passages) for d in read]
    features = predictor.featurizer(list(with_sentences(bare)))
    lengths = [len(f.piece_ids) for f in features]
    batches = [
        predictor.collate([features[start + i] for i in batch])
        for start in range(0, len(features), READ_AHEAD)
        for batch in by_token_budget(lengths[start : start + READ_AHEAD], budget=BATCH_PIECES)
    ]
    size = 1536 if predictor.device.type == "cpu" else 8192

    def encode() -> None:
        for batch in batches:
            predictor.encode(batch)

    encode()
    runs = [
        {
            "end_to_end": len(bare) / seconds(lambda: list(pipeline.annotate_many(bare))),
            "encoder": len(bare) / seconds(encode),
            "peak_gflops": peak_gflops(predictor.device, predictor.dtype, size=size),
        }
        for _ in range(args.runs)
    ]
    shares = [r["end_to_end"] / r["encoder"] for r in runs]
    pieces, precision = round(statistics.mean(lengths)), str(predictor.dtype).split(".")[-1]
    figures = {
        **{name: round(statistics.median(r[name] for r in runs), 2) for name in runs[0]},
        "ratios": {
            "end_to_end/encoder": [round(f(shares), 3) for f in (min, statistics.median, max)]
        },
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "setting": f"{len(bare)} abstracts of {pieces} word pieces, {args.runs} runs, {precision}",
        "machine": f"{predictor.device}, {torch.get_num_threads()} threads, {platform.machine()}",
        "versions": f"il12nlp {__version__}, torch {torch.__version__}",
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for name, value in figures.items():
        print(f"{name:12} {value}")


if __name__ == "__main__":
    main()
