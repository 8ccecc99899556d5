from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from il12nlp.batch import Settings
from il12nlp.batch.annotate import made_by
from il12nlp.batch.settings import folder_digest


def test_key_depends_on_every_setting_and_on_the_input() -> None:
    settings = Settings(model="m")
    others = {"min_score": 0.5, "shard_records": 9}
    keys = {settings.key(name=n, digest=d) for n, d in (("a", "1"), ("b", "1"), ("a", "2"))}
    for name in asdict(settings):
        changed = replace(settings, **{name: others.get(name, "x")})
        keys.add(changed.key(name="a", digest="1"))
    assert len(keys) == 3 + len(asdict(settings))
    assert settings.key(name="a", digest="1") == Settings(model="m").key(name="a", digest="1")


def test_differing_names_what_changed() -> None:
    earlier = asdict(Settings(model="m1", terms="t"))
    assert Settings(model="m2", terms="t").differing(earlier) == ["model"]
    assert Settings(model="m2").differing({}) == []


@pytest.mark.parametrize(
    ("name", "counts"),
    [("model.safetensors", True), ("config.json", True), ("README.md", False)],
)  # fmt: skip
def test_folder_digest_is_of_what_the_model_computes_with(
    tmp_path: Path, name: str, counts: bool
) -> None:
    for file in ("model.safetensors", "config.json", "tokenizer.json", "README.md"):
        (tmp_path / file).write_text(file)
    before = folder_digest(tmp_path)
    (tmp_path / name).write_text("changed")
    assert (folder_digest(tmp_path) != before) == counts


def test_made_by_names_the_software_with_its_versions() -> None:
    assert made_by().startswith("il12nlp 0.")
    assert ", torch 2." in made_by()
