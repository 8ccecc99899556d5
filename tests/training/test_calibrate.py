from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from il12nlp import formats
from il12nlp.document import Document, Mention, Relation, Sentence
from il12nlp.errors import InputError, ModelError
from il12nlp.model.loading import load_model, load_predictor
from il12nlp.model.predict import Predictor
from il12nlp.schema import CTO
from il12nlp.training.building import save_model
from il12nlp.training.calibrate import calibrate_model
from tests.scripts import load_script
from tests.training.samples import binding_gold, binding_model


@pytest.fixture(scope="module")
def trained(tiny_parts: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained tiny model that marks a fair number of spans, on disk."""
    folder = tmp_path_factory.mktemp("calibrate") / "model"
    save_model(*tiny_parts, folder)
    model = load_model(folder)
    with torch.no_grad():
        torch.manual_seed(4)
        model.heads.mentions.tags.weight.normal_(std=0.4)
        model.heads.relations.labels.weight.normal_(std=1.0)
    model.config.thresholds = {"INCREASES": 0.25}
    model.save_pretrained(folder)
    return folder


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    import shutil

    return Path(shutil.copytree(trained, tmp_path / "model"))


@pytest.fixture(scope="module")
def gold(trained: Path) -> list[Document]:
    """What the model itself finds, every second document shorn of its annotations."""
    texts = [
        "IL-12 plus anti-PD-1\nIL-12 reduced tumor growth. Survival was unchanged.",
        "IFN-γ rose; TNF‑α fell. NK cells were not changed by GM-CSF in B16 melanoma.",
        "Mice were given interleukin-12 (rIL-12) i.p. daily. " * 3,
        "IL-2 and IL-15 raised NK cytotoxicity in patients. Fever was common.",
    ]
    bare = [Document(f"d{n}", text) for n, text in enumerate(texts)]
    from il12nlp.text.sentences import with_sentences

    found = load_predictor(trained, device="cpu").predict(list(with_sentences(bare)))
    return [d if n % 2 else d.replace(mentions=(), relations=()) for n, d in enumerate(found)]


def config(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "config.json").read_text(encoding="utf-8"))


def found(folder: Path, gold: list[Document]) -> list[Document]:
    return load_predictor(folder, device="cpu").predict(gold)


def test_calibrate_changes_how_scores_are_read_and_nothing_else(
    folder: Path, gold: list[Document]
) -> None:
    before, plain = config(folder), found(folder, gold)
    calibrations = calibrate_model(folder, gold, device="cpu")
    after, scaled = config(folder), found(folder, gold)
    assert {key for key in after if before.get(key) != after[key]} == {"temperatures", "offsets"}
    for one, other in zip(plain, scaled, strict=True):
        assert [(m.start, m.end, m.type) for m in one.mentions] == [
            (m.start, m.end, m.type) for m in other.mentions
        ]
        assert [(r.type, r.head, r.tail) for r in one.relations] == [
            (r.type, r.head, r.tail) for r in other.relations
        ]
    for found_of in calibrations:
        assert after["temperatures"][found_of.kind] == found_of.scaling.temperature
        assert after["offsets"][found_of.kind] == found_of.scaling.offset
    scores = [[m.score for d in docs for m in d.mentions] for docs in (plain, scaled)]
    assert scores[0] != scores[1]


def test_calibrate_again_gives_the_same(folder: Path, gold: list[Document]) -> None:
    calibrate_model(folder, gold, device="cpu")
    first = config(folder)
    calibrate_model(folder, gold, device="cpu")
    assert config(folder) == first


def test_calibrate_sets_thresholds_for_a_precision(folder: Path, gold: list[Document]) -> None:
    before = config(folder)
    before["thresholds"]["OUTCOME"] = 0.01
    (folder / "config.json").write_text(json.dumps(before), encoding="utf-8")
    _, relations = calibrate_model(folder, gold, precision=0.3, device="cpu")
    thresholds = config(folder)["thresholds"]
    assert thresholds.pop("OUTCOME") == 0.01, "those of mentions are another matter"
    assert sorted(thresholds) == sorted(CTO.relation_types)
    reached = relations.thresholds
    assert 0 < len(reached) < len(thresholds)
    for name, score in thresholds.items():
        wanted = reached[name].score if name in reached else 1.0
        assert score == pytest.approx(wanted, abs=6e-5)


def test_threshold_keeps_the_least_item_that_it_was_made_of(
    tmp_path: Path, tiny_encoder: Path
) -> None:
    folder = binding_model(tmp_path / "model", tiny_encoder)
    gold = binding_gold(folder)
    plain = found(folder, gold)
    _, relations = calibrate_model(folder, gold, precision=0.51, device="cpu")
    least = relations.thresholds["Bind"].score
    wanted = sum(r.score >= least for d in plain for r in d.relations)
    assert sum(len(d.relations) for d in found(folder, gold)) == wanted


def test_older_config_without_offsets_loads(folder: Path, gold: list[Document]) -> None:
    plain = found(folder, gold)
    old = config(folder)
    del old["offsets"], old["temperatures"]
    (folder / "config.json").write_text(json.dumps(old), encoding="utf-8")
    assert found(folder, gold) == plain


def test_calibrate_refuses_a_model_that_finds_nothing(folder: Path, gold: list[Document]) -> None:
    before = config(folder)
    wordless = Document(
        "1",
        "  ",
        mentions=(Mention("T1", 0, 1, "CYTOKINE", " "), Mention("T2", 1, 2, "OUTCOME", " ")),
        relations=(Relation("R1", "INCREASES", "T1", "T2"),),
    )
    with pytest.raises(ModelError, match="finds nothing in these 1 documents"):
        calibrate_model(folder, [wordless], device="cpu")
    assert config(folder) == before


def test_calibrate_refuses_gold_by_which_all_would_be_wrong(
    folder: Path, gold: list[Document]
) -> None:
    before = config(folder)
    bare = [d.replace(mentions=(), relations=()) for d in gold]
    with pytest.raises(InputError, match=r"the 4 gold documents hold no mentions of .*CYTOKINE"):
        calibrate_model(folder, bare, device="cpu")
    names = [d.replace(relations=()) for d in gold]
    with pytest.raises(InputError, match=r"hold no relations of .*INCREASES"):
        calibrate_model(folder, names, device="cpu")
    assert config(folder) == before


def test_model_is_calibrated_by_its_own_schema(
    tmp_path: Path, tiny_encoder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = binding_model(tmp_path / "model", tiny_encoder)
    gold = binding_gold(folder)
    mentions, relations = calibrate_model(folder, gold, precision=0.3, device="cpu")
    assert (mentions.whole.accuracy, relations.whole.accuracy) == (1.0, 0.5)
    assert config(folder)["temperatures"]["relations"] < 20
    assert 0 < config(folder)["thresholds"]["Bind"] < 1
    assert "does not know these types of gold: Chemical (4)" in caplog.text


@pytest.fixture
def script() -> ModuleType:
    return load_script("calibrate")


def test_script_calibrates_and_says_what_it_gained(
    script: ModuleType,
    folder: Path,
    gold: list[Document],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "gold.jsonl"
    with formats.open_writer(path) as writer:
        for document in gold:
            writer.write(document)
    monkeypatch.setattr(sys, "argv", ["calibrate.py", str(folder), str(path), "--device", "cpu"])
    assert script.main() == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0].split()[:5] == ["items", "right", "ECE", "before", "ECE"]
    assert "OUTCOME" in told
    assert config(folder)["temperatures"]


def test_script_names_what_is_wrong(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["calibrate.py", "nowhere", "no.jsonl"])
    assert script.main() == 1
    assert "no.jsonl: no such file" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["calibrate.py", "nowhere", "corpora/demo/export.nbib"])
    assert script.main() == 1
    told = capsys.readouterr().err
    assert "corpora/demo/export.nbib: none of the 4 documents has gold annotations" in told
    monkeypatch.setattr(sys, "argv", ["calibrate.py", "nowhere", "no.jsonl", "--precision", "9"])
    with pytest.raises(SystemExit):
        script.main()
    assert "--precision 9.0 lies outside 0 to 1" in capsys.readouterr().err


def test_relations_that_annotating_leaves_out_are_not_calibrated(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "TNF-alpha and tumor necrosis factor alpha raised survival."
    found = Document(
        "1",
        text,
        sentences=(Sentence(0, len(text)),),
        mentions=(
            Mention("T1", 0, 9, "CYTOKINE", text[:9], 0.9),
            Mention("T2", 14, 41, "CYTOKINE", text[14:41], 0.9),
            Mention("T3", 49, 57, "OUTCOME", text[49:57], 0.9),
        ),
        relations=(
            Relation("R1", "INCREASES", "T1", "T3", score=0.6),
            Relation("R2", "INCREASES", "T2", "T3", score=0.8),
        ),
    ).check()
    monkeypatch.setattr(Predictor, "predict", lambda *_: [found])
    mentions, relations = calibrate_model(folder, [found], device="cpu")
    assert (mentions.whole.count, relations.whole.count) == (3, 1)
