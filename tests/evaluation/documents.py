"""Documents for the tests of the scores: from JSON lines, made up, and spoiled on purpose."""

import json
import random
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from il12nlp.document import Document, Mention, Relation
from il12nlp.schema import MentionType, RelationType, StudyType

AUTHORED = Path(__file__).parents[2] / "corpora" / "cto_authored" / "dev.jsonl"

TYPES = tuple(map(str, MentionType))
LABELS = tuple(map(str, RelationType))
STUDIES = (None, *map(str, StudyType))


def authored(limit: int | None = None) -> list[Document]:
    lines = AUTHORED.read_text(encoding="utf-8").splitlines()
    return [from_dict(json.loads(line)) for line in lines[:limit]]


def from_dict(data: dict) -> Document:
    return Document(
        id=data["id"],
        text=data["text"],
        mentions=tuple(
            Mention(e["id"], e["start"], e["end"], e["type"], e["text"]) for e in data["entities"]
        ),
        relations=tuple(
            Relation(r["id"], r["type"], r["head"], r["tail"], bool(r.get("speculative")))
            for r in data["relations"]
        ),
        study_type=data.get("study_type"),
        meta={"source": data["source"]} if "source" in data else {},
    )


def to_dict(document: Document) -> dict:
    return {
        "id": document.id,
        "text": document.text,
        "entities": [
            {"id": m.id, "start": m.start, "end": m.end, "type": m.type} for m in document.mentions
        ],
        "relations": [
            {"type": r.type, "head": r.head, "tail": r.tail, "speculative": r.speculative}
            for r in document.relations
        ],
        "study_type": document.study_type,
    }


def spoil(document: Document, rng: random.Random, rate: float = 0.25) -> Document:
    """The document with some mentions moved, retyped or lost, and relations changed likewise."""
    mentions = [_spoil_mention(document.text, m, rng, rate) for m in document.mentions]
    mentions = [m for m in mentions if rng.random() > rate / 2] or mentions
    kept = {m.id for m in mentions}
    relations = []
    for r in document.relations:
        if r.head in kept and r.tail in kept and rng.random() > rate / 2:
            relations.append(_spoil_relation(r, sorted(kept), rng, rate))
    rng.shuffle(relations)
    study = rng.choice(STUDIES) if rng.random() < rate else document.study_type
    return document.replace(
        mentions=tuple(mentions), relations=tuple(relations), study_type=study
    ).check()


def _spoil_mention(text: str, mention: Mention, rng: random.Random, rate: float) -> Mention:
    if rng.random() < rate:
        start = max(0, mention.start + rng.randint(-8, 3))
        end = min(len(text), max(start + 1, mention.end + rng.randint(-3, 8)))
        mention = replace(mention, start=start, end=end, text=text[start:end])
    if rng.random() < rate / 4:
        mention = replace(mention, type=rng.choice(TYPES))
    return mention


def _spoil_relation(r: Relation, ids: list[str], rng: random.Random, rate: float) -> Relation:
    if rng.random() < rate:
        r = replace(r, type=rng.choice(LABELS), speculative=rng.random() < 0.5)
    if rng.random() < rate / 2:
        r = replace(r, head=rng.choice(ids))
    if rng.random() < rate / 4:
        r = replace(r, head=r.tail, tail=r.head)
    return r


@st.composite
def annotations_of(draw: st.DrawFn, id: str, text: str) -> Document:
    """A document of the given id and text with any annotations that hold together."""
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 9), st.sampled_from(TYPES))
    mentions = []
    for number, (start, length, kind) in enumerate(draw(st.lists(places, max_size=9))):
        end = min(len(text), start + length)
        mentions.append(Mention(f"T{number}", start, end, kind, text[start:end]))
    ids = [m.id for m in mentions]
    link = st.tuples(
        st.sampled_from(LABELS), st.sampled_from(ids or [""]), st.sampled_from(ids or [""])
    )
    relations = [
        Relation(f"R{number}", label, head, tail, draw(st.booleans()))
        for number, (label, head, tail) in enumerate(
            draw(st.lists(link, max_size=9)) if ids else []
        )
    ]
    study = draw(st.sampled_from(STUDIES))
    return Document(
        id, text, mentions=tuple(mentions), relations=tuple(relations), study_type=study
    )
