"""What holds for any document, whatever its relations."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from il12nlp.document import Concept, Document, Finding, Mention, Relation, Sentence
from il12nlp.findings import assemble
from il12nlp.schema import CTO, EFFECTS, RelationType

NAMES = {
    "CYTOKINE": ("IL-12", "IL-18", "IL12"),
    "THERAPY": ("cisplatin", "IL-12 plasmid"),
    "OUTCOME": ("growth", "survival"),
    "CANCER": ("melanoma", "lymphoma"),
}
CONCEPTS = {"IL-12": Concept("C:12", "IL-12"), "growth": Concept("O:g", "growth", "x", -1)}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Sentences of names in any order, with any relations that the schema allows."""
    drawn = draw(
        st.lists(
            st.lists(st.sampled_from(sorted(NAMES)), min_size=1, max_size=5), min_size=1, max_size=4
        )
    )
    text, sentences, mentions = "", [], []
    for types in drawn:
        start = len(text)
        for mention_type in types:
            name = draw(st.sampled_from(NAMES[mention_type]))
            concept = CONCEPTS.get(name) if draw(st.booleans()) else None
            score = draw(st.sampled_from((0.5, 1.0)))
            place = len(text)
            text += name + draw(st.sampled_from((" ", " or ", "; ", " alone ", " with ")))
            number = f"T{len(mentions)}"
            mentions.append(
                Mention(number, place, place + len(name), mention_type, name, score, concept)
            )
        text += ". "
        sentences.append(Sentence(start, len(text) - 1))
    pairs = [
        (label, head.id, tail.id)
        for head in mentions
        for tail in mentions
        if head.id != tail.id
        for label in CTO.allowed(head.type, tail.type)
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12)) if pairs else []
    relations = tuple(
        Relation(f"R{n}", *pair, draw(st.booleans()), draw(st.sampled_from((0.3, 0.9))))
        for n, pair in enumerate(chosen)
    )
    return Document(
        id="D",
        text=text,
        sentences=tuple(sentences),
        mentions=tuple(mentions),
        relations=relations,
    ).check(CTO)


@settings(max_examples=100, deadline=None)
@given(documents())
def test_every_effect_is_in_a_finding_of_its_agent(document: Document) -> None:
    cited: dict[str, list[Finding]] = defaultdict(list)
    for finding in assemble(document):
        for id_ in finding.relations:
            if document.relation_by_id[id_].type in EFFECTS:
                cited[id_].append(finding)

    assert set(cited) == {r.id for r in document.relations if r.type in EFFECTS}
    for findings in cited.values():
        rows = {(f.cytokines, f.therapies, f.delivery, f.direction) for f in findings}
        assert len(rows) == len(findings)


@settings(max_examples=100, deadline=None)
@given(documents())
def test_every_effect_is_in_one_finding_where_nothing_is_combined(document: Document) -> None:
    single = tuple(r for r in document.relations if r.type != RelationType.COMBINED_WITH)
    plain = document.replace(relations=single)
    effects = [r.id for r in single if r.type in EFFECTS]
    cited = [id_ for f in assemble(plain) for id_ in f.relations if id_ in effects]

    assert Counter(cited) == Counter(effects)


@settings(max_examples=100, deadline=None)
@given(documents())
def test_findings_are_a_valid_part_of_the_document(document: Document) -> None:
    findings = assemble(document)
    checked = document.replace(findings=findings).check(CTO)

    assert [f.id for f in checked.findings] == [f"F{n + 1}" for n in range(len(findings))]
    for finding in findings:
        at = document.sentence_index(document.mention_by_id[finding.outcome].start)
        assert at in finding.evidence
        assert finding.cytokines or finding.therapies or finding.delivery
        assert 0 < finding.score <= 1
        assert set(finding.therapies).isdisjoint(finding.delivery)


@settings(max_examples=100, deadline=None)
@given(documents(), st.integers())
def test_the_order_of_relations_and_mentions_does_not_matter(document: Document, seed: int) -> None:
    shuffled = random.Random(seed)
    relations, mentions = list(document.relations), list(document.mentions)
    shuffled.shuffle(relations)
    shuffled.shuffle(mentions)
    other = document.replace(relations=tuple(relations), mentions=tuple(mentions))

    assert assemble(other) == assemble(document)


@settings(max_examples=50, deadline=None)
@given(documents())
def test_findings_are_made_anew(document: Document) -> None:
    findings = assemble(document)

    assert assemble(document.replace(findings=findings)) == findings
