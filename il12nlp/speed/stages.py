"""il12nlp end to end, its encoder alone, the seconds of each stage, and the machine's peak."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from il12nlp import formats
from il12nlp.document import Document, Mention
from il12nlp.lanes import portions
from il12nlp.model.batches import Batch, by_token_budget
from il12nlp.pipeline import CHARS_PER_PIECE, READ_AHEAD, Pipeline, chars
from il12nlp.text.sentences import with_sentences


def seconds(call: Callable[[], object]) -> float:
    """Wall time of a call, with all that it started on a GPU."""
    started = time.perf_counter()
    call()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started


def peak_gflops(device: torch.device, dtype: torch.dtype) -> float:
    """Best of eight products of square matrices, in 10⁹ operations a second."""
    size = 1536 if device.type == "cpu" else 8192
    if dtype == torch.int8:
        from il12nlp.model.int8 import square

        call = square(size, threads=torch.get_num_threads())
    else:
        call = partial(torch.matmul, *torch.randn(2, size, size, device=device, dtype=dtype))
    return max(2 * size**3 / seconds(call) / 1e9 for _ in range(8))


class Stages:
    """The stages of annotating documents, each to be run and timed on its own."""

    def __init__(self, pipeline: Pipeline, documents: Sequence[Document]) -> None:
        self._pipeline = pipeline
        self._predictor = pipeline.predictor
        self._documents = documents
        self._batches = self._collated()

    def end_to_end(self, folder: Path) -> None:
        """Read a file of the documents, annotate it and write another, as `annotate` does."""
        records = formats.read_many([str(folder / "bare.jsonl")])
        with formats.open_writer(str(folder / "annotated.jsonl")) as writer:
            for record in self._pipeline.annotate_records(records):
                if isinstance(record, Document):
                    writer.write(record)

    def prepare(self, folder: Path) -> None:
        """Write what `end_to_end` reads."""
        _write(self._documents, folder / "bare.jsonl")

    def encode(self) -> None:
        """The encoder alone, in the batches and lanes that annotating makes."""
        whole = self._pipeline.lanes.run(self._encoded, [self._batches], size=lambda _: 1, most=1)
        for _ in whole:
            pass

    def _encoded(self, batches: list[Batch]) -> list[torch.Size]:
        return [self._predictor.encode(batch).shape for batch in batches]

    def encoder_gflop(self) -> float:
        """Operations of the encoder's matrix products over real word pieces, in 10⁹.

        Two for each weight and piece, and four for each pair of pieces of a window, width and
        layer; padding is work that nobody asked for and does not count.
        """
        config = self._predictor.model.config.encoder
        width, layers = int(config["hidden_size"]), int(config["num_hidden_layers"])
        weights = layers * width * (4 * width + 2 * int(config["intermediate_size"]))
        total = 0
        for batch in self._batches:
            lengths = (batch.window_shapes > 0).sum(dim=1).tolist()
            total += sum(2 * weights * n + 4 * layers * width * n * n for n in lengths)
        return total / 1e9

    def shares(self, folder: Path) -> dict[str, float]:
        """Part of the wall time that each stage takes when all run one after the other.

        In this thread alone; of three times the fastest counts. "heads" is what the predictor takes
        beside pieces and encoder (tags, pairs, relations, decoding).
        """
        pipeline, predictor = self._pipeline, self._predictor
        taken: dict[str, float] = {}

        def timed(name: str, call: Callable[[], Any]) -> Any:
            taken[name], result = _fastest(call)
            return result

        read = timed("reading", lambda: formats.read_documents([str(folder / "bare.jsonl")]))
        split = timed("sentences", lambda: list(with_sentences(read)))
        short, known = timed("names", lambda: pipeline.known_names(split))
        timed("pieces", lambda: predictor.featurizer(split))
        whole, (found, encoder) = _fastest(lambda: self._predicted(split, known))
        taken["encoder"] = encoder
        taken["heads"] = whole - encoder - taken["pieces"]
        done = timed("concepts and findings", lambda: pipeline.finish(found, short))
        timed("writing", lambda: _write(done, folder / "annotated.jsonl"))
        total = sum(taken.values())
        return {name: round(value / total, 3) for name, value in taken.items()}

    def _predicted(
        self, documents: Sequence[Document], known: Sequence[Sequence[Mention]]
    ) -> tuple[list[Document], float]:
        """What the predictor finds, and how many seconds of that its encoder took."""
        predictor, taken = self._predictor, 0.0
        encode = predictor.encode

        def watched(batch: Batch) -> torch.Tensor:
            nonlocal taken
            started = time.perf_counter()
            states = encode(batch)
            taken += time.perf_counter() - started
            return states

        # In the same moment as the whole: the difference of two noisy times says nothing.
        vars(predictor)["encode"] = watched
        try:
            budget = self._pipeline.batch_pieces
            return predictor.predict(documents, known=known, budget=budget), taken
        finally:
            del vars(predictor)["encode"]

    def _collated(self) -> list[Batch]:
        split = list(with_sentences(self._documents))
        most = self._pipeline.batch_pieces
        least = self._pipeline.lanes.number
        made = []
        for start in range(0, len(split), READ_AHEAD):
            window = split[start : start + READ_AHEAD]
            sizes = [chars(d) for d in window]
            for part in portions(sizes, most=most * CHARS_PER_PIECE, least=least):
                features = self._predictor.featurizer([window[i] for i in part])
                for batch in by_token_budget([len(f.piece_ids) for f in features], budget=most):
                    made.append(self._predictor.collate([features[i] for i in batch]))
        return made


def _fastest(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result of the fastest of three calls."""
    made = []
    for _ in range(3):
        started = time.perf_counter()
        result = call()
        made.append((time.perf_counter() - started, result))
    return min(made, key=lambda m: m[0])


def _write(documents: Sequence[Document], path: Path) -> None:
    with formats.open_writer(str(path)) as writer:
        for document in documents:
            writer.write(document)
