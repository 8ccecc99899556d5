import hashlib
import json
from pathlib import Path

import pytest

from il12nlp.errors import ConfigError, OutputError
from il12nlp.training.average import FILE
from il12nlp.training.config import TrainConfig, load_config
from il12nlp.training.output import Figures, open_output, write_record


def _config(output: Path, **changes: object) -> TrainConfig:
    return TrainConfig.model_validate({"output": str(output), "train": ["x"], **changes})


def _checkpoint(folder: Path, step: int, *, whole: bool = True) -> Path:
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    if whole:
        (path / FILE).touch()
    return path


def test_output_is_made(tmp_path: Path) -> None:
    assert open_output(_config(tmp_path / "a" / "b"), resume=False) is None
    assert (tmp_path / "a" / "b").is_dir()


def test_output_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(OutputError, match=f"{tmp_path / 'a'}: cannot be made"):
        open_output(_config(tmp_path / "a"), resume=False)


def test_output_with_checkpoints_is_refused_without_resume(tmp_path: Path) -> None:
    _checkpoint(tmp_path, 20)
    with pytest.raises(ConfigError, match=f"{tmp_path}: holds checkpoint-20 .* --resume"):
        open_output(_config(tmp_path), resume=False)


def test_resume_takes_the_last_whole_checkpoint(tmp_path: Path) -> None:
    _checkpoint(tmp_path, 9)
    _checkpoint(tmp_path, 20)
    _checkpoint(tmp_path, 30, whole=False)
    found = open_output(_config(tmp_path), resume=True)
    assert found == tmp_path / "checkpoint-20"


def test_resume_without_a_checkpoint_starts_anew(tmp_path: Path) -> None:
    assert open_output(_config(tmp_path), resume=True) is None
    _checkpoint(tmp_path, 30, whole=False)
    assert open_output(_config(tmp_path), resume=True) is None


def test_resume_with_other_settings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    train = tmp_path / "train.txt"
    train.write_text("x")
    then = _config(tmp_path, train=[str(train)])
    write_record(then, steps=3, documents={"train": 1})
    _checkpoint(tmp_path, 20)
    changed = then.model_copy(update={"epochs": 9.0})
    with pytest.raises(ConfigError, match=r"other settings \(epochs: was 8.0, is 9.0\)"):
        open_output(changed, resume=True)
    free = then.model_copy(update={"checkpoint_steps": 7, "precision": "bfloat16"})
    assert open_output(free, resume=True) == tmp_path / "checkpoint-20"


@pytest.mark.parametrize(
    "corpus", ["train", "dev", "apart", "silver", "unlabelled", "auxiliary.drugs"]
)
def test_resume_with_other_data_is_refused_by_name(tmp_path: Path, corpus: str) -> None:
    folders = {}
    for name in ("train", "dev", "apart", "silver", "unlabelled", "drugs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(name)
        folders[name] = [str(tmp_path / name)]
    config = _config(
        tmp_path / "output",
        **{name: folders[name] for name in ("train", "dev", "apart")},
        silver={"train": folders["silver"]},
        unlabelled={"train": folders["unlabelled"]},
        auxiliary={"drugs": {"train": folders["drugs"]}},
    )
    checkpoint = _checkpoint(tmp_path / "output", 20)
    write_record(config, steps=3, documents={"train": 1})
    assert open_output(config, resume=True) == checkpoint
    place = tmp_path / corpus.rpartition(".")[2]
    for change, state in (
        (lambda: (place / "b.txt").write_text("x"), r"b\.txt of {} is new"),
        (lambda: (place / "b.txt").replace(place / "a.txt"), r"a\.txt of {} changed"),
        (lambda: (place / "a.txt").rename(place / "c.txt"), r"a\.txt of {} is gone"),
    ):
        change()
        with pytest.raises(ConfigError, match=state.format(corpus)):
            open_output(config, resume=True)


def test_resume_reads_the_record_of_an_earlier_version(tmp_path: Path) -> None:
    config = _config(tmp_path, apart=["y"])
    checkpoint = _checkpoint(tmp_path, 20)
    write_record(config, steps=3, documents={"train": 1})
    (tmp_path / "run.json").write_text('{"files": {"train": {}, "dev": {}}}')
    assert open_output(config, resume=True) == checkpoint
    (tmp_path / "run.json").write_text("[")
    with pytest.raises(ConfigError, match=r"run\.json: is no record of a run"):
        open_output(config, resume=True)


def test_record_holds_what_a_run_depends_on(tmp_path: Path) -> None:
    train = tmp_path / "train.txt"
    train.write_bytes(b"IL-12")
    config = _config(tmp_path, train=[str(train)], seed=5)
    write_record(config, steps=3, documents={"train": 1})
    record = json.loads((tmp_path / "run.json").read_text())
    assert (record["seed"], record["steps"], record["documents"]) == (5, 3, {"train": 1})
    digest = hashlib.sha256(b"IL-12").hexdigest()
    assert record["files"] == {"train": {str(train): digest}, "dev": {}, "apart": {}}
    assert {"il12nlp", "python", "torch", "transformers"} <= record["versions"].keys()
    assert load_config(tmp_path / "config.yaml") == config


def test_figures_of_a_new_run_replace_those_of_an_earlier_one(tmp_path: Path) -> None:
    first = Figures(tmp_path, step=0)
    for epoch in (1, 2, 3):
        first.add({"epoch": epoch, "step": epoch * 10, "ner.strict": 0.5})
    again = Figures(tmp_path, step=20)
    assert [row["epoch"] for row in again.rows] == [1, 2]
    again.add({"epoch": 3, "step": 30})
    lines = (tmp_path / "dev.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]
    assert Figures(tmp_path, step=0).rows == []
