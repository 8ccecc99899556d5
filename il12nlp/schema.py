"""The annotation schema: which mentions exist and which of them may be linked.

Everything that needs to know a type asks this module. `CTO` (cytokine–therapy–outcome) is the
schema of the bundled model; other schemas are made with `Schema` or from a training config.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from il12nlp.errors import SchemaError


class MentionType(StrEnum):
    """Mention types of CTO; mentions of different types may overlap, of one type may not."""

    CYTOKINE = "CYTOKINE"
    THERAPY = "THERAPY"
    OUTCOME = "OUTCOME"
    CANCER = "CANCER"
    CELL = "CELL"


class RelationType(StrEnum):
    """Relation types of CTO."""

    INCREASES = "INCREASES"
    DECREASES = "DECREASES"
    NO_EFFECT = "NO_EFFECT"
    COMBINED_WITH = "COMBINED_WITH"
    DELIVERED_BY = "DELIVERED_BY"
    STUDIED_IN = "STUDIED_IN"


class StudyType(StrEnum):
    """What kind of study a document reports; of several, the highest evidence counts."""

    CLINICAL = "clinical"
    ANIMAL = "animal"
    IN_VITRO = "in_vitro"
    REVIEW = "review"
    OTHER = "other"


class Direction(StrEnum):
    """Direction in which an outcome changed."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NO_EFFECT = "no_effect"


class Benefit(StrEnum):
    """What a change means for the patient: direction × polarity of the outcome."""

    BENEFIT = "benefit"
    HARM = "harm"
    NONE = "none"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What part a finding's cytokines play."""

    GIVEN = "given"
    """As a drug, gene, vector or engineered cell."""
    MEASURED = "measured"
    """As a read-out or marker: "serum IL-6 levels"."""
    BLOCKED = "blocked"
    """Neutralised, knocked out or inhibited."""
    PRODUCED = "produced"
    """Made by the tumour or by cells of the body, where it acts."""
    UNKNOWN = "unknown"


class Claim(StrEnum):
    """What a statement is in its paper: its own result, or what others or the authors think."""

    BACKGROUND = "background"
    AIM = "aim"
    METHOD = "method"
    RESULT = "result"
    CONCLUSION = "conclusion"
    UNKNOWN = "unknown"


AGENTS = frozenset({MentionType.CYTOKINE, MentionType.THERAPY})
"""Types of mentions that can act: what is given, or a cytokine of the body that acts."""

EFFECTS: Mapping[str, Direction] = {
    RelationType.INCREASES: Direction.INCREASE,
    RelationType.DECREASES: Direction.DECREASE,
    RelationType.NO_EFFECT: Direction.NO_EFFECT,
}
"""Relations that state an effect on an outcome, with their direction."""


@dataclass(frozen=True, slots=True)
class RelationRule:
    """What one relation type may link.

    `pairs` holds (head type, tail type); an undirected relation is written with the earlier
    mention as head; `same_sentence` forbids links that leave the sentence.
    """

    name: str
    pairs: frozenset[tuple[str, str]]
    undirected: bool = False
    same_sentence: bool = False

    @classmethod
    def between(
        cls,
        name: str,
        heads: Iterable[str],
        tails: Iterable[str],
        *,
        undirected: bool = False,
        same_sentence: bool = False,
    ) -> RelationRule:
        """Rule that allows every head type with every tail type."""
        pairs = frozenset((str(h), str(t)) for h in heads for t in tails)
        return cls(name, pairs, undirected, same_sentence)


@dataclass(frozen=True, slots=True)
class Schema:
    """Mention types, relation rules and document labels of one annotation task.

    The order of the tuples is the order of a model's output units.
    """

    name: str
    mention_types: tuple[str, ...]
    relations: tuple[RelationRule, ...] = ()
    study_types: tuple[str, ...] = ()
    _rules: Mapping[str, RelationRule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = set(self.mention_types)
        if len(known) != len(self.mention_types):
            raise SchemaError(f"schema {self.name!r}: a mention type stands twice")
        for rule in self.relations:
            strange = sorted({t for pair in rule.pairs for t in pair} - known)
            if strange:
                raise SchemaError(
                    f"schema {self.name!r}: relation {rule.name} links unknown types "
                    f"{', '.join(strange)}; known: {', '.join(self.mention_types)}"
                )
        object.__setattr__(self, "_rules", {rule.name: rule for rule in self.relations})

    @property
    def relation_types(self) -> tuple[str, ...]:
        """Names of the relations, in output order."""
        return tuple(rule.name for rule in self.relations)

    def rule(self, relation_type: str) -> RelationRule:
        """The rule of one relation type; raises SchemaError where there is none."""
        try:
            return self._rules[relation_type]
        except KeyError:
            raise SchemaError(
                f"unknown relation type {relation_type!r} in schema {self.name!r}; "
                f"known: {', '.join(self.relation_types) or 'none'}"
            ) from None

    def allowed(self, head_type: str, tail_type: str) -> tuple[str, ...]:
        """Relation types that may link a head of one type to a tail of another."""
        return tuple(r.name for r in self.relations if (head_type, tail_type) in r.pairs)

    def check_mention_type(self, mention_type: str) -> None:
        """Raise SchemaError unless the mention type is known."""
        if mention_type not in self.mention_types:
            raise SchemaError(
                f"unknown mention type {mention_type!r} in schema {self.name!r}; "
                f"known: {', '.join(self.mention_types)}"
            )

    def check_relation(self, relation_type: str, head_type: str, tail_type: str) -> None:
        """Raise SchemaError unless the relation may link these two types."""
        rule = self.rule(relation_type)
        if (head_type, tail_type) not in rule.pairs:
            pairs = ", ".join(f"{h} → {t}" for h, t in sorted(rule.pairs))
            raise SchemaError(
                f"{relation_type} cannot link {head_type} → {tail_type}; allowed: {pairs}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a model's config.json; `from_dict` reads it back."""
        return {
            "name": self.name,
            "mention_types": list(self.mention_types),
            "relations": [
                {
                    "name": r.name,
                    "pairs": sorted([h, t] for h, t in r.pairs),
                    "undirected": r.undirected,
                    "same_sentence": r.same_sentence,
                }
                for r in self.relations
            ],
            "study_types": list(self.study_types),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Schema:
        """Schema from the form that `to_dict` gives and training configs use."""
        rules = tuple(
            RelationRule(
                str(r["name"]),
                frozenset((str(h), str(t)) for h, t in r["pairs"]),
                bool(r.get("undirected", False)),
                bool(r.get("same_sentence", False)),
            )
            for r in data.get("relations", ())
        )
        return cls(
            str(data["name"]),
            tuple(str(t) for t in data["mention_types"]),
            rules,
            tuple(str(s) for s in data.get("study_types", ())),
        )


_CYTOKINE, _THERAPY = MentionType.CYTOKINE, MentionType.THERAPY

CTO = Schema(
    name="cto",
    mention_types=tuple(str(t) for t in MentionType),
    relations=(
        *(RelationRule.between(str(e), AGENTS, {MentionType.OUTCOME}) for e in EFFECTS),
        RelationRule.between(str(RelationType.COMBINED_WITH), AGENTS, AGENTS, undirected=True),
        RelationRule.between(str(RelationType.DELIVERED_BY), {_CYTOKINE}, {_THERAPY}),
        RelationRule.between(
            str(RelationType.STUDIED_IN), AGENTS, {MentionType.CANCER}, same_sentence=True
        ),
    ),
    study_types=tuple(str(s) for s in StudyType),
)
"""Cytokine–therapy–outcome, the schema of the bundled model."""
