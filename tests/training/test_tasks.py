import logging
from pathlib import Path
from typing import Any

import pytest

from il12nlp.document import Document
from il12nlp.errors import ConfigError, DataLeakError, InputError
from il12nlp.training.config import TrainConfig
from il12nlp.training.single import prepare
from il12nlp.training.sources import UnlabelledConfig
from il12nlp.training.tasks import load_dev, load_tasks
from tests.training.samples import invented, tiny_config, write

DRUGS = ("Drug", "Effect")


def _own(folder: Path, **annotations: Any) -> TrainConfig:
    """A config for four documents of two types that are not CTO's, with dev."""
    documents = [invented(n, kinds=DRUGS) for n in range(6)]
    settings = {
        "output": "x",
        "train": [write(folder / "train.jsonl", documents[:4])],
        "dev": [write(folder / "dev.jsonl", documents[4:])],
        "annotations": {"least_count": 1, **annotations},
    }
    return TrainConfig.model_validate(settings)


def test_tasks_are_the_own_one_and_each_auxiliary(tmp_path: Path, tiny_encoder: Path) -> None:
    config = tiny_config(tmp_path, tiny_encoder)
    own, drugs = load_tasks(config, load_dev(config))
    assert (own.name, own.schema.name, len(own.documents)) == (None, "cto", 6)
    assert (drugs.name, drugs.schema.mention_types, drugs.schema.relations) == ("drugs", DRUGS, ())


def test_leak_into_the_own_task_stops_the_run(tmp_path: Path, tiny_encoder: Path) -> None:
    config = tiny_config(tmp_path, tiny_encoder)
    config = config.model_copy(update={"dev": config.train})
    with pytest.raises(DataLeakError, match="made-up-0, made-up-1"):
        prepare(config)


def test_auxiliary_corpus_loses_what_stands_in_dev(tmp_path: Path, tiny_encoder: Path) -> None:
    config = tiny_config(tmp_path, tiny_encoder)
    shared = write(tmp_path / "dev2.jsonl", [invented(20), invented(40)])
    _, drugs = load_tasks(config, load_dev(config.model_copy(update={"dev": [shared]})))
    assert [d.id for d in drugs.documents] == ["made-up-21", "made-up-22"]


def test_what_is_kept_apart_is_never_trained_on(tmp_path: Path, tiny_encoder: Path) -> None:
    later = write(tmp_path / "later.jsonl", [invented(20), invented(41)])
    config = tiny_config(tmp_path, tiny_encoder, apart=[later])
    _, drugs = load_tasks(config, load_dev(config))
    assert [d.id for d in drugs.documents] == ["made-up-21", "made-up-22"]
    with pytest.raises(DataLeakError, match="made-up-0"):
        load_tasks(config.model_copy(update={"apart": config.train}), [])


def test_swapped_copies_teach_the_own_heads(tmp_path: Path, tiny_encoder: Path) -> None:
    swapped = {"types": ["CYTOKINE"], "names": 1.0, "share": 0.5}
    config = tiny_config(tmp_path, tiny_encoder, swapped=swapped)
    own, copies, _ = load_tasks(config, load_dev(config))
    assert [t.label for t in (own, copies)] == ["train", "swapped"]
    assert (copies.name, copies.schema, copies.share) == (None, own.schema, 0.5)
    assert len(copies.documents) == len(own.documents)
    texts = {d.text for d in own.documents}
    others = [d for d in copies.documents if d.text not in texts]
    assert others
    assert all(d.check().pmid is None for d in others)


def test_swapped_types_must_be_the_tasks(tmp_path: Path, tiny_encoder: Path) -> None:
    config = tiny_config(tmp_path, tiny_encoder, swapped={"types": ["DRUG"]})
    with pytest.raises(ConfigError, match="'DRUG' is none of the task's types"):
        load_tasks(config, [])


def test_silver_teaches_the_own_heads_and_loses_what_stands_in_train_or_dev(
    tmp_path: Path, tiny_encoder: Path
) -> None:
    path = write(tmp_path / "silver.jsonl", [invented(n) for n in (0, 10, 30, 31)])
    config = tiny_config(tmp_path, tiny_encoder, silver={"train": [path], "share": 0.5})
    own, silver, drugs = load_tasks(config, load_dev(config))
    assert [d.id for d in silver.documents] == ["made-up-30", "made-up-31"]
    assert (silver.name, silver.schema, silver.share) == (None, own.schema, 0.5)
    assert [t.label for t in (own, silver, drugs)] == ["train", "silver", "drugs"]
    run = prepare(config)
    tasks = [run.dataset[batch[0]]["task"] for batch in run.plan]
    assert tasks.count("") > tasks.count("drugs")
    read = [i for batch in run.plan for i in batch if i in (6, 7)]
    assert len(read) == config.epochs  # one of the two in each epoch


