from pathlib import Path

from il12nlp.training.run import train
from tests.training.samples import tiny_config


def test_train_takes_the_mean_over_seeds_where_the_config_names_some(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    config = tiny_config(tmp_path, tiny_encoder, auxiliary={}, dev=[], max_steps=1)
    assert train(config).model == tmp_path / "output" / "model"
    assert not list((tmp_path / "output").glob("seed-*"))
    several = config.model_copy(update={"output": str(tmp_path / "several"), "seeds": [1, 2]})
    assert train(several).model == tmp_path / "several" / "model"
    runs = {path.name for path in (tmp_path / "several").glob("seed-*")}
    assert runs == {"seed-1", "seed-2"}
