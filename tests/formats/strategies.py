"""Documents of any content whose offsets and references hold."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from il12nlp.document import Concept, Document, Finding, Mention, Passage, Relation, Sentence, Span
from il12nlp.schema import Benefit, Claim, Direction, Role

# Lone surrogates are no text: UTF-8 cannot write them, and no reader makes them.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
SCORE = st.floats(0, 1)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | SCORE | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
CONCEPT = st.builds(
    Concept,
    id=NAME,
    name=TEXT,
    category=st.none() | TEXT,
    polarity=st.sampled_from([-1, 0, 1]),
    parents=st.lists(NAME, max_size=2).map(tuple),
    species=st.none() | NAME,
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document of up to six mentions with relations, findings and meta."""
    text = draw(TEXT.filter(str.strip))
    spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).map(sorted)
    mentions = []
    for number, (start, end) in enumerate(draw(st.lists(spans, max_size=6))):
        end = max(end, start + 1)
        kind = draw(st.sampled_from(["CYTOKINE", "OUTCOME", "Eigenes"]))
        concept = draw(st.none() | CONCEPT)
        mention = Mention(f"T{number}", start, end, kind, text[start:end], draw(SCORE), concept)
        mentions.append(mention)
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    sentences = tuple(map(Sentence, borders[::2], borders[1::2]))
    relations, findings = (), ()
    if mentions:
        ids = st.sampled_from([m.id for m in mentions])
        some = st.lists(ids, max_size=2).map(tuple)
        numbers = st.lists(st.integers(0, max(0, len(sentences) - 1)), max_size=2).map(tuple)
        phrases = st.lists(spans.map(lambda s: Span(*s)), max_size=2).map(tuple)
        relations = tuple(
            Relation(f"R{n}", "INCREASES", draw(ids), draw(ids), draw(st.booleans()), draw(SCORE))
            for n in range(draw(st.integers(0, 2)))
        )
        findings = tuple(
            Finding(
                id=f"F{n}",
                cytokines=draw(some),
                therapies=draw(some),
                outcome=draw(ids),
                direction=draw(st.sampled_from(Direction)),
                benefit=draw(st.sampled_from(Benefit)),
                delivery=draw(some),
                cancers=draw(some),
                speculative=draw(st.booleans()),
                score=draw(SCORE),
                evidence=draw(numbers) if sentences else (),
                relations=tuple(r.id for r in relations),
                role=draw(st.sampled_from(Role)),
                claim=draw(st.sampled_from(Claim)),
                comparators=draw(some),
                routes=draw(phrases),
                doses=draw(phrases),
                species=tuple(draw(st.lists(TEXT, max_size=2))),
            )
            for n in range(draw(st.integers(0, 2)))
        )
    kinds = st.sampled_from(["title", "abstract"])
    return Document(
        id=draw(NAME),
        text=text,
        pmid=draw(st.none() | NAME),
        passages=tuple(
            Passage(draw(kinds), *span, draw(st.none() | TEXT))
            for span in draw(st.lists(spans, max_size=2))
        ),
        sentences=sentences,
        mentions=tuple(mentions),
        relations=relations,
        findings=findings,
        study_type=draw(st.none() | TEXT),
        meta=draw(st.dictionaries(TEXT, JSON, max_size=3)),
    ).check()
