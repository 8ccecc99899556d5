"""What a training config says of the corpora that a run reads beside its own files.

Every field's docstring is its help text, as in `config.py`.
"""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Section(BaseModel):
    """A part of the config; refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SchemaConfig(Section):
    """An annotation schema of one's own, where the task is not CTO."""

    mention_types: list[str] = Field(default_factory=list)
    """Mention types to learn; empty: all that stand in the training files."""
    relations: bool = False
    """Learn the relations that stand in the training files, between the types they link there."""
    undirected: list[str] = Field(default_factory=list)
    """Relation types without a direction."""
    least_count: int = Field(20, ge=1)
    """Types seen less often than this in the training files are left out."""

    @model_validator(mode="after")
    def _learns_what_it_names(self) -> SchemaConfig:
        if self.undirected and not self.relations:
            named = ", ".join(self.undirected)
            raise ValueError(f"undirected names {named}, but relations is false; set it to true")
        return self


class AuxiliaryConfig(Section):
    """A further corpus that teaches the same encoder through heads of its own."""

    train: list[str] = Field(min_length=1)
    """Files in any readable format; abstracts that stand in dev or apart are left out."""
    annotations: SchemaConfig = Field(default_factory=lambda: SchemaConfig.model_validate({}))
    """What the corpus annotates, in the settings of `annotations` itself."""
    share: float = Field(1.0, gt=0)
    """Part of the corpus that each epoch reads."""


class SilverConfig(Section):
    """Documents that a model annotated, for the model's own task (self-training)."""

    train: list[str] = Field(min_length=1)
    """Files in any readable format; abstracts that stand in train, dev or apart are left out."""
    share: float = Field(1.0, gt=0)
    """Part of them that each epoch reads."""


class SwappedConfig(Section):
    """Copies of the own training files' documents in which names are others of their type."""

    types: list[str] = Field(min_length=1)
    """Mention types whose names are swapped: those that are names, not phrases."""
    names: float = Field(0.5, gt=0, le=1)
    """Part of the names of a copy that are others; one name is the same other one everywhere."""
    share: float = Field(0.5, gt=0, le=1)
    """Part of the copies, one of each document, that each epoch reads beside the documents."""


class UnlabelledConfig(Section):
    """Texts without annotations, in which the encoder learns to guess hidden words."""

    train: list[str] = Field(min_length=1)
    """Files in any readable format; abstracts that stand in dev or apart are left out."""
    pattern: str = ""
    """Regular expression; only texts in which it is found, in either case, are read."""
    share: float = Field(1.0, gt=0)
    """Part of them that each epoch reads."""
    masked_words: float = Field(0.15, gt=0, lt=1)
    """Part of the words that are hidden and to be guessed."""

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"no regular expression ({error})") from error
        return value
