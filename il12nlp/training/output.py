"""The output folder of a run: its checkpoints, its settings, its record and its figures."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from il12nlp import __version__, formats
from il12nlp.errors import ConfigError, OutputError
from il12nlp.training import average
from il12nlp.training.config import TrainConfig, load_config, to_yaml

SETTINGS, RECORD, FIGURES = "config.yaml", "run.json", "dev.jsonl"
"""The whole config, what else a run depends on, and the dev figures of each epoch."""

LIBRARIES = (
    "accelerate",
    "datasets",
    "numpy",
    "safetensors",
    "tokenizers",
    "torch",
    "transformers",
)
"""Libraries whose versions a run's weights may depend on."""

FREE = frozenset({"output", "device", "precision", "checkpoint_steps"})
"""Settings that may change when a run goes on: they leave its plan as it is."""

_CHECKPOINT = re.compile(r"checkpoint-(\d+)")


def open_output(config: TrainConfig, *, resume: bool) -> Path | None:
    """Make the output folder ready; the checkpoint to go on from, None for a new start.

    Raises ConfigError where an earlier run lies there that is not to go on, or that had other
    settings, and OutputError for a place that cannot be written.
    """
    folder = Path(config.output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made an output folder ({error})") from error
    found = {int(m[1]): p for p in entries if (m := _CHECKPOINT.fullmatch(p.name))}
    if found and not resume:
        raise ConfigError(
            f"{folder}: holds {found[max(found)].name} of an earlier run; go on from it with "
            "--resume, name another output, or remove the folder"
        )
    whole = [n for n, path in found.items() if (path / average.FILE).is_file()]
    if not whole:
        return None
    check_same(config)
    return found[max(whole)]


def step_of(checkpoint: Path) -> int:
    """Steps that a run had done at a checkpoint."""
    return int(checkpoint.name.rpartition("-")[2])


def check_same(config: TrainConfig) -> None:
    """Raise ConfigError where the run in the output folder had other settings or other data."""
    folder = Path(config.output)
    if (folder / SETTINGS).is_file():
        _check_settings(config, folder / SETTINGS)
    if (folder / RECORD).is_file():
        _check_files(config, folder / RECORD)


def _check_settings(config: TrainConfig, path: Path) -> None:
    now, then = config.model_dump(mode="json"), load_config(path).model_dump(mode="json")
    changed = [key for key in now if key not in FREE and now[key] != then[key]]
    if changed:
        shown = "; ".join(f"{key}: was {then[key]!r}, is {now[key]!r}" for key in changed)
        raise ConfigError(
            f"{path}: the run to go on with had other settings ({shown}); restore them, or start "
            "anew in another output"
        )


def _check_files(config: TrainConfig, path: Path) -> None:
    try:
        files = json.loads(path.read_bytes())["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: is no record of a run; start anew elsewhere") from error
    for corpus, inputs in _corpora(config).items():
        if corpus not in files:  # a record of an earlier version
            continue
        then, now = files[corpus], _digests(inputs)
        for name, _ in sorted(then.items() ^ now.items()):
            state = "is gone" if name not in now else "is new" if name not in then else "changed"
            raise ConfigError(
                f"{path}: {name} of {corpus} {state} since the run to go on with began; restore "
                "what it read, or start anew in another output"
            )


def _corpora(config: TrainConfig) -> Mapping[str, Sequence[str]]:
    """What each corpus of a config is read from."""
    found = {"train": config.train, "dev": config.dev, "apart": config.apart}
    if config.silver is not None:
        found["silver"] = config.silver.train
    if config.unlabelled is not None:
        found["unlabelled"] = config.unlabelled.train
    return found | {f"auxiliary.{name}": a.train for name, a in config.auxiliary.items()}


def write_record(config: TrainConfig, *, steps: int, documents: Mapping[str, int]) -> None:
    """Write what the run can be repeated from: its settings, and its seed, versions and data.

    `documents` counts the documents of each task.
    """
    folder = Path(config.output)
    (folder / SETTINGS).write_text(to_yaml(config), encoding="utf-8")
    record: dict[str, Any] = {
        "seed": config.seed,
        "steps": steps,
        "documents": dict(documents),
        "files": {name: _digests(paths) for name, paths in _corpora(config).items()},
        "versions": {
            "il12nlp": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
        },
        "machine": platform.machine(),
    }
    text = json.dumps(record, indent=2, ensure_ascii=False)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def _digests(inputs: Sequence[str]) -> dict[str, str]:
    """SHA-256 of each file."""
    found = {}
    for path in map(Path, formats.expand_inputs(inputs) if inputs else ()):
        if path.is_file():
            with path.open("rb") as stream:
                found[str(path)] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


class Figures:
    """The dev figures of each epoch, on disk as they come.

    A run that goes on keeps those up to its checkpoint's step; a new one starts with none.
    """

    def __init__(self, folder: Path, *, step: int) -> None:
        self._path = folder / FIGURES
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.is_file() else []
        self.rows: list[Mapping[str, float]] = [
            row for row in map(json.loads, lines) if row["step"] <= step
        ]
        self._write("w", self.rows)

    def add(self, row: Mapping[str, float]) -> None:
        """Append one epoch's figures."""
        self.rows.append(row)
        self._write("a", [row])

    def _write(self, mode: str, rows: Sequence[Mapping[str, float]]) -> None:
        with self._path.open(mode, encoding="utf-8") as log:
            log.writelines(json.dumps(row) + "\n" for row in rows)
