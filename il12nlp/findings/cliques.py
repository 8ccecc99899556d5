"""Combinations as sets: agents that were all combined with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from il12nlp.document import Mention

_MAX_AGENTS = 16
"""More agents of one outcome are no designed combination, and the search grows exponentially."""


def combined_sets(
    agents: Sequence[Mention],
    *,
    together: Collection[frozenset[Mention]],
    combined: Collection[frozenset[Mention]],
) -> list[tuple[Mention, ...]]:
    """The largest sets of agents in which each is combined with every other.

    Agents joined by `together` (a cytokine and its vehicle) are one thing: what is combined with
    one of them is combined with both. An agent that is combined with none is a set of its own.
    Bron & Kerbosch (1973), Algorithm 457, CACM 16:575.
    """
    units = _units(agents, together)
    edges = {
        (i, j)
        for i, one in enumerate(units)
        for j, other in enumerate(units)
        if i != j and any(frozenset((a, b)) in combined for a in one for b in other)
    }
    near = [{j for j in range(len(units)) if (i, j) in edges} for i in range(len(units))]
    if len(units) > _MAX_AGENTS:
        cliques = [{i} for i in range(len(units)) if not near[i]]
        cliques.append({i for i in range(len(units)) if near[i]})
    else:
        cliques = list(_cliques(set(), set(range(len(units))), set(), near))
    sets = [tuple(sorted({m for i in clique for m in units[i]}, key=_place)) for clique in cliques]
    return sorted((s for s in sets if s), key=lambda members: [_place(m) for m in members])


def _units(
    agents: Sequence[Mention], together: Collection[frozenset[Mention]]
) -> list[set[Mention]]:
    units = [{agent} for agent in agents]
    for pair in sorted(together, key=lambda p: sorted(map(_place, p))):
        joined = [unit for unit in units if unit & pair]
        units = [unit for unit in units if not unit & pair] + [set().union(*joined)]
    return units


def _cliques(
    clique: set[int], open_: set[int], done: set[int], near: Sequence[set[int]]
) -> Iterator[set[int]]:
    if not open_ and not done:
        yield clique
        return
    pivot = max(open_ | done, key=lambda i: (len(near[i] & open_), -i))
    for i in sorted(open_ - near[pivot]):
        yield from _cliques(clique | {i}, open_ & near[i], done & near[i], near)
        open_ = open_ - {i}
        done = done | {i}


def _place(mention: Mention) -> tuple[int, str]:
    return mention.start, mention.id
