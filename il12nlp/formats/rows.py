"""Findings as flat rows, each with the text, the concepts and the places of what it refers to."""

from __future__ import annotations

from dataclasses import dataclass, fields

from il12nlp.document import Document, Finding, Mention, Sentence, Span


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding with the text of what it refers to; its fields are the table's columns.

    `*_ids` and `*_names` are those of the concepts, "" where a mention has none. `*_spans` are
    "start-end" in code points of the document's text, so that every row leads back to its
    sentences. The lists of one kind have the same length and order.
    """

    document_id: str
    pmid: str
    title: str
    cytokines: tuple[str, ...]
    role: str
    therapies: tuple[str, ...]
    delivery: tuple[str, ...]
    routes: tuple[str, ...]
    doses: tuple[str, ...]
    comparators: tuple[str, ...]
    outcome: str
    direction: str
    benefit: str
    cancers: tuple[str, ...]
    species: tuple[str, ...]
    study_type: str
    claim: str
    speculative: bool
    score: float
    evidence: tuple[str, ...]
    finding_id: str
    evidence_spans: tuple[str, ...]
    cytokine_ids: tuple[str, ...]
    cytokine_names: tuple[str, ...]
    cytokine_spans: tuple[str, ...]
    therapy_ids: tuple[str, ...]
    therapy_names: tuple[str, ...]
    therapy_spans: tuple[str, ...]
    delivery_ids: tuple[str, ...]
    delivery_names: tuple[str, ...]
    delivery_spans: tuple[str, ...]
    outcome_id: str
    outcome_name: str
    outcome_span: str
    cancer_ids: tuple[str, ...]
    cancer_names: tuple[str, ...]
    cancer_spans: tuple[str, ...]
    comparator_ids: tuple[str, ...]
    comparator_names: tuple[str, ...]
    comparator_spans: tuple[str, ...]
    route_spans: tuple[str, ...]
    dose_spans: tuple[str, ...]


COLUMNS = tuple(field.name for field in fields(FindingRow))


def finding_rows(document: Document) -> list[FindingRow]:
    """Rows of a document's findings, in their order."""
    title = next(
        (document.text[p.start : p.end] for p in document.passages if p.kind == "title"), ""
    )
    return [_row(document, title, finding) for finding in document.findings]


def _row(document: Document, title: str, finding: Finding) -> FindingRow:
    cytokines, therapies, delivery, cancers, comparators = (
        _Named.of(document, ids)
        for ids in (
            finding.cytokines,
            finding.therapies,
            finding.delivery,
            finding.cancers,
            finding.comparators,
        )
    )
    outcome = _Named.of(document, (finding.outcome,))
    return FindingRow(
        document_id=document.id,
        pmid=document.pmid or "",
        title=title,
        cytokines=cytokines.texts,
        role=str(finding.role),
        therapies=therapies.texts,
        delivery=delivery.texts,
        routes=tuple(document.text[s.start : s.end] for s in finding.routes),
        doses=tuple(document.text[s.start : s.end] for s in finding.doses),
        comparators=comparators.texts,
        outcome=outcome.texts[0],
        direction=str(finding.direction),
        benefit=str(finding.benefit),
        cancers=cancers.texts,
        species=finding.species,
        study_type=document.study_type or "",
        claim=str(finding.claim),
        speculative=finding.speculative,
        score=finding.score,
        evidence=tuple(document.sentence_text(i) for i in finding.evidence),
        finding_id=finding.id,
        evidence_spans=tuple(_span(document.sentences[i]) for i in finding.evidence),
        cytokine_ids=cytokines.ids,
        cytokine_names=cytokines.names,
        cytokine_spans=cytokines.spans,
        therapy_ids=therapies.ids,
        therapy_names=therapies.names,
        therapy_spans=therapies.spans,
        delivery_ids=delivery.ids,
        delivery_names=delivery.names,
        delivery_spans=delivery.spans,
        outcome_id=outcome.ids[0],
        outcome_name=outcome.names[0],
        outcome_span=outcome.spans[0],
        cancer_ids=cancers.ids,
        cancer_names=cancers.names,
        cancer_spans=cancers.spans,
        comparator_ids=comparators.ids,
        comparator_names=comparators.names,
        comparator_spans=comparators.spans,
        route_spans=tuple(map(_span, finding.routes)),
        dose_spans=tuple(map(_span, finding.doses)),
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """What a row says of the mentions of one kind."""

    texts: tuple[str, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    spans: tuple[str, ...]

    @classmethod
    def of(cls, document: Document, mention_ids: tuple[str, ...]) -> _Named:
        mentions = [document.mention_by_id[i] for i in mention_ids]
        return cls(
            texts=tuple(m.text for m in mentions),
            ids=tuple(m.concept.id if m.concept else "" for m in mentions),
            names=tuple(m.concept.name if m.concept else "" for m in mentions),
            spans=tuple(map(_span, mentions)),
        )


def _span(item: Mention | Sentence | Span) -> str:
    return f"{item.start}-{item.end}"
