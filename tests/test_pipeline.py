from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch

import il12nlp.pipeline
from il12nlp.document import Document, Mention, Relation
from il12nlp.errors import InputError
from il12nlp.findings.least_score import scored_at_least
from il12nlp.formats import Failure
from il12nlp.formats.base import content_id
from il12nlp.model.predict import Predictor
from il12nlp.pipeline import KNOWN_SCORE, READ_AHEAD, Pipeline, as_document
from il12nlp.schema import CTO
from il12nlp.training.building import save_model

TITLE = "IL-12 plus anti-PD-1 in melanoma"
ABSTRACT = "IL-12 reduced tumor growth. Survival was not changed by anti-PD-1."


@pytest.fixture
def pipeline(tiny_parts: tuple[Any, Any]) -> Pipeline:
    model, tokenizer = tiny_parts
    with torch.no_grad():
        torch.manual_seed(4)
        model.heads.mentions.tags.weight.normal_(std=0.4)
        model.heads.relations.labels.weight.normal_(std=1.0)
    return Pipeline(Predictor(model, tokenizer))


def test_annotate_takes_a_text(pipeline: Pipeline) -> None:
    text = f"{TITLE}\n{ABSTRACT}"
    document = pipeline.annotate(text)
    assert document.check(CTO).text == text
    assert [p.kind for p in document.passages] == ["title", "abstract"]
    assert len(document.sentences) == 3
    assert document.mentions
    assert document.id == pipeline.annotate(text).id


def test_annotate_keeps_a_documents_own_fields(pipeline: Pipeline) -> None:
    given = Document.from_text(TITLE, ABSTRACT, id="7", pmid="7", meta={"year": 2001})
    document = pipeline.annotate(given)
    assert (document.id, document.pmid, document.meta) == ("7", "7", {"year": 2001})


def test_annotate_leaves_out_what_scores_below(pipeline: Pipeline) -> None:
    text = f"{TITLE}\n{ABSTRACT}"
    whole = pipeline.annotate(text)
    scores = sorted(f.score for f in whole.findings)
    assert len(scores) > 1
    strict = Pipeline(pipeline.predictor, min_score=scores[-1])
    for kept in (strict.annotate(text), *strict.annotate_many([text])):
        assert kept == scored_at_least(whole, scores[-1])
        assert 0 < len(kept.findings) < len(scores)


def test_an_agent_named_twice_in_a_sentence_is_linked_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Interleukin 2 (IL-2) raised survival."
    mentions = (
        Mention("T1", 0, 13, "CYTOKINE", text[0:13]),
        Mention("T2", 15, 19, "CYTOKINE", text[15:19]),
        Mention("T3", 28, 36, "OUTCOME", text[28:36]),
    )
    relations = (
        Relation("R1", "INCREASES", "T1", "T3", score=0.6),
        Relation("R2", "INCREASES", "T2", "T3", score=0.8),
    )

    def predict(documents: Sequence[Document], **_: object) -> list[Document]:
        return [d.replace(mentions=mentions, relations=relations) for d in documents]

    monkeypatch.setattr(pipeline.predictor, "predict", predict)
    document = pipeline.annotate(text)
    assert [r.id for r in document.relations] == ["R2"]
    assert [f.relations for f in document.findings] == [("R2",)]


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_min_score_outside_0_to_1_is_refused_at_once(score: float) -> None:
    with pytest.raises(ValueError, match=r"min_score .* lies outside 0 to 1"):
        il12nlp.pipeline.load("no such model", min_score=score)
    for call in (il12nlp.pipeline.annotate, il12nlp.pipeline.annotate_many):
        with pytest.raises(ValueError, match="min_score"):
            call("IL-12", min_score=score)


def test_annotate_refuses_what_is_no_text(pipeline: Pipeline) -> None:
    with pytest.raises(TypeError, match="item 1: a text or a Document was expected, not int: 12"):
        list(pipeline.annotate_many(["IL-12", 12]))  # type: ignore[list-item]


@pytest.mark.parametrize(
    "text",
    ["", "\n", "IL-12", "\x00\x01", "\ud800", "IL-12\r\nwas\r\ngiven.", "白介素12治疗黑色素瘤"],
)
def test_annotate_survives_odd_texts(pipeline: Pipeline, text: str) -> None:
    assert pipeline.annotate(text).check(CTO).text == text


def test_annotate_many_keeps_order_and_reads_ahead_no_further_than_it_says(
    pipeline: Pipeline,
) -> None:
    taken = 0

    def texts() -> Iterator[str]:
        nonlocal taken
        for i in range(3 * READ_AHEAD):
            taken += 1
            yield f"IL-{i} was given"

    found = pipeline.annotate_many(texts())
    assert next(found).text == "IL-0 was given"
    assert taken <= 2 * READ_AHEAD
    assert [d.text for d in found] == [f"IL-{i} was given" for i in range(1, 3 * READ_AHEAD)]


