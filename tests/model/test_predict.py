from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from il12nlp import formats
from il12nlp.document import Document, Finding, Mention, Relation, Sentence
from il12nlp.model.hardware import Precision
from il12nlp.model.loading import BUNDLED, load_predictor
from il12nlp.model.predict import DEFAULT_THRESHOLD, Predictor, name_ids
from il12nlp.schema import CTO, Benefit, Direction
from il12nlp.text.sentences import split_sentences, with_sentences
from tests.conftest import ROOT
from tests.optional import needs_openvino

TEXTS = [
    "IL-12 plus anti-PD-1\nIL-12 reduced tumor growth. Survival was unchanged.",
    "",
    "IFN-γ rose; TNF‑α fell. NK cells were not changed by GM-CSF in B16 melanoma.",
    "a",
    "Mice were given interleukin-12 (rIL-12) i.p. daily. " * 10,
    "   ",
]


def documents() -> list[Document]:
    return [Document(f"d{i}", t, sentences=split_sentences(t, ())) for i, t in enumerate(TEXTS)]


@pytest.fixture
def predictor(tiny_parts: tuple[Any, Any]) -> Predictor:
    """An untrained model whose taggers are shaken until they mark a fair number of spans."""
    model, tokenizer = tiny_parts
    with torch.no_grad():
        torch.manual_seed(4)
        model.heads.mentions.tags.weight.normal_(std=0.4)
        model.heads.mentions.tags.bias.view(-1, 3)[:, 0] = 1.5
        model.heads.relations.labels.weight.normal_(std=1.0)
        model.heads.relations.labels.bias[0] = -1.0
    return Predictor(model, tokenizer)


def test_predict_keeps_order_and_offsets(predictor: Predictor) -> None:
    found = predictor.predict(documents())
    assert [d.id for d in found] == [f"d{i}" for i in range(len(TEXTS))]
    assert [d.text for d in found] == TEXTS
    for document in found:
        document.check(CTO)
    assert sum(len(d.mentions) for d in found) > 20
    assert sum(len(d.relations) for d in found) > 5


def test_predict_gives_a_blank_text_back_unannotated(predictor: Predictor) -> None:
    found = predictor.predict(documents())
    assert found[1].mentions == found[5].mentions == ()
    assert found[1].study_type is None


@pytest.mark.parametrize("text", ["IL-2 cut B16 growth", "\u200b\u200b"])
def test_predict_drops_annotations_that_a_document_had(predictor: Predictor, text: str) -> None:
    stale = Document(
        "d",
        text,
        sentences=(Sentence(0, len(text)),),
        mentions=(
            Mention("A1", 0, 1, "CYTOKINE", text[0]),
            Mention("A2", 1, 2, "OUTCOME", text[1]),
        ),
        relations=(Relation("B1", "INCREASES", "A1", "A2"),),
        findings=(Finding("C1", ("A1",), (), "A2", Direction.INCREASE, Benefit.UNKNOWN),),
        study_type="of old",
    )
    [found] = predictor.predict([stale])
    ids = [x.id for x in (*found.mentions, *found.relations, *found.findings)]
    assert not {"A1", "A2", "B1", "C1"} & set(ids)
    assert found.study_type != "of old"
    assert found.check(CTO).sentences == stale.sentences


@pytest.mark.parametrize("budget", [1, 100, 100_000])
def test_predict_does_not_depend_on_the_batch_size(predictor: Predictor, budget: int) -> None:
    expected = [predictor.predict([d])[0] for d in documents()]
    found = predictor.predict(documents(), budget=budget)
    for one, other in zip(expected, found, strict=True):
        assert [(m.start, m.end, m.type) for m in one.mentions] == [
            (m.start, m.end, m.type) for m in other.mentions
        ]
        assert [(r.type, r.head, r.tail, r.speculative) for r in one.relations] == [
            (r.type, r.head, r.tail, r.speculative) for r in other.relations
        ]
        assert one.study_type == other.study_type


