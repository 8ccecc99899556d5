"""scripts/cut_sentences.py: what is annotated alone, each abstract on one side."""

import sys
from pathlib import Path

import pytest

from il12nlp import Document, formats
from il12nlp.document import Mention, Relation
from tests.scripts import load_script


def _two_drugs(number: int, *, pmid: str) -> Document:
    """An abstract whose second sentence alone is annotated."""
    text = f"Aspirin was given. Drug{number} and Other{number} were combined. Aspirin helped."
    start, end = 19, text.index(" Aspirin helped")
    spans = [(text.index(name), name) for name in (f"Drug{number}", f"Other{number}")]
    return Document(
        id=f"made-up-{number}",
        text=text,
        pmid=pmid,
        mentions=tuple(
            Mention(f"T{n}", at, at + len(name), "Drug", name)
            for n, (at, name) in enumerate(spans, start=1)
        ),
        relations=(Relation("R1", "COMB", "T1", "T2"),),
        meta={"sentence": [start, end]},
    ).check()


def test_sentences_are_cut_and_one_abstract_is_on_one_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, folder = tmp_path / "corpus.jsonl", tmp_path / "cut"
    # Two sentences of every abstract.
    corpus = [_two_drugs(n, pmid=str(100 + n // 2)) for n in range(40)]
    with formats.open_writer(str(source)) as writer:
        for document in corpus:
            writer.write(document)
    monkeypatch.setattr(sys, "argv", ["cut_sentences.py", str(source), str(folder)])
    assert load_script("cut_sentences").main() == 0
    train, dev = (formats.read_documents([str(folder / f"{n}.jsonl")]) for n in ("train", "dev"))
    assert (len(train), len(dev)) == (36, 4)
    assert not {d.pmid for d in train} & {d.pmid for d in dev}
    first = dev[0]
    assert first.text == "Drug0 and Other0 were combined."
    assert [(m.start, m.end, m.text) for m in first.mentions] == [
        (0, 5, "Drug0"),
        (10, 16, "Other0"),
    ]
    assert [(r.type, r.head, r.tail) for r in first.relations] == [("COMB", "T1", "T2")]


def test_document_without_a_sentence_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "corpus.jsonl"
    with formats.open_writer(str(source)) as writer:
        writer.write(_two_drugs(7, pmid="7").replace(meta={"sentence": [5, 900]}))
    monkeypatch.setattr(sys, "argv", ["cut_sentences.py", str(source), str(tmp_path / "cut")])
    assert load_script("cut_sentences").main() == 1
    assert "made-up-7: meta.sentence: [start, end] expected" in capsys.readouterr().err
    assert not (tmp_path / "cut").exists()
