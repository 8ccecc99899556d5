from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from il12nlp import formats
from il12nlp.document import Document, Mention
from il12nlp.model.loading import load_model, load_tokenizer
from il12nlp.training.config import TrainConfig
from il12nlp.training.single import MENTION_FIGURES, RELATION_FIGURES, measure
from il12nlp.training.tasks import load_dev
from tests.cli.conftest import Run
from tests.training.samples import binding_gold, binding_model, write


@pytest.fixture(scope="session")
def binding_folder(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one mention type and an undirected relation."""
    return binding_model(tmp_path_factory.mktemp("binding") / "model", tiny_encoder)


def test_evaluate_names_a_wrong_output_before_it_annotates(run: Run, annotated: Path) -> None:
    result = run("evaluate", annotated, "-m", "nowhere", "-o", "figures.docx")
    assert result.exit_code == 2
    assert ".docx" in result.stderr


def test_evaluate_does_not_write_over_what_it_reads(run: Run, annotated: Path) -> None:
    before = annotated.read_bytes()
    result = run("evaluate", annotated, "-m", "dictionary", "-o", annotated)
    assert result.exit_code == 2
    assert "would take the place of an input" in result.stderr
    assert annotated.read_bytes() == before


def test_evaluate_scores_a_file_against_gold(run: Run, annotated: Path) -> None:
    result = run("evaluate", annotated, "--predicted", annotated, "--json")
    figures = json.loads(result.stdout)
    assert figures["ner.strict"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "gold": 6}
    assert figures["study.accuracy"] == 1.0


def test_evaluate_runs_a_model_on_the_gold_texts(
    run: Run, annotated: Path, model_folder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "predicted.jsonl"
    result = run("evaluate", annotated, "-m", model_folder, "-o", kept, "--samples", 50)
    assert result.exit_code == 0
    assert "ner.strict" in result.stdout
    [document] = formats.read_documents([kept])
    [gold] = formats.read_documents([annotated])
    assert (document.text, document.sentences) == (gold.text, gold.sentences)


def test_evaluate_runs_the_dictionary_in_a_models_place(run: Run, annotated: Path) -> None:
    result = run("evaluate", annotated, "-m", "dictionary", "--json")
    figures = json.loads(result.stdout)
    assert figures["ner.CYTOKINE"]["r"] == 1.0
    assert figures["rel.strict"]["r"] == 0.0


def test_evaluate_stops_at_a_bad_gold_record(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "1", "text": "IL-2"}\n{"id": "2"}\n')
    result = run("evaluate", path, "--predicted", path)
    assert result.exit_code == 1
    assert f"{path}:2" in result.stderr


def test_evaluate_judges_a_model_by_its_own_schema_as_training_does(
    run: Run, binding_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dev = write(tmp_path / "dev.jsonl", binding_gold(binding_folder))
    annotations = {"mention_types": ["Protein"], "relations": True, "undirected": ["Bind"]}
    config = TrainConfig.model_validate(
        {"output": "unused", "train": ["unused"], "dev": [dev], "annotations": annotations}
    )
    model, tokenizer = load_model(binding_folder), load_tokenizer(binding_folder)
    trained = measure(model, tokenizer, load_dev(config))
    assert trained["ner.strict"] == 1.0 > trained["rel.strict"] > 0.5

    result = run("evaluate", dev, "-m", binding_folder, "--device", "cpu", "--json")
    figures = json.loads(result.stdout)
    for name in (*MENTION_FIGURES, *RELATION_FIGURES):
        assert round(figures[name]["f1"], 4) == trained[name]
    assert "ner.Chemical" not in figures
    assert "effects" not in figures
    assert "does not know these types of gold: Chemical (4)" in caplog.text


def test_evaluate_hands_precision_and_terms_to_the_pipeline(
    run: Run, annotated: Path, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from il12nlp import pipeline

    terms = tmp_path / "terms.tsv"
    terms.write_text("type\tterm\tid\nOUTCOME\ttumor growth\tX:1\n")
    asked: list[object] = []
    loads = pipeline.load

    def load(*arguments: Any, **options: Any) -> pipeline.Pipeline:
        asked.append(options)
        return loads(*arguments, **options)

    monkeypatch.setattr(pipeline, "load", load)
    options = ("--precision", "float32", "--terms", terms)
    assert run("evaluate", annotated, "-m", model_folder, *options, "--json").exit_code == 0
    assert asked == [{"precision": "float32", "terms": str(terms)}]


def test_evaluate_gives_the_dictionary_terms_too(run: Run, tmp_path: Path) -> None:
    text = "Zyxomab was given."
    mention = Mention("T1", 0, 7, "THERAPY", "Zyxomab")
    gold = write(tmp_path / "gold.jsonl", [Document("1", text, mentions=(mention,))])
    terms = tmp_path / "terms.tsv"
    terms.write_text("type\tterm\tid\nTHERAPY\tzyxomab\tX:1\n")
    result = run("evaluate", gold, "-m", "dictionary", "--terms", terms, "--json")
    assert json.loads(result.stdout)["ner.THERAPY"]["r"] == 1.0


def test_evaluate_refuses_gold_that_is_none(run: Run) -> None:
    gold = "corpora/demo/export.nbib"
    result = run("evaluate", gold, "-m", "nowhere")
    assert result.exit_code == 1
    assert f"{gold}: none of the 4 documents has gold annotations" in result.stderr


def test_evaluate_names_a_gold_document_that_stands_twice_before_it_annotates(
    run: Run, annotated: Path, il12_document: Document, tmp_path: Path
) -> None:
    again = write(tmp_path / "again.jsonl", [il12_document])
    for options in (["--predicted", annotated], ["-m", "nowhere"]):
        result = run("evaluate", annotated, again, *options)
        assert result.exit_code == 1
        assert f"{annotated}, {again}: '{il12_document.id}' stands twice" in result.stderr


@pytest.mark.parametrize("option", [("--model", "x"), ("--terms", "x"), ("--precision", "int8")])
def test_evaluate_takes_a_file_or_a_model(run: Run, annotated: Path, option: tuple[str]) -> None:
    result = run("evaluate", annotated, "--predicted", annotated, *option)
    assert result.exit_code == 2
    assert f"'--predicted' / '{option[0]}': a file is scored in a model's place" in result.stderr


def test_evaluate_tells_how_many_gold_documents_a_file_lacks(
    run: Run, annotated: Path, il12_document: Document, tmp_path: Path
) -> None:
    other = il12_document.replace(id="made-up-2")
    gold = write(tmp_path / "gold.jsonl", [il12_document, other])
    result = run("evaluate", gold, "--predicted", annotated, "--json")
    assert result.exit_code == 0
    assert "1 of 2 gold documents are not in" in result.stderr
    assert "(made-up-2, …)" in result.stderr
    gold = write(tmp_path / "gold.jsonl", [other])
    result = run("evaluate", gold, "--predicted", annotated, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{annotated}: none of its 1 ids (made-up-1, …)" in result.stderr
