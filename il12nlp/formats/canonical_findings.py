"""The canonical form of a finding; what older files lack has the default of `Finding`."""

from __future__ import annotations

from functools import partial
from typing import Any

from il12nlp.document import Finding, Span
from il12nlp.formats.fields import Data, choice, items, offsets, optional, required, score, strings
from il12nlp.schema import Benefit, Claim, Direction, Role


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Plain data of a finding, all keys present."""
    return {
        "id": finding.id,
        "cytokines": list(finding.cytokines),
        "therapies": list(finding.therapies),
        "delivery": list(finding.delivery),
        "outcome": finding.outcome,
        "direction": str(finding.direction),
        "benefit": str(finding.benefit),
        "cancers": list(finding.cancers),
        "speculative": finding.speculative,
        "score": finding.score,
        "evidence": list(finding.evidence),
        "relations": list(finding.relations),
        "role": str(finding.role),
        "claim": str(finding.claim),
        "comparators": list(finding.comparators),
        "routes": [[s.start, s.end] for s in finding.routes],
        "doses": [[s.start, s.end] for s in finding.doses],
        "species": list(finding.species),
    }


def finding_from_dict(data: Data) -> Finding:
    """Finding from its plain data; raises FieldError, which names the key."""
    return Finding(
        id=required(str, data, "id"),
        cytokines=strings(data, "cytokines"),
        therapies=strings(data, "therapies"),
        delivery=strings(data, "delivery"),
        outcome=required(str, data, "outcome"),
        direction=choice(Direction, data, "direction"),
        benefit=choice(Benefit, data, "benefit"),
        cancers=strings(data, "cancers"),
        speculative=optional(bool, data, "speculative") or False,
        score=score(data),
        evidence=items(data, "evidence", int, int),
        relations=strings(data, "relations"),
        role=choice(Role, data, "role", default=Role.UNKNOWN),
        claim=choice(Claim, data, "claim", default=Claim.UNKNOWN),
        comparators=strings(data, "comparators"),
        routes=items(data, "routes", list, partial(offsets, Span)),
        doses=items(data, "doses", list, partial(offsets, Span)),
        species=strings(data, "species"),
    )
