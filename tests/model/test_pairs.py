from __future__ import annotations

import numpy as np

from il12nlp.model.pairs import BUCKETS, Mentions, PairTable
from il12nlp.schema import CTO, RelationRule, Schema

CYTOKINE, THERAPY, OUTCOME, CANCER, CELL = range(5)


def mentions(*rows: tuple[int, int, int, int], names: list[int] | None = None) -> Mentions:
    """Mentions of (first word, last word + 1, type, sentence)."""
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
    numbers = np.asarray(names if names is not None else range(len(rows)), dtype=np.int64)
    return Mentions(*table.T, numbers)


def asked(
    table: PairTable, found: Mentions, schema: Schema = CTO
) -> dict[tuple[int, int], set[str]]:
    pairs = table(found)
    return {
        (h, t): {name for name, ok in zip(schema.relation_types, allowed[1:], strict=True) if ok}
        for h, t, allowed in zip(
            pairs.heads.tolist(), pairs.tails.tolist(), pairs.allowed.tolist(), strict=True
        )
    }


def test_pair_table_asks_what_the_schema_allows() -> None:
    table = PairTable(CTO, sentence_distance=10)
    found = mentions((0, 1, CYTOKINE, 0), (2, 3, OUTCOME, 0), (4, 5, CANCER, 0), (6, 7, CELL, 0))
    effects = {"INCREASES", "DECREASES", "NO_EFFECT"}
    assert asked(table, found) == {(0, 1): effects, (0, 2): {"STUDIED_IN"}}


def test_pair_table_asks_an_undirected_relation_once_per_pair() -> None:
    table = PairTable(CTO, sentence_distance=10)
    found = mentions((0, 1, THERAPY, 0), (2, 3, CYTOKINE, 0), (4, 5, CYTOKINE, 0))
    assert asked(table, found) == {
        (1, 0): {"COMBINED_WITH", "DELIVERED_BY"},
        (2, 0): {"COMBINED_WITH", "DELIVERED_BY"},
        (1, 2): {"COMBINED_WITH"},
    }


def test_pair_table_keeps_same_sentence_relations_in_the_sentence() -> None:
    table = PairTable(CTO, sentence_distance=10)
    apart = mentions((0, 1, CYTOKINE, 0), (9, 10, CANCER, 1))
    assert asked(table, apart) == {}


def test_pair_table_keeps_to_the_sentence_distance() -> None:
    found = mentions((0, 1, CYTOKINE, 0), (9, 10, OUTCOME, 3))
    assert len(PairTable(CTO, sentence_distance=3)(found)) == 1
    assert len(PairTable(CTO, sentence_distance=2)(found)) == 0


def test_pair_table_asks_both_directions_of_a_directed_relation_of_one_type() -> None:
    rules = (RelationRule("ACTS_ON", frozenset({("GENE", "GENE")})),)
    schema = Schema("genes", ("GENE",), rules)
    pairs = PairTable(schema, sentence_distance=1)(mentions((0, 1, 0, 0), (2, 3, 0, 0)))
    assert sorted(zip(pairs.heads.tolist(), pairs.tails.tolist(), strict=True)) == [(0, 1), (1, 0)]


def test_pair_table_geometry_ranks_rivals_and_knows_namesakes() -> None:
    found = mentions(
        (0, 1, CYTOKINE, 0), (5, 6, CYTOKINE, 0), (7, 8, THERAPY, 0), (9, 11, OUTCOME, 0),
        names=[4, 4, 1, 2],
    )  # fmt: skip
    pairs = PairTable(CTO, sentence_distance=2)(found)
    heads, tails = pairs.heads.tolist(), pairs.tails.tolist()
    rows = zip(heads, tails, pairs.geometry, strict=True)
    to_outcome = {h: g for h, t, g in rows if t == 3}
    assert [int(to_outcome[h][4]) for h in (2, 1, 0)] == [0, 1, 2]
    assert [bool(to_outcome[h][5]) for h in (2, 1, 0)] == [False, False, True]
    assert int(to_outcome[0][2]) == 2


def test_pair_table_geometry_fits_its_buckets() -> None:
    generator = np.random.default_rng(3)
    first = np.sort(generator.integers(0, 900, 120))
    found = Mentions(
        first,
        first + generator.integers(1, 9, 120),
        generator.integers(0, 5, 120),
        first // 20,
        generator.integers(0, 30, 120),
    )
    geometry = PairTable(CTO, sentence_distance=50)(found).geometry
    assert (geometry >= 0).all()
    assert (geometry < np.asarray(BUCKETS)).all()


def test_pair_table_of_no_mentions_is_empty() -> None:
    assert len(PairTable(CTO, sentence_distance=2)(mentions())) == 0
