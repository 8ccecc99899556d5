from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch

from il12nlp.document import Document
from il12nlp.model.features import Featurizer
from il12nlp.model.masked_head import MASKED_WORDS
from il12nlp.model.mention_head import BEGIN, INSIDE
from il12nlp.model.pairs import Mentions, PairTable
from il12nlp.schema import CTO
from il12nlp.training.collator import (
    BatchPlan,
    Collator,
    Hiding,
    TaskRows,
    hide_pieces,
    pair_labels,
)
from il12nlp.training.examples import make_dataset
from tests.training.samples import invented

KINDS = {name: i for i, name in enumerate(CTO.mention_types)}
LABELS = {name: n for n, name in enumerate(CTO.relation_types, start=1)}


def _mentions(*kinds: str, sentences: list[int] | None = None) -> Mentions:
    places = np.arange(len(kinds))
    return Mentions(
        places * 2,
        places * 2 + 1,
        np.asarray([KINDS[k] for k in kinds]),
        np.asarray(sentences or [0] * len(kinds)),
        places,
    )


def _labelled(
    mentions: Mentions, gold: list[tuple[int, int, str, int]], *, distance: int = 3
) -> dict[tuple[int, int], tuple[int, int]]:
    pairs = PairTable(CTO, sentence_distance=distance)(mentions)
    rows = np.asarray([(h, t, LABELS[n], s) for h, t, n, s in gold], dtype=np.int64).reshape(-1, 4)
    labels, speculative = pair_labels(pairs, rows)
    ends = zip(pairs.heads.tolist(), pairs.tails.tolist(), strict=True)
    flags = zip(labels.tolist(), speculative.tolist(), strict=True)
    return {e: f for e, f in zip(ends, flags, strict=True) if f != (0, 0)}


def test_pair_labels_stand_at_the_pairs_of_the_gold_relations() -> None:
    gold = [(0, 1, "DECREASES", 0), (0, 2, "NO_EFFECT", 1)]
    found = _labelled(_mentions("CYTOKINE", "OUTCOME", "OUTCOME"), gold)
    assert found == {(0, 1): (LABELS["DECREASES"], 0), (0, 2): (LABELS["NO_EFFECT"], 1)}


@pytest.mark.parametrize("ends", [(0, 1), (1, 0)])
def test_pair_labels_take_an_undirected_relation_either_way(ends: tuple[int, int]) -> None:
    found = _labelled(_mentions("THERAPY", "THERAPY"), [(*ends, "COMBINED_WITH", 0)])
    assert found == {(0, 1): (LABELS["COMBINED_WITH"], 0)}


def test_pair_labels_leave_out_what_is_too_far_apart() -> None:
    mentions = _mentions("CYTOKINE", "OUTCOME", sentences=[0, 4])
    assert _labelled(mentions, [(0, 1, "DECREASES", 0)], distance=3) == {}
    assert len(_labelled(mentions, [(0, 1, "DECREASES", 0)], distance=4)) == 1


def test_collator_lays_targets_over_the_words_of_all_documents(
    tiny_parts: tuple[Any, Any], il12_document: Document
) -> None:
    model, tokenizer = tiny_parts
    documents = [il12_document, invented(7)]
    rows = make_dataset(documents, CTO, Featurizer(tokenizer), task=None)
    made = Collator(model, tokenizer)([rows[0], rows[1]])
    batch, targets = made["batch"], made["targets"]
    assert made["task"] is None
    assert targets.tags.shape == (len(batch.word_documents), len(CTO.mention_types))
    at = int(batch.document_words[1])
    second = targets.tags[at:, KINDS["OUTCOME"]].tolist()
    assert [t for t in second if t] == [BEGIN, INSIDE]
    assert targets.study.tolist() == [CTO.study_types.index("animal")] * 2
    assert len(targets.labels) == sum(map(len, targets.pairs)) == len(targets.speculative)
    assert int((targets.labels > 0).sum()) == 5
    loss = model(**made)["loss"]
    assert loss.isfinite()
    assert loss > 0


def test_hidden_pieces_are_words_only(tiny_parts: tuple[Any, Any], il12_document: Document) -> None:
    model, tokenizer = tiny_parts
    rows = make_dataset([il12_document, invented(1)], CTO, Featurizer(tokenizer), task=None)

    def batch() -> Any:
        return Collator(model, tokenizer)([rows[0], rows[1]])["batch"]

    plain, hidden = batch(), batch()
    hide_pieces(hidden, share=0.999999, mask_id=tokenizer.mask_token_id)
    words = plain.window_shapes > 0
    assert (hidden.window_ids[words] == tokenizer.mask_token_id).all()
    assert torch.equal(hidden.window_ids[~words], plain.window_ids[~words])
    hide_pieces(plain, share=0.0, mask_id=tokenizer.mask_token_id)
    assert torch.equal(plain.window_ids, batch().window_ids)


