import dataclasses
from typing import Any

import pytest

from il12nlp.document import Document
from il12nlp.errors import SchemaError
from il12nlp.model.features import Featurizer
from il12nlp.schema import CTO, Schema
from il12nlp.training.examples import (
    derived_schema,
    features_of,
    left_out,
    make_dataset,
    mentions_of,
)
from tests.training.samples import invented


@pytest.fixture(scope="module")
def featurizer(tiny_parts: tuple[Any, Any]) -> Featurizer:
    return Featurizer(tiny_parts[1])


def _row(document: Document, featurizer: Featurizer, schema: Schema = CTO) -> dict[str, Any]:
    dataset = make_dataset([document], schema, featurizer, task=None)
    row: dict[str, Any] = dataset[0]
    return row


def _surfaces(document: Document, row: dict[str, Any], schema: Schema = CTO) -> list[Any]:
    spans, found = features_of(row).word_spans, mentions_of(row)
    return [
        (schema.mention_types[kind], document.text[spans[first, 0] : spans[stop - 1, 1]])
        for first, stop, kind in zip(found.first, found.stop, found.types, strict=True)
    ]


def test_example_words_of_a_mention_give_its_surface(
    il12_document: Document, featurizer: Featurizer
) -> None:
    row = _row(il12_document, featurizer)
    by_place = sorted(il12_document.mentions, key=lambda m: m.start)
    assert _surfaces(il12_document, row) == [(m.type, m.text) for m in by_place]
    assert mentions_of(row).sentences.tolist() == [0, 0, 0, 1, 1, 2]


def test_example_names_are_equal_where_surfaces_are(
    il12_document: Document, featurizer: Featurizer
) -> None:
    names = mentions_of(_row(il12_document, featurizer)).names.tolist()
    assert names[0] == names[3]
    assert len(set(names)) == 5


def test_example_relations_point_at_sorted_mentions(
    il12_document: Document, featurizer: Featurizer
) -> None:
    turned = il12_document.replace(mentions=il12_document.mentions[::-1])
    label = {name: n for n, name in enumerate(CTO.relation_types, start=1)}
    assert sorted(_row(turned, featurizer)["relations"]) == [
        [0, 1, label["COMBINED_WITH"], 0],
        [0, 2, label["STUDIED_IN"], 0],
        [3, 4, label["DECREASES"], 0],
        [3, 5, label["NO_EFFECT"], 1],
    ]


def test_example_leaves_out_types_that_the_schema_lacks(
    il12_document: Document, featurizer: Featurizer
) -> None:
    schema = Schema.from_dict(
        {
            "name": "x",
            "mention_types": ["CYTOKINE", "OUTCOME"],
            "relations": [{"name": "DECREASES", "pairs": [["CYTOKINE", "OUTCOME"]]}],
        }
    )
    row = _row(il12_document, featurizer, schema)
    kinds = [kind for kind, _ in _surfaces(il12_document, row, schema)]
    assert kinds == ["CYTOKINE", "CYTOKINE", "OUTCOME", "OUTCOME"]
    assert row["relations"] == [[1, 2, 1, 0]]
    assert row["study"] == -100


def test_what_examples_leave_out_is_told() -> None:
    assert left_out([invented(1)], CTO) == ""
    drug = invented(2, kinds=("DRUG", "OUTCOME"))
    other = invented(3)
    other = other.replace(relations=(dataclasses.replace(other.relations[0], type="FOO"),))
    pair = invented(5, kinds=("CANCER", "CYTOKINE"))
    bare = invented(4).replace(mentions=(), relations=())
    assert left_out([drug, other, pair, bare], CTO) == (
        "1 documents without mentions, learnt as such; "
        "1 mentions left out that the schema lacks (DRUG 1); "
        "3 relations left out that the schema lacks (DECREASES 2, FOO 1)"
    )


def test_example_study_is_the_place_in_the_schema(
    il12_document: Document, featurizer: Featurizer
) -> None:
    assert _row(il12_document, featurizer)["study"] == CTO.study_types.index("animal")
    unknown = il12_document.replace(study_type=None)
    assert _row(unknown, featurizer)["study"] == -100


def test_dataset_has_no_row_for_a_text_without_words(featurizer: Featurizer) -> None:
    documents = [Document(id="empty", text=" \n "), invented(1)]
    assert len(make_dataset(documents, CTO, featurizer, task=None)) == 1


def test_derived_schema_is_what_the_documents_mark() -> None:
    documents = [invented(n, kinds=("Drug", "Effect")) for n in range(3)]
    schema = derived_schema("x", documents, relations=True)
    assert schema.mention_types == ("Drug", "Effect")
    assert schema.rule("DECREASES").pairs == {("Drug", "Effect")}
    assert not schema.rule("DECREASES").undirected
    with pytest.raises(SchemaError):
        derived_schema("x", documents).rule("DECREASES")
    turned = derived_schema("x", documents, relations=True, undirected=["DECREASES"])
    assert turned.rule("DECREASES").undirected


def test_derived_schema_leaves_out_what_is_rare_or_not_asked_for() -> None:
    documents = [invented(1), invented(2, kinds=("Drug", "OUTCOME"))]
    rare = derived_schema("x", documents, relations=True, least_count=2)
    assert rare.mention_types == ("OUTCOME",)
    assert rare.relations == ()
    chosen = derived_schema("x", documents, mention_types=["Drug", "OUTCOME"], relations=True)
    assert chosen.rule("DECREASES").pairs == {("Drug", "OUTCOME")}
