"""Every config under configs/train is parsed, and run up to its first step on a tiny encoder."""

import gzip
import os
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from il12nlp.document import Document
from il12nlp.model.masked_head import MASKED_WORDS
from il12nlp.training.config import TrainConfig, load_config
from il12nlp.training.single import prepare
from il12nlp.training.sources import SchemaConfig
from tests.conftest import ROOT
from tests.training.samples import SMALL, invented, write

CONFIGS = sorted((ROOT / "configs" / "train").glob("*.yaml"))
ENOUGH = 12
"""Documents of each file that a test reads."""


def _sample(path: str, folder: Path, kinds: list[str]) -> str:
    """The first documents of a file; invented ones with these mention types where it is absent."""
    source, copy = Path(path), folder / path.replace("/", "_").removesuffix(".gz")
    if not source.is_file():
        first, *others = kinds or ["CYTOKINE"]
        pairs = [(first, other) for other in others or ["OUTCOME"]]
        made = [invented(n, kinds=pair) for n, pair in enumerate(pairs, start=len(path))]
        return write(copy, [_renamed(d, path) for d in made])
    opener = gzip.open if path.endswith(".gz") else open
    with opener(source, "rt", encoding="utf-8") as lines:
        copy.write_text("".join(islice(lines, ENOUGH)), encoding="utf-8")
    return str(copy)


def _renamed(document: Document, path: str) -> Document:
    """Another document for another file, so that no two files share one."""
    return document.replace(id=f"{path}-{document.id}", text=f"{document.text} {path}")


def _tiny(config: TrainConfig, encoder: Path, folder: Path) -> TrainConfig:
    """The config on samples of its files and a tiny encoder, otherwise as it is."""

    def sampled(paths: list[str], annotations: SchemaConfig | None) -> list[str]:
        kinds = annotations.mention_types if annotations else []
        return [_sample(p, folder, kinds) for p in paths]

    def counting_all(annotations: SchemaConfig) -> SchemaConfig:
        # Of a sample, rare types are the rule, and those it happens to lack cannot be asked for.
        return annotations.model_copy(
            update={"least_count": 1, "mention_types": [], "undirected": []}
        )

    own = config.annotations
    auxiliary = {
        name: a.model_copy(
            update={
                "train": sampled(a.train, a.annotations),
                "annotations": counting_all(a.annotations),
            }
        )
        for name, a in config.auxiliary.items()
    }
    silver = config.silver and config.silver.model_copy(
        update={"train": sampled(config.silver.train, own)}
    )
    unlabelled = config.unlabelled and config.unlabelled.model_copy(
        update={"train": sampled(config.unlabelled.train, None), "pattern": ""}
    )
    model = config.model.model_copy(update=SMALL)
    return config.model_copy(
        update={
            "train": sampled(config.train, own),
            "dev": sampled(config.dev, own),
            "apart": sampled(config.apart, None),
            "annotations": own and counting_all(own),
            "auxiliary": auxiliary,
            "silver": silver,
            "unlabelled": unlabelled,
            "encoder": str(encoder),
            "model": model,
        }
    )


@pytest.fixture(autouse=True)
def _at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in the configs count from the repository's root."""
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_shipped_config_is_ready_to_train(path: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    config = load_config(path)
    assert config.output == f"runs/{path.stem}"
    run = prepare(_tiny(config, tiny_encoder, tmp_path))
    more = [kind for kind in ("silver", "swapped") if getattr(config, kind)]
    words = [MASKED_WORDS] if config.unlabelled else []
    assert [t.label for t in run.tasks] == ["train", *more, *config.auxiliary, *words]
    assert all(t.documents for t in run.tasks)
    assert len(run.plan) == (config.max_steps or len(run.plan)) > 0
    read = {row for batch in run.plan for row in batch}
    assert read <= set(range(len(run.dataset)))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_shipped_config_names_files_that_are_there(path: Path) -> None:
    config = load_config(path)
    named = [*config.train, *config.dev, *config.apart]
    named += [f for a in config.auxiliary.values() for f in a.train]
    shared, made = Path("../shared"), Path("runs")
    for name in named:
        # What is made by the commands that the config's comment names is not here yet.
        if Path(name).is_relative_to(made):
            continue
        if shared.is_dir() or not Path(name).is_relative_to(shared):
            assert Path(name).is_file(), name


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_shipped_config_names_types_that_the_corpus_marks(path: Path) -> None:
    config = load_config(path)
    parts = [(a.train, a.annotations) for a in config.auxiliary.values()]
    parts += [(config.train, config.annotations)] if config.annotations else []
    for files, annotations in parts:
        named = {*annotations.mention_types, *annotations.undirected}
        if not named:
            continue
        if not all(map(os.path.isfile, files)):
            pytest.skip("the corpora are not here")
        counts = Counter(kind for file in files for kind in _types(file))
        assert all(counts[kind] >= annotations.least_count for kind in named), counts


def _types(path: str) -> list[str]:
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return re.findall(r'"type": ?"([^"]+)"', lines.read())


def test_shipped_config_comments_say_what_it_is() -> None:
    assert {"smoke", "cto", "multitask"} <= {p.stem for p in CONFIGS}
    for path in CONFIGS:
        assert path.read_text(encoding="utf-8").startswith("# "), path