def test_words_are_hidden_whole_and_guessed_in_texts_without_labels(
    tiny_parts: tuple[Any, Any], il12_document: Document
) -> None:
    model, tokenizer = deepcopy(tiny_parts[0]), tiny_parts[1]
    model.add_masked_head()
    features = Featurizer(tokenizer)
    rows = make_dataset([il12_document], CTO, features, task=MASKED_WORDS)
    made = Collator(model, tokenizer)([rows[0]])
    batch, originals = made["batch"], made["targets"]
    torch.manual_seed(1)
    Hiding(tokenizer.mask_token_id, pieces=0.0, words=0.5)(batch, made["task"])
    hidden = (batch.window_ids != originals).flatten()[batch.piece_slots]
    words = [hidden[batch.piece_words == w] for w in range(len(batch.word_documents))]
    assert all(w.all() or not w.any() for w in words)
    assert 0 < sum(bool(w.any()) for w in words) < len(words)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    losses = []
    for _ in range(20):
        loss = model(**made)["loss"]
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    batch.window_ids.copy_(originals)
    assert model(**made)["loss"].item() == 0.0, "nothing is hidden, so nothing is to be guessed"


def test_annotated_texts_hide_pieces_alone(
    tiny_parts: tuple[Any, Any], il12_document: Document
) -> None:
    model, tokenizer = tiny_parts
    rows = make_dataset([il12_document], CTO, Featurizer(tokenizer), task=None)
    batch = Collator(model, tokenizer)([rows[0]])["batch"]
    before = batch.window_ids.clone()
    Hiding(tokenizer.mask_token_id, pieces=0.0, words=0.9)(batch, None)
    assert torch.equal(batch.window_ids, before)
    Hiding(tokenizer.mask_token_id, pieces=0.9, words=0.0)(batch, None)
    assert (batch.window_ids == tokenizer.mask_token_id).any()


def _plan(**changes: Any) -> BatchPlan:
    tasks = [TaskRows(range(50), [20 + n % 30 for n in range(50)])]
    return BatchPlan(tasks, **{"epochs": 2, "budget": 200, "seed": 1, **changes})


def _epochs(plan: BatchPlan) -> list[list[list[int]]]:
    batches = list(plan)
    starts = [0, *plan.epoch_ends]
    return [batches[a:b] for a, b in zip(starts, plan.epoch_ends, strict=False)]


def test_plan_reads_every_row_once_an_epoch() -> None:
    epochs = _epochs(_plan())
    assert len(epochs) == 2
    for epoch in epochs:
        assert sorted(row for batch in epoch for row in batch) == list(range(50))


def test_plan_orders_each_epoch_anew() -> None:
    first, second = _epochs(_plan())
    assert first != second
    assert sorted(map(sorted, first)) != sorted(map(sorted, second)), "the same batches"


def test_plan_is_the_same_for_the_same_seed_alone() -> None:
    assert list(_plan()) == list(_plan())
    assert list(_plan()) != list(_plan(seed=2))


def test_plan_keeps_the_budget_of_padded_pieces() -> None:
    lengths = [20 + n % 30 for n in range(50)]
    for batch in _plan():
        assert max(lengths[i] for i in batch) * len(batch) <= 200


def test_plan_gives_a_text_over_the_budget_a_batch_of_its_own() -> None:
    plan = BatchPlan([TaskRows(range(3), [20, 500, 20])], epochs=1, budget=100, seed=1)
    assert sorted(map(sorted, plan)) == [[0, 2], [1]]


def test_plan_reads_the_share_of_each_task_and_mixes_no_tasks() -> None:
    tasks = [
        TaskRows(range(0, 20), [10] * 20),
        TaskRows(range(20, 60), [10] * 40, share=0.25),
        TaskRows(range(60, 64), [10] * 4, share=2.5),
    ]
    plan = BatchPlan(tasks, epochs=1, budget=60, seed=1)
    counts = [0, 0, 0]
    for batch in plan:
        owners = {0 if i < 20 else 1 if i < 60 else 2 for i in batch}
        assert len(owners) == 1
        counts[owners.pop()] += len(batch)
    assert counts == [20, 10, 10]


def test_plan_reads_part_of_an_epoch() -> None:
    plan = _plan(epochs=1.5)
    assert [sum(map(len, e)) for e in _epochs(plan)] == [50, 25]


def test_plan_cut_by_steps_is_the_start_of_the_whole_one() -> None:
    whole = _plan()
    end = whole.epoch_ends[0]
    cut = _plan(max_steps=end + 2)
    assert list(cut) == list(whole)[: end + 2]
    assert cut.epoch_ends == [end, end + 2]
    assert _plan(max_steps=10**6).epoch_ends == whole.epoch_ends
    assert _plan(max_steps=end).epoch_ends == [end]
