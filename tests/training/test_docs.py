import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from il12nlp.model.loading import BUNDLED
from il12nlp.training import config
from il12nlp.training.building import SIZES
from il12nlp.training.config import TrainConfig, load_config
from il12nlp.training.options import SECTIONS, options_page
from tests.conftest import ROOT
from tests.training.samples import SMALL

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


def test_training_page_example_trains(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = [f"model.{name}={value}" for name, value in SMALL.items()]
    tiny = [f"output={tmp_path}", f"encoder={tiny_encoder}", *sizes]
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

    def load_tiny(path: str, *, settings: list[str]) -> TrainConfig:
        return load_config(path, settings=[*settings, *tiny])

    monkeypatch.setattr(config, "load_config", load_tiny)
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(example, names)
    assert names["result"].model == tmp_path / "model"
    assert list(names["result"].epochs) == []


def test_training_page_has_the_sizes_of_the_bundled_heads() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    sizes = TrainConfig.model_validate(yaml.safe_load(example)).model
    bundled = json.loads((BUNDLED / "config.json").read_text(encoding="utf-8"))
    for size in (*SIZES, "sentence_distance"):
        assert getattr(sizes, size) == bundled[size], size


def test_training_page_names_configs_that_are_there() -> None:
    named = re.findall(r"configs/train/\w+\.yaml", PAGE)
    assert named
    assert all((ROOT / path).is_file() for path in named)


def test_training_page_commands_need_no_more_than_a_clone() -> None:
    named = re.findall(r"--config configs/train/(\w+\.yaml)", PAGE)
    (told,) = re.findall(r"In a clone `(.*)` run as they are", PAGE)
    assert set(named) == set(told.split("` and `"))
    for name in named:
        config = load_config(ROOT / "configs" / "train" / name)
        assert all((ROOT / path).is_file() for path in (*config.train, *config.dev)), name
        assert all(path.startswith("corpora/") for path in (*config.train, *config.dev)), name
