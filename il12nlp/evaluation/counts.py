"""Counts of right, surplus and missing items, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and false negatives; sums of counts are micro-averages."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @classmethod
    def of(cls, matched: int, *, gold: int, predicted: int) -> Counts:
        """Counts from the number of matches and the sizes of both sides."""
        return cls(matched, predicted - matched, gold - matched)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def gold(self) -> int:
        """Number of gold items."""
        return self.tp + self.fn

    @property
    def predicted(self) -> int:
        """Number of predicted items."""
        return self.tp + self.fp

    @property
    def precision(self) -> float:
        """Share of the predicted items that are right; 0 where there are none."""
        return self.tp / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold items that were found; 0 where there are none."""
        return self.tp / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


Tally = Mapping[str, Counts]
"""Counts by the name of the figure ("ner.strict"), of a document or of a corpus."""


def add_tallies(tallies: Iterable[Tally]) -> dict[str, Counts]:
    """Sum of tallies, figure by figure."""
    total: dict[str, Counts] = {}
    for tally in tallies:
        for key, counts in tally.items():
            total[key] = total[key] + counts if key in total else counts
    return total
