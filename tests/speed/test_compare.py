import json
from pathlib import Path
from typing import Any

import pytest
import torch

from il12nlp import Document, formats
from il12nlp.model.loading import BUNDLED, load_model, load_tokenizer
from il12nlp.pipeline import Pipeline, load
from il12nlp.speed.compare import RATES, RATIOS, compare
from il12nlp.speed.rivals import hf_pipeline, spacy_cnn
from il12nlp.speed.stages import Stages
from tests.conftest import ROOT
from tests.optional import needs_openvino

GOLD = formats.read_documents([str(ROOT / "corpora" / "cto_authored" / "dev.jsonl")])[:8]
BARE = [Document(d.id, d.text) for d in GOLD[:4]]


@pytest.fixture(scope="module")
def bundled() -> Pipeline:
    return load(device="cpu")


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    return compare(BARE, GOLD, runs=2, device="cpu")


def test_figures_hold_every_rate_and_ratio(figures: dict[str, Any]) -> None:
    assert all(figures[name] > 0 for name in (*RATES, "peak_gflops", "rss_mb"))
    assert figures["ratios"].keys() == {f"{a}/{b}" for a, b in RATIOS}
    for least, middle, most in (*figures["ratios"].values(), figures["encoder_of_peak"]):
        assert 0 < least <= middle <= most
    assert json.loads(json.dumps(figures)) == figures


def test_shares_of_the_stages_are_the_whole(figures: dict[str, Any]) -> None:
    shares = figures["shares"]
    assert {"reading", "pieces", "encoder", "heads", "writing"} < shares.keys()
    assert sum(shares.values()) == pytest.approx(1, abs=0.005)
    assert shares["encoder"] == max(shares.values())


def test_operations_grow_with_the_text(bundled: Pipeline) -> None:
    one = Stages(bundled, BARE[:1]).encoder_gflop()
    assert Stages(bundled, BARE[:1] * 3).encoder_gflop() == pytest.approx(3 * one, rel=1e-6)
    # Six layers of 384 with 1,536 inside: 21.2 million operations a piece, and attention's.
    pieces = len(bundled.predictor.featurizer(BARE[:1])[0].piece_ids)
    assert one == pytest.approx((21.2e6 * pieces + 4 * 6 * 384 * pieces**2) / 1e9, rel=0.01)


def test_end_to_end_writes_what_annotating_gives(bundled: Pipeline, tmp_path: Path) -> None:
    stages = Stages(bundled, BARE)
    stages.prepare(tmp_path)
    stages.end_to_end(tmp_path)
    written = formats.read_documents([str(tmp_path / "annotated.jsonl")])
    assert [d.findings for d in written] == [d.findings for d in bundled.annotate_many(BARE)]


@needs_openvino
def test_int8_is_measured_against_its_own_peak() -> None:
    found = compare(BARE, GOLD, runs=1, device="cpu", precision="int8")
    assert "int8" in found["setting"]
    assert found["peak_gflops"] > 0


def test_rivals_read_every_text() -> None:
    texts = [BARE[0].text, " ".join(d.text for d in BARE * 2)]
    tokenizer = load_tokenizer(BUNDLED)
    run = hf_pipeline(load_model(BUNDLED), tokenizer, texts, device=torch.device("cpu"))
    found: Any = run()
    assert len(found) == 2
    assert max(e["end"] for e in found[1]) > 4000, "what is too long is read to its end"
    marked: Any = spacy_cnn(texts, GOLD)()
    assert len(marked) == 2