def test_lanes_find_what_one_finds(pipeline: Pipeline) -> None:
    texts = [f"IL-{i} was given to {'many ' * (i % 7)}patients with melanoma." for i in range(60)]
    one, many = (
        list(Pipeline(pipeline.predictor, linker=pipeline.linker, lanes=n).annotate_many(texts))
        for n in (1, 3)
    )
    assert [d.text for d in many] == texts
    for a, b in zip(one, many, strict=True):
        assert [(m.start, m.end, m.type) for m in a.mentions] == [
            (m.start, m.end, m.type) for m in b.mentions
        ]


def test_annotate_records_passes_failures_on_in_their_place(pipeline: Pipeline) -> None:
    failure = Failure("a.xml", 3, "11", "neither title nor abstract")
    records = [Document("1", "IL-2"), failure, Document("2", "IL-4")]
    assert [getattr(r, "id", None) for r in pipeline.annotate_records(records)] == ["1", "11", "2"]


def test_annotate_many_of_nothing_gives_nothing(pipeline: Pipeline) -> None:
    assert list(pipeline.annotate_many([])) == []


def test_annotate_many_refuses_one_text(pipeline: Pipeline) -> None:
    with pytest.raises(TypeError, match="not one text"):
        pipeline.annotate_many("IL-12 was given")


def test_annotate_lets_threads_take_turns(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, inside, most = pipeline.linker.link, 0, 0

    def slow(*arguments: Any) -> Document:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.02)
        inside -= 1
        return link(*arguments)

    monkeypatch.setattr(pipeline.linker, "link", slow)
    texts = [f"IL-{i} rose" for i in range(6)]
    with ThreadPoolExecutor(6) as threads:
        assert [d.text for d in threads.map(pipeline.annotate, texts)] == texts
    assert most == 1


def test_default_pipeline_is_loaded_once_for_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []

    def slow() -> object:
        time.sleep(0.02)
        loaded.append(object())
        return loaded[-1]

    monkeypatch.setattr(il12nlp.pipeline, "load", slow)
    il12nlp.pipeline._bundled.cache_clear()
    try:
        with ThreadPoolExecutor(4) as threads:
            got = list(threads.map(lambda _: il12nlp.pipeline._default(), range(4)))
    finally:
        il12nlp.pipeline._bundled.cache_clear()
    assert got == loaded * 4


def test_load_reads_the_terms_before_the_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"terms\.tsv"):
        il12nlp.pipeline.load(tmp_path / "no model", terms=tmp_path / "terms.tsv")


def test_cytokines_of_the_dictionary_and_of_the_user_are_always_found(
    tiny_parts: tuple[Any, Any], tmp_path: Path
) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("type\tterm\tid\nCYTOKINE\tfookine-3\tMY:1\n")
    model, tokenizer = deepcopy(tiny_parts[0]), tiny_parts[1]  # other tests share the parts
    with torch.no_grad():
        model.heads.mentions.tags.weight.zero_()
        model.heads.mentions.tags.bias.copy_(torch.tensor([9.0, 0, 0] * 5))  # finds nothing
    folder = save_model(model, tokenizer, tmp_path / "model")
    loaded = il12nlp.pipeline.load(folder, "cpu", terms=terms)
    document = loaded.annotate("Fookine-3 and IL-12 cured mice.")
    assert [(m.text, m.type, m.score) for m in document.mentions] == [
        ("Fookine-3", "CYTOKINE", KNOWN_SCORE),
        ("IL-12", "CYTOKINE", KNOWN_SCORE),
    ]
    assert next(m.concept.id for m in document.mentions if m.concept) == "MY:1"


def test_annotate_records_loses_one_document_and_no_other(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    link = pipeline.linker.link

    def fails_on_one(document: Document, *rest: Any) -> Document:
        if document.id == "3":
            raise ValueError("of no use")
        return link(document, *rest)

    monkeypatch.setattr(pipeline.linker, "link", fails_on_one)
    found = list(pipeline.annotate_records(Document(str(i), "IL-2 rose") for i in range(6)))
    failed = [r for r in found if isinstance(r, Failure)]
    assert [r.id for r in found] == ["0", "1", "2", "3", "4", "5"]
    assert [(f.id, f.reason) for f in failed] == [
        ("3", "cannot be annotated (ValueError: of no use)")
    ]
    assert capfd.readouterr().err == ""


def test_as_document_gives_the_id_that_a_reader_gives() -> None:
    assert as_document("IL-12 rose.").id == content_id("IL-12 rose.")


def test_as_document_takes_no_paragraph_for_a_title() -> None:
    paragraph = "IL-12 was given to mice. " * 30
    assert as_document(f"{paragraph}\nTumors shrank.").passages == ()


def test_as_document_takes_the_first_line_for_the_title() -> None:
    assert [p.kind for p in as_document("One\nTwo three.").passages] == ["title", "abstract"]
    assert as_document("One line only.").passages == ()
    assert as_document("Line\n").text == "Line\n"
