"""The config's settings as Markdown, from the docstrings of its fields."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic.fields import FieldInfo

from il12nlp.training.config import ModelSection, OptimizerConfig, TrainConfig
from il12nlp.training.sources import (
    AuxiliaryConfig,
    SchemaConfig,
    Section,
    SilverConfig,
    SwappedConfig,
    UnlabelledConfig,
)

SECTIONS: dict[str, type[Section]] = {
    "": TrainConfig,
    "annotations": SchemaConfig,
    "silver": SilverConfig,
    "swapped": SwappedConfig,
    "auxiliary.NAME": AuxiliaryConfig,
    "unlabelled": UnlabelledConfig,
    "model": ModelSection,
    "optimizer": OptimizerConfig,
}
"""Every place in a config that holds settings, by the dotted key that leads to it."""


def options_page() -> str:
    """A table of all settings: key, default, meaning."""
    rows = [line for place, section in SECTIONS.items() for line in _rows(place, section)]
    return "\n".join(["| setting | default | meaning |", "| --- | --- | --- |", *rows]) + "\n"


def _rows(place: str, section: type[Section]) -> Iterator[str]:
    for name, field in section.model_fields.items():
        key = f"{place}.{name}" if place else name
        if key in SECTIONS or any(other.startswith(f"{key}.") for other in SECTIONS):
            key += ".…"
        meaning = " ".join((field.description or "").split())
        yield f"| `{key}` | {_default(field)} | {meaning} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or isinstance(value, Section) or value == {}:
        return ""
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"
