from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from il12nlp.document import Mention
from il12nlp.findings.cliques import combined_sets

AGENTS = [Mention(f"T{n}", n * 2, n * 2 + 1, "THERAPY", "x") for n in range(30)]


def sets(number: int, edges: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    found = combined_sets(
        AGENTS[:number],
        together=(),
        combined={frozenset((AGENTS[i], AGENTS[j])) for i, j in edges},
    )
    return [tuple(AGENTS.index(m) for m in members) for members in found]


def test_combined_sets_are_as_large_as_can_be() -> None:
    assert sets(4, [(0, 1), (0, 2), (1, 2), (2, 3)]) == [(0, 1, 2), (2, 3)]
    assert sets(2, []) == [(0,), (1,)]
    assert sets(0, []) == []


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(list(combinations(range(6), 2)))))
def test_combined_sets_agree_with_trying_all_subsets(edges: set[tuple[int, int]]) -> None:
    def complete(members: tuple[int, ...]) -> bool:
        return all(pair in edges for pair in combinations(members, 2))

    cliques = [s for n in range(1, 7) for s in combinations(range(6), n) if complete(s)]
    maximal = [s for s in cliques if not any(set(s) < set(other) for other in cliques)]

    assert sets(6, sorted(edges)) == sorted(maximal)


def test_combined_sets_stay_quick_with_many_agents() -> None:
    edges = [(i, j) for i, j in combinations(range(30), 2) if (i + j) % 3]

    assert sets(30, edges) == [tuple(range(30))]
