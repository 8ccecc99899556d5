import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il12nlp.document import Document, Mention, Relation
from il12nlp.errors import DocumentError
from il12nlp.evaluation.metrics import score
from il12nlp.schema import RelationRule, Schema
from tests.evaluation import score_oracle
from tests.evaluation.documents import annotations_of, authored, spoil, to_dict

TOOL = Path(__file__).parents[3] / "shared" / "tools" / "score.py"
TEXTS = ("IL-12 and TNF-α treated tumors", "ßß il 12s β-IL12 mice's mass")


def oracle(gold: list[Document], predicted: list[Document]) -> dict:
    return score_oracle.score([to_dict(d) for d in gold], [to_dict(d) for d in predicted])


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[Document], list[Document]]:
    gold = [draw(annotations_of(str(i), t)) for i, t in enumerate(TEXTS)]
    predicted = [draw(annotations_of(str(i), t)) for i, t in enumerate(TEXTS)]
    return gold, draw(st.permutations(predicted))[: draw(st.integers(0, 2))]


@given(corpora())
def test_score_equals_the_reference_on_made_up_documents(
    pair: tuple[list[Document], list[Document]],
) -> None:
    assert score(*pair).to_dict() == oracle(*pair)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.3, 0.9])
def test_score_equals_the_reference_on_spoiled_documents(rate: float) -> None:
    gold = authored()
    rng = random.Random(int(rate * 10))
    predicted = [spoil(d, rng, rate) for d in gold]
    scores = score(gold, predicted)
    assert scores.to_dict() == oracle(gold, predicted)
    assert scores.documents == len(gold) > 20
    assert (scores.value("ner.strict") == 1.0) is (rate == 0.0)


@pytest.mark.skipif(not TOOL.exists(), reason="the reference tool lies outside the repository")
def test_score_equals_the_reference_tool(tmp_path: Path) -> None:
    gold = authored(12)
    rng = random.Random(7)
    predicted = [spoil(d, rng) for d in gold[1:]]
    for name, documents in (("gold", gold), ("pred", predicted)):
        lines = [json.dumps(to_dict(d), ensure_ascii=False) for d in documents]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, str(TOOL), str(tmp_path / "gold"), str(tmp_path / "pred"), "--json"]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert score(gold, predicted).to_dict() == json.loads(done.stdout)


def doc(*spans: tuple[str, str], links: tuple[tuple[str, int, int], ...] = ()) -> Document:
    text = "IL-12 and IL-2 slowed tumor growth, not TNF-α"
    mentions = tuple(
        Mention(f"T{i}", text.index(s), text.index(s) + len(s), kind, s)
        for i, (kind, s) in enumerate(spans)
    )
    relations = tuple(
        Relation(f"R{i}", label, f"T{head}", f"T{tail}")
        for i, (label, head, tail) in enumerate(links)
    )
    return Document("1", text, mentions=mentions, relations=relations)


def test_strict_and_overlap_differ_by_the_span() -> None:
    gold = doc(("OUTCOME", "tumor growth"), ("CYTOKINE", "IL-12"))
    scores = score([gold], [doc(("OUTCOME", "growth"), ("THERAPY", "IL-12"))])
    assert scores["ner.strict"].tp == 0
    assert scores["ner.overlap"].tp == 1
    assert scores.value("ner.overlap") == 0.5


def test_overlap_matches_one_to_one() -> None:
    gold = doc(("OUTCOME", "tumor growth"))
    scores = score([gold], [doc(("OUTCOME", "tumor"), ("OUTCOME", "growth"))])
    assert (scores["ner.overlap"].tp, scores["ner.overlap"].fp) == (1, 1)


def test_undirected_relations_match_either_way() -> None:
    spans = ("CYTOKINE", "IL-12"), ("CYTOKINE", "IL-2")
    gold = doc(*spans, links=(("COMBINED_WITH", 0, 1),))
    predicted = doc(*spans, links=(("COMBINED_WITH", 1, 0),))
    assert score([gold], [predicted]).value("rel.strict") == 1.0


def test_score_asks_the_schema_what_is_undirected() -> None:
    spans = ("Protein", "IL-12"), ("Protein", "IL-2")
    gold = doc(*spans, links=(("Bind", 0, 1),))
    predicted = doc(*spans, links=(("Bind", 1, 0),))
    rule = RelationRule.between("Bind", ["Protein"], ["Protein"], undirected=True)
    scores = score([gold], [predicted], schema=Schema("own", ("Protein",), (rule,)))
    assert scores.value("rel.strict") == scores.value("rel.Bind") == 1.0
    assert not {"effects", "combos"} & scores.counts.keys()
    assert score([gold], [predicted]).value("rel.strict") == 0.0


def test_score_has_no_figures_of_relations_where_the_schema_has_none() -> None:
    gold = doc(("Protein", "IL-12"))
    scores = score([gold], [gold], schema=Schema("own", ("Protein",)))
    assert list(scores.counts) == ["ner.strict", "ner.overlap", "ner.Protein"]


def test_missing_document_counts_as_empty_and_surplus_one_not_at_all() -> None:
    gold = doc(("CYTOKINE", "IL-12"))
    scores = score([gold], [gold.replace(id="2")])
    assert (scores["ner.strict"].gold, scores["ner.strict"].predicted) == (1, 0)


def test_score_of_nothing_is_empty() -> None:
    assert score([], []).to_dict() == {}
    assert score([], []).value("ner.strict") == 0.0


def test_score_refuses_another_text() -> None:
    gold = doc()
    with pytest.raises(DocumentError, match=r"1: .* from character 5 on"):
        score([gold], [gold.replace(text="IL-12, other")])


def test_score_refuses_an_id_predicted_twice() -> None:
    with pytest.raises(DocumentError, match="1: predicted twice"):
        score([doc()], [doc(), doc()])


def test_score_refuses_a_relation_to_a_mention_that_is_not_there() -> None:
    broken = doc().replace(relations=(Relation("R0", "INCREASES", "T8", "T9"),))
    with pytest.raises(DocumentError, match="T8, T9"):
        score([doc()], [broken])