def test_annotations_that_are_not_learnt_are_told(
    tmp_path: Path, tiny_encoder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    documents = [invented(1), invented(2, kinds=("CYTOKINE", "DRUG"))]
    path = write(tmp_path / "mixed.jsonl", documents)
    caplog.set_level(logging.INFO, logger="il12nlp")
    prepare(tiny_config(tmp_path, tiny_encoder, train=[path], auxiliary={}))
    (told,) = [line for line in caplog.messages if line.startswith("train: ")]
    assert "1 mentions left out that the schema lacks (DRUG 1)" in told


def test_training_data_without_mentions_is_refused(tmp_path: Path, tiny_encoder: Path) -> None:
    bare = [invented(n).replace(mentions=(), relations=()) for n in range(3)]
    path = write(tmp_path / "bare.jsonl", bare)
    with pytest.raises(ConfigError, match="train: the 3 documents hold no mention of CYTOKINE"):
        prepare(tiny_config(tmp_path, tiny_encoder, train=[path]))
    with pytest.raises(ConfigError, match=r"auxiliary\.x: no mention type stands at least 20"):
        prepare(tiny_config(tmp_path, tiny_encoder, auxiliary={"x": {"train": [path]}}))


@pytest.mark.parametrize("place", ["silver", "unlabelled", "auxiliary.x"])
def test_corpus_of_which_nothing_is_left_is_refused(
    tmp_path: Path, tiny_encoder: Path, place: str
) -> None:
    corpus: dict[str, Any] = {"train": [write(tmp_path / "held.jsonl", [invented(10)])]}
    section, _, name = place.partition(".")
    changes = {section: {name: corpus} if name else corpus}
    with pytest.raises(ConfigError, match=rf"{place}\.train: no document is left, as 1 stand"):
        prepare(tiny_config(tmp_path, tiny_encoder, **changes))


@pytest.mark.parametrize(
    ("annotations", "problem"),
    [
        ({"mention_types": ["Drgu"]}, "annotations: no mention type stands"),
        ({"mention_types": ["Drug", "X"]}, "annotations.mention_types: 'X' .* found: Drug"),
        ({"mention_types": ["Drug"], "relations": True}, "annotations.relations: none between"),
        ({"relations": True, "undirected": ["X"]}, "undirected: 'X' .* found: DECREASES"),
        ({"least_count": 5}, r"at least 5 times \(least_count\)"),
    ],
)
def test_annotations_that_the_files_do_not_hold_are_refused(
    tmp_path: Path, annotations: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ConfigError, match=problem):
        load_tasks(_own(tmp_path, **annotations), [])


def test_dev_gold_is_what_the_task_asks_for(tmp_path: Path) -> None:
    one = load_dev(_own(tmp_path, mention_types=["Drug"]))
    assert {m.type for d in one for m in d.mentions} == {"Drug"}
    assert not any(d.relations for d in one)
    both = load_dev(_own(tmp_path, relations=True))
    assert [len(d.relations) for d in both] == [1, 1]


def test_dev_with_one_id_twice_is_refused_before_training(tmp_path: Path) -> None:
    config = _own(tmp_path)
    write(tmp_path / "dev.jsonl", [invented(4), invented(4)])
    with pytest.raises(InputError, match="dev: 'made-up-4' stands twice"):
        load_dev(config)


def test_dev_without_annotations_is_refused_before_training(tmp_path: Path) -> None:
    config = _own(tmp_path)
    write(tmp_path / "dev.jsonl", [Document("made-up-4", "Aspirin cured headache.")])
    with pytest.raises(InputError, match="dev: none of the 1 documents has gold annotations"):
        load_dev(config)


def test_plan_without_a_batch_is_refused(tmp_path: Path, tiny_encoder: Path) -> None:
    with pytest.raises(ConfigError, match="make no batch"):
        prepare(tiny_config(tmp_path, tiny_encoder, epochs=0.01))


def test_unlabelled_texts_are_those_with_the_pattern_and_not_in_dev(
    tmp_path: Path, tiny_encoder: Path
) -> None:
    texts = [invented(n) for n in (0, 20, 30, 31)]
    path = write(tmp_path / "raw.jsonl", [*texts, Document(id="x", text="Nothing.")])
    dev = write(tmp_path / "held.jsonl", [invented(20)])
    settings = {"train": [path], "pattern": "IN MICE"}
    config = tiny_config(tmp_path, tiny_encoder, unlabelled=settings, dev=[dev])
    *_, words = load_tasks(config, load_dev(config))
    assert words.name == words.label == "masked-words"
    assert [d.id for d in words.documents] == ["made-up-0", "made-up-30", "made-up-31"]
    none = config.model_copy(
        update={"unlabelled": UnlabelledConfig(train=[path], pattern="not there")}
    )
    with pytest.raises(ConfigError, match=r"unlabelled\.pattern: 'not there' stands in no text"):
        prepare(none)