def test_predict_passes_the_encoder_once(
    predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[tuple[int, ...]] = []
    encoder = predictor.model.encoder.transformer
    forward = encoder.forward

    def counted(*args: Any, **kwargs: Any) -> Any:
        passes.append(tuple(kwargs["inputs_embeds"].shape))
        return forward(*args, **kwargs)

    monkeypatch.setattr(encoder, "forward", counted)
    short = [documents()[0], documents()[3]]
    predictor.predict(short, budget=100_000)
    assert len(passes) == 1
    assert passes[0][0] == len(predictor.collate(predictor.featurizer(short)).window_ids)


def test_predict_reads_a_long_text_to_its_end(predictor: Predictor) -> None:
    long = documents()[4]
    [features] = predictor.featurizer([long])
    assert len(features.piece_ids) > 8 * predictor.model.config.window
    [found] = predictor.predict([long])
    last = max(m.end for m in found.mentions)
    assert last > len(long.text) - 60


Marks = set[tuple[object, ...]]


def marks(documents: list[Document]) -> tuple[Marks, Marks]:
    """Mentions and relations as tuples that do not know their ids."""
    spans = {(d.id, m.id): (m.start, m.end, m.type) for d in documents for m in d.mentions}
    return {(d, *span) for (d, _), span in spans.items()}, {
        (d.id, r.type, r.speculative, spans[d.id, r.head], spans[d.id, r.tail])
        for d in documents
        for r in d.relations
    }


def differing(one: Predictor, other: Predictor, given: list[Document]) -> list[tuple[int, int]]:
    """How many mentions, and relations, only one of two predictors finds, and of how many."""
    pairs = zip(marks(one.predict(given)), marks(other.predict(given)), strict=True)
    return [(len(a ^ b), len(a | b)) for a, b in pairs]


def test_predict_in_bfloat16_changes_a_counted_handful(
    predictor: Predictor, tiny_parts: tuple[Any, Any]
) -> None:
    half = Predictor(*tiny_parts, dtype=torch.bfloat16)
    mentions, relations = differing(predictor, half, documents())
    assert mentions[1] > 20
    # Untrained, and so undecided wherever it looks: a trained model differs far less.
    assert mentions[0] <= 0.1 * mentions[1]
    assert relations[0] <= 0.2 * relations[1]


@pytest.mark.skipif(not BUNDLED.is_dir(), reason="this checkout has no bundled weights")
@pytest.mark.parametrize(
    ("precision", "share_of_mentions", "share_of_relations"),
    [
        ("bfloat16", 0.02, 0.04),
        pytest.param("int8", 0.06, 0.12, marks=needs_openvino),
    ],
)
def test_bundled_model_in_less_precision_changes_a_counted_handful(
    precision: Precision, share_of_mentions: float, share_of_relations: float
) -> None:
    given = list(with_sentences(formats.read_documents([ROOT / "corpora/cto_authored/dev.jsonl"])))
    whole = load_predictor(device="cpu", precision="float32")
    less = load_predictor(device="cpu", precision=precision)
    mentions, relations = differing(whole, less, given[:12])
    assert mentions[1] > 100
    assert mentions[0] <= share_of_mentions * mentions[1]
    assert relations[0] <= share_of_relations * relations[1]


def test_predict_rounds_scores_to_probabilities(predictor: Predictor) -> None:
    found = predictor.predict(documents())
    scores = [x.score for d in found for x in (*d.mentions, *d.relations)]
    assert scores == [round(s, 4) for s in scores]
    assert all(0 < s <= 1 for s in scores)
    assert all(r.score >= 0.5 for d in found for r in d.relations)


def test_predict_reads_scores_as_the_config_says(
    predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = predictor.predict(documents())
    config = predictor.model.config
    monkeypatch.setattr(config, "temperatures", {"mentions": 2.0})
    monkeypatch.setattr(config, "offsets", {"relations": -1.0})
    scaled = predictor.predict(documents())
    # What is found stays, though a relation may now score below its threshold.
    assert marks(plain) == marks(scaled)
    assert min(r.score for d in scaled for r in d.relations) < DEFAULT_THRESHOLD
    for kind in ("mentions", "relations"):
        before, after = (
            [item.score for d in found for item in getattr(d, kind)] for found in (plain, scaled)
        )
        expected = config.scaling(kind)(np.array(before))
        assert after == pytest.approx(expected.tolist(), abs=1e-3)
        assert after != before


def test_predict_obeys_thresholds(predictor: Predictor, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {name: 1.1 for name in CTO.relation_types}
    monkeypatch.setattr(predictor.model.config, "thresholds", nothing)
    assert all(d.relations == () for d in predictor.predict(documents()))


def test_predict_drops_mentions_below_their_threshold_and_what_hangs_on_them(
    predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = predictor.predict(documents())
    scores = sorted({m.score for d in every for m in d.mentions if m.type == "OUTCOME"})
    # Between two, as scores are told rounded.
    least = sum(scores[len(scores) // 2 :][:2]) / 2
    monkeypatch.setattr(predictor.model.config, "thresholds", {"OUTCOME": least})
    kept = predictor.predict(documents())
    expected = [m for d in every for m in d.mentions if m.type != "OUTCOME" or m.score >= least]
    places = [[(m.start, m.end, m.type, m.score) for m in some] for some in (
        expected, [m for d in kept for m in d.mentions])]  # fmt: skip
    assert places[0] == places[1]
    assert len(expected) < sum(len(d.mentions) for d in every)
    ids = [{m.id for m in d.mentions} for d in kept]
    assert all(
        {r.head, r.tail} <= own for d, own in zip(kept, ids, strict=True) for r in d.relations
    )


def test_name_ids_join_the_spellings_of_a_name() -> None:
    assert name_ids(["IL-12", "IFN-γ", "IL12", "ifn gamma"]).tolist() == [0, 1, 0, 1]
