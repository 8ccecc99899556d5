import json
import runpy
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertTokenizerFast

from il12nlp.document import Document, Sentence
from il12nlp.errors import ConfigError
from il12nlp.model.joint import JointModel
from il12nlp.model.loading import load_model, load_predictor, load_tokenizer
from il12nlp.training.alignment import align
from il12nlp.training.building import save_model
from il12nlp.training.vocabulary import carry_over, count_words, replacements
from tests.conftest import ROOT
from tests.model.test_predict import documents

WORDS = Counter({"interferon": 5, "melanoma": 3, "of": 9, "tumor": 4, "12": 20, "a": 30})


@pytest.fixture
def parts(tiny_parts: tuple[Any, Any]) -> tuple[JointModel, Any]:
    """The tiny model with a vocabulary of which three pieces are longer than a character."""
    model, tokenizer = tiny_parts
    pieces = dict(tokenizer.get_vocab())
    for old, new in {"$": "inter", "%": "of", "##@": "##feron", "&": "bathroom"}.items():
        pieces[new] = pieces.pop(old)
    backend = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    other = JointModel(model.config)
    other.load_state_dict(model.state_dict())
    return other, BertTokenizerFast(tokenizer_object=backend)


def cut(tokenizer: Any, text: str) -> list[str]:
    made: list[str] = tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).tokens
    return made


def test_words_are_counted_as_the_tokenizer_reads_them(parts: tuple[JointModel, Any]) -> None:
    counts = count_words(parts[1], [("Tumor of a TUMOR-1", 1), ("tumor", 3)])
    assert counts == {"tumor": 5, "of": 1, "a": 1, "-": 1, "1": 1}


def test_what_saves_most_comes_and_what_is_used_least_goes(parts: tuple[JointModel, Any]) -> None:
    # "melanoma" would save 3 times 7 pieces, "tumor" 4 times 4, "interferon" 5 times 1; "12" is no
    # word, and "bathroom" and what only "interferon" is made of are used by nothing else.
    assert replacements(parts[1], WORDS, number=1) == {"bathroom": "melanoma"}
    made = replacements(parts[1], WORDS, number=3)
    assert list(made.values()) == ["melanoma", "tumor", "interferon"]
    assert set(made) == {"bathroom", "inter", "##feron"}


def test_single_characters_and_special_tokens_stay(parts: tuple[JointModel, Any]) -> None:
    with pytest.raises(ConfigError, match=r"5 pieces cannot be exchanged: .* 4 pieces may go"):
        replacements(parts[1], Counter({w: 1 for w in ("aa", "bb", "cc", "dd", "ee")}), number=5)


def test_a_new_piece_is_the_mean_of_its_parts(
    parts: tuple[JointModel, Any], tmp_path: Path
) -> None:
    model, tokenizer = parts
    before = model.encoder.transformer.get_input_embeddings().weight.detach().clone()
    assert cut(tokenizer, "Interferon of") == ["inter", "##feron", "of"]
    carry_over(model, tokenizer, {"bathroom": "interferon"}, tmp_path / "new")
    made = load_tokenizer(tmp_path / "new")
    after = load_model(tmp_path / "new").encoder.transformer.get_input_embeddings().weight
    assert cut(made, "Interferon of") == ["interferon", "of"]
    assert cut(made, "interfered") == cut(tokenizer, "interfered")
    old, new = tokenizer.get_vocab(), made.get_vocab()
    assert len(new) == len(old)
    assert new["interferon"] == old["bathroom"]
    mean = before[[old["inter"], old["##feron"]]].mean(dim=0)
    assert torch.allclose(after[new["interferon"]], mean)
    kept = [i for i in range(len(before)) if i != new["interferon"]]
    assert torch.equal(after[kept], before[kept])


def test_states_of_words_come_nearer_to_those_of_the_old_vocabulary(
    parts: tuple[JointModel, Any], tmp_path: Path
) -> None:
    model, tokenizer = parts
    texts = documents()
    words = count_words(tokenizer, [(d.text, 1) for d in texts])
    teacher = JointModel(model.config)
    teacher.load_state_dict(model.state_dict())
    carry_over(model, tokenizer, replacements(tokenizer, words, number=3), tmp_path)

    def error(steps: int) -> float:
        learner = load_model(tmp_path), load_tokenizer(tmp_path)
        return align(learner, (teacher, tokenizer), texts, steps=steps)

    assert error(1) > 1e-4
    assert error(150) < 0.7 * error(1)


def test_script_writes_a_model_that_reads_with_the_new_pieces(
    parts: tuple[JointModel, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = save_model(*parts, tmp_path / "model")
    texts, held = tmp_path / "texts.jsonl", tmp_path / "held.jsonl"
    # Without the held-out text, and with those of the field counting three times, "melanoma" and
    # "glioblastoma" save most.
    rows = [
        {"id": "1", "text": "Melanoma and glioblastoma cancer"},
        {"id": "2", "text": "Mitochondria of mitochondria in mitochondria"},
        {"id": "3", "text": "Gardening gardening"},
    ]
    texts.write_text("\n".join(map(json.dumps, rows)))
    held.write_text(json.dumps(rows[1]))
    options = ["--texts", str(texts), "--apart", str(held), "--pieces", "2", "--steps", "2"]
    script = runpy.run_path(str(ROOT / "scripts" / "carry_vocabulary.py"))
    monkeypatch.setattr(sys, "argv", ["carry", str(model), str(tmp_path / "new"), *options])
    assert script["main"]() == 0
    assert "2 pieces exchanged" in capsys.readouterr().out
    made = load_predictor(tmp_path / "new", precision="float32")
    lengths = [
        len(made.featurizer([Document("1", word)])[0].piece_ids)
        for word in ("melanoma", "glioblastoma", "mitochondria", "gardening")
    ]
    assert lengths == [1, 1, 12, 9]
    assert made.predict([Document("1", "Melanoma cells", sentences=(Sentence(0, 14),))])


def test_script_tells_what_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "carry_vocabulary.py"))
    arguments = ["carry", str(tmp_path / "none"), str(tmp_path / "new"), "--texts", "nowhere.jsonl"]
    monkeypatch.setattr(sys, "argv", arguments)
    assert script["main"]() == 1
    assert f"error: {tmp_path / 'none'}" in capsys.readouterr().err


def test_texts_with_lone_surrogates_are_counted(parts: tuple[JointModel, Any]) -> None:
    assert count_words(parts[1], [("IL-2 \ud800 IL", 1)])["il"] == 2


def test_nothing_is_learnt_from_no_text(parts: tuple[JointModel, Any]) -> None:
    with pytest.raises(ConfigError, match="no text"):
        align(parts, parts, [], steps=1)


def test_other_tokenizers_are_refused_before_anything_is_written(
    parts: tuple[JointModel, Any], tmp_path: Path
) -> None:
    other = BertTokenizerFast(tokenizer_object=Tokenizer(models.BPE()))
    with pytest.raises(ConfigError, match="a BPE tokenizer"):
        carry_over(parts[0], other, {}, tmp_path / "new")
    assert not (tmp_path / "new").exists()
