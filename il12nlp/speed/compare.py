"""il12nlp, its encoder and its rivals in turn over the same abstracts, several times."""

from __future__ import annotations

import platform
import resource
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from il12nlp import __version__
from il12nlp.document import Document
from il12nlp.model.hardware import Precision
from il12nlp.model.loading import BUNDLED, load_model, load_tokenizer
from il12nlp.pipeline import load
from il12nlp.speed.rivals import hf_pipeline, spacy_cnn
from il12nlp.speed.stages import Stages, peak_gflops, seconds

RATES = ("end_to_end", "encoder", "hf_pipeline", "spacy_cnn")
"""What is timed, in abstracts a second."""

RATIOS = (("end_to_end", "encoder"), ("end_to_end", "hf_pipeline"), ("end_to_end", "spacy_cnn"))


def compare(
    documents: Sequence[Document],
    gold: Sequence[Document],
    *,
    runs: int,
    device: str = "auto",
    precision: Precision = "auto",
) -> dict[str, Any]:
    """Figures of this machine, as `docs/benchmarks/latest.json` holds them.

    Each run times all of `RATES` one after the other and then the machine's peak, so that a ratio
    is of one moment; rates are medians over the runs, ratios [least, median, greatest].
    `encoder_of_peak` is the encoder's share of the peak in floating-point operations. `rss_mb` is
    the most memory that the process held after il12nlp's own run, before the rivals were loaded.
    """
    pipeline = load(device=device, precision=precision)
    predictor = pipeline.predictor
    stages = Stages(pipeline, documents)
    dtype = torch.int8 if precision == "int8" else predictor.dtype
    gflop = stages.encoder_gflop()
    with TemporaryDirectory() as name:
        folder = Path(name)
        stages.prepare(folder)
        stages.end_to_end(folder)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        texts = [d.text for d in documents]
        calls: Mapping[str, Callable[[], object]] = {
            "end_to_end": lambda: stages.end_to_end(folder),
            "encoder": stages.encode,
            "hf_pipeline": hf_pipeline(
                load_model(BUNDLED), load_tokenizer(BUNDLED), texts, device=predictor.device
            ),
            "spacy_cnn": spacy_cnn(texts, gold),
        }
        rows = []
        for _ in range(runs):
            rates = {n: len(documents) / seconds(call) for n, call in calls.items()}
            peak = peak_gflops(predictor.device, dtype)
            used = gflop * rates["encoder"] / len(documents)
            rows.append({**rates, "peak_gflops": peak, "encoder_of_peak": used / peak})
        shares = stages.shares(folder)
    return {
        **{n: round(statistics.median(r[n] for r in rows), 2) for n in (*RATES, "peak_gflops")},
        "encoder_of_peak": _spread([r["encoder_of_peak"] for r in rows]),
        "rss_mb": round(memory),
        "ratios": {f"{a}/{b}": _spread([r[a] / r[b] for r in rows]) for a, b in RATIOS},
        "shares": shares,
        "setting": f"{len(documents)} abstracts, {runs} runs, {str(dtype)[6:]}",
        "machine": f"{predictor.device}, {torch.get_num_threads()} threads, {platform.machine()}",
        "versions": f"il12nlp {__version__}, torch {torch.__version__}",
    }


def _spread(values: Sequence[float]) -> list[float]:
    return [round(f(values), 3) for f in (min, statistics.median, max)]
