from typing import Any, get_args

import pytest
from pydantic import BaseModel

from il12nlp.training.config import TrainConfig
from il12nlp.training.options import SECTIONS, options_page
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")


def _sections(kind: Any) -> set[type[BaseModel]]:
    """All config classes that a type is made of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        inner = [f.annotation for f in kind.model_fields.values()]
        return {kind}.union(*map(_sections, inner))
    return set().union(*map(_sections, get_args(kind)))


def _keys() -> list[str]:
    return [
        f"{place}.{name}".lstrip(".")
        for place, section in SECTIONS.items()
        for name in section.model_fields
    ]


def test_options_cover_every_section_of_the_config() -> None:
    assert set(SECTIONS.values()) == _sections(TrainConfig)


@pytest.mark.parametrize("key", _keys())
def test_setting_is_documented_with_its_meaning(key: str) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith((f"| `{key}`", f"| `{key}.…`"))]
    assert len(rows) == 1
    assert len(rows[0].split("|")[3].split()) >= 2


def test_training_page_has_the_table_as_the_docstrings_give_it() -> None:
    assert options_page() in PAGE, "run scripts/document_config.py"
