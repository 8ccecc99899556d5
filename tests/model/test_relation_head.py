from __future__ import annotations

import numpy as np
import pytest
import torch

from il12nlp.model import mention_layer
from il12nlp.model.pairs import Mentions, Pairs, PairTable
from il12nlp.model.products import RowLinear
from il12nlp.model.relation_head import RelationHead, RelationLogits, relation_loss
from il12nlp.schema import CTO

WIDTH, WORDS = 12, 60


@pytest.fixture
def head() -> RelationHead:
    torch.manual_seed(1)
    return RelationHead(
        width=WIDTH, size=32, types=5, labels=len(CTO.relations), layers=2, heads=2, dropout=0.0
    ).eval()


def made(count: int) -> Mentions:
    first = np.linspace(0, WORDS - 3, count).astype(np.int64)
    return Mentions(first, first + 2, np.arange(count) % 5, first // 12, np.arange(count))


def read(head: RelationHead, *mentions: Mentions) -> tuple[RelationLogits, list[Pairs]]:
    """Logits of documents of `WORDS` words each, with sentences of 12 words."""
    generator = torch.Generator().manual_seed(2)
    words = torch.randn(WORDS * len(mentions), WIDTH, generator=generator)
    pairs = [PairTable(CTO, sentence_distance=3)(m) for m in mentions]
    bounds = [WORDS * i for i in range(len(mentions) + 1)]
    sentences = (torch.arange(WORDS) // 12).repeat(len(mentions))
    with torch.inference_mode():
        return head(words, bounds, sentences, list(mentions), pairs), pairs


def test_relation_head_gives_logits_of_every_pair_and_none_to_what_is_not_allowed(
    head: RelationHead,
) -> None:
    logits, pairs = read(head, made(9), made(0), made(7))
    allowed = np.concatenate([p.allowed for p in pairs])
    assert len(allowed) == len(pairs[0]) + len(pairs[2]) == 20
    assert (logits.labels.isfinite().numpy() == allowed).all()
    assert logits.speculative.isfinite().all()


def test_products_in_bfloat16_change_little(head: RelationHead) -> None:
    before, _ = read(head, made(9), made(0), made(7))
    for module in head.modules():
        if isinstance(module, RowLinear):
            module.in_bfloat16 = True
    after, _ = read(head, made(9), made(0), made(7))
    assert not torch.equal(before.labels, after.labels)
    torch.testing.assert_close(before.labels, after.labels, rtol=0.02, atol=0.02)
    torch.testing.assert_close(before.speculative, after.speculative, rtol=0.02, atol=0.02)


def test_relation_head_of_no_pairs_gives_no_logits(head: RelationHead) -> None:
    logits, _ = read(head, made(0), made(1))
    assert logits.labels.shape == (0, 1 + len(CTO.relations))
    assert logits.speculative.shape == (0,)


def test_relation_head_reads_a_document_as_if_it_were_alone(head: RelationHead) -> None:
    together, pairs = read(head, made(9), made(7))
    alone, _ = read(head, made(9))
    torch.testing.assert_close(together.labels[: len(pairs[0])], alone.labels)


def test_relation_head_does_not_depend_on_how_many_mentions_look_at_once(
    head: RelationHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = read(head, made(25))
    monkeypatch.setattr(mention_layer, "MENTIONS_AT_ONCE", 4)
    parts, _ = read(head, made(25))
    torch.testing.assert_close(parts.labels, whole.labels)
    torch.testing.assert_close(parts.speculative, whole.speculative)


def test_relation_head_learns_from_the_logits_that_it_predicts(head: RelationHead) -> None:
    predicted, _ = read(head, made(9), made(0), made(7))
    learnt, _ = read(head.train(), made(9), made(0), made(7))
    torch.testing.assert_close(learnt.labels, predicted.labels)
    torch.testing.assert_close(learnt.speculative, predicted.speculative)


@pytest.mark.parametrize("training", [True, False])
def test_relation_head_passes_gradients_to_words_and_all_weights(
    head: RelationHead, training: bool
) -> None:
    generator = torch.Generator().manual_seed(3)
    words = torch.randn(WORDS, WIDTH, generator=generator, requires_grad=True)
    found = made(9)
    pairs = PairTable(CTO, sentence_distance=3)(found)
    logits = head.train(training)(words, [0, WORDS], torch.arange(WORDS) // 12, [found], [pairs])
    allowed = logits.labels[torch.from_numpy(pairs.allowed)]
    (allowed.square().sum() + logits.speculative.square().sum()).backward()
    assert words.grad is not None
    for name, weight in head.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name


def test_relation_loss_counts_hedges_of_stated_relations_only() -> None:
    logits = RelationLogits(torch.zeros(3, 2), torch.tensor([0.0, 9.0, -9.0]))
    links, hedges = relation_loss(logits, torch.tensor([1, 0, 0]), torch.tensor([1, 0, 1]))
    assert links.item() == pytest.approx(3 * np.log(2), abs=1e-5)
    assert hedges.item() == pytest.approx(np.log(2), abs=1e-5)
