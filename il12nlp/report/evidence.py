"""What a group of papers says: on which side each stands, and whether they contradict each other.

A paper counts once in a group, however many findings it has there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Flag, StrEnum, auto

from il12nlp.schema import Benefit


class Side(Flag):
    """What the findings of one paper in one group say, taken together."""

    BENEFIT = auto()
    HARM = auto()
    NO_EFFECT = auto()
    UNKNOWN = auto()


SIDE_OF: Mapping[Benefit, Side] = {
    Benefit.BENEFIT: Side.BENEFIT,
    Benefit.HARM: Side.HARM,
    Benefit.NONE: Side.NO_EFFECT,
    Benefit.UNKNOWN: Side.UNKNOWN,
}

_BOTH = Side.BENEFIT | Side.HARM


class Verdict(StrEnum):
    """Where one paper is counted."""

    BENEFIT = "benefit"
    HARM = "harm"
    MIXED = "mixed"
    NO_EFFECT = "no_effect"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, side: Side) -> Verdict:
        """Mixed for benefit and harm; else an effect counts before none, none before unknown."""
        if side & _BOTH == _BOTH:
            return cls.MIXED
        return next(verdict for one, verdict in _VERDICTS.items() if one in side)


_VERDICTS = {
    Side.BENEFIT: Verdict.BENEFIT,
    Side.HARM: Verdict.HARM,
    Side.NO_EFFECT: Verdict.NO_EFFECT,
    Side.UNKNOWN: Verdict.UNKNOWN,
}


class Conflict(StrEnum):
    """Whether a group holds benefit and harm: in different papers, or only in the same ones."""

    NONE = "none"
    WITHIN = "within papers"
    BETWEEN = "between papers"


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of papers: of all, and of each verdict, which add up to all.

    `also_no_effect` counts those of benefit, harm or mixed that report no effect as well, such as
    on another outcome of the class, in another model or arm.
    """

    papers: int
    benefit: int
    harm: int
    mixed: int
    no_effect: int
    unknown: int
    also_no_effect: int

    @classmethod
    def of(cls, sides: Iterable[Side]) -> Tally:
        """Tally of papers, each by its side."""
        found = list(sides)
        verdicts = Counter(map(Verdict.of, found))
        return cls(
            papers=len(found),
            **{verdict.value: verdicts[verdict] for verdict in Verdict},
            also_no_effect=sum(map(is_partly_no_effect, found)),
        )

    @property
    def conflict(self) -> Conflict:
        """Conflict of the papers."""
        if self.benefit and self.harm:
            return Conflict.BETWEEN
        return Conflict.WITHIN if self.mixed else Conflict.NONE

    def __str__(self) -> str:
        counts = ((getattr(self, verdict.value), verdict) for verdict in Verdict)
        return ", ".join(
            f"{count} {verdict}".replace("_", " ") for count, verdict in counts if count
        )


def is_partly_no_effect(side: Side) -> bool:
    """Whether no effect is reported beside an effect."""
    return Side.NO_EFFECT in side and bool(side & _BOTH)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row of a summary.

    `group` holds what the row is about, by column. `papers` names the papers of each verdict, and
    `also_no_effect` those that `Tally` counts so: a PMID as it is, another document's id as
    "id:…". `by_study_type` and `by_cancer` tally the same papers; one with several cancers stands
    in several, there with its findings in that cancer only.
    """

    group: Mapping[str, str]
    tally: Tally
    papers: Mapping[Verdict, tuple[str, ...]]
    also_no_effect: tuple[str, ...]
    by_study_type: Mapping[str, Tally]
    by_cancer: Mapping[str, Tally]

    @property
    def conflict(self) -> Conflict:
        """Whether the papers contradict each other, or themselves."""
        return self.tally.conflict
