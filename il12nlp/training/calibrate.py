"""Calibrating a model folder: its scores are read so that they say how often the model is right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from il12nlp.document import Document
from il12nlp.errors import InputError, ModelError
from il12nlp.evaluation.cross_fit import Calibration, cross_fit
from il12nlp.evaluation.gold_types import within_schema
from il12nlp.findings.repeats import without_repeats
from il12nlp.formats.whole_file import WholeFile
from il12nlp.model.loading import load_predictor
from il12nlp.schema import CTO, Schema
from il12nlp.terminology import Linker
from il12nlp.text.abbreviations import find_abbreviations
from il12nlp.text.sentences import with_sentences

_ROUNDING = 0.5e-4
"""By how much a score may lie below the one that is told, which has four digits: a model that is
sure throughout would lose all that it finds to a threshold of 1."""


def calibrate_model(
    folder: str | Path,
    gold: Sequence[Document],
    *,
    precision: float | None = None,
    device: str = "auto",
) -> tuple[Calibration, Calibration]:
    """Fit scalings, and with `precision` thresholds of relations, and write them into config.json.

    `gold` are documents with gold annotations that the model was not trained on; what the model
    finds is judged by its own schema, and of gold by the types of that alone. Without
    `precision` the thresholds stay, and so does what the model finds; with it, types that do not
    reach it get a threshold of 1. Returns the calibrations of mentions and of relations. Raises
    ModelError for a folder without a model, and where it finds nothing to fit on, and InputError
    for gold without mentions, or without relations though the model finds some.
    """
    predictor = load_predictor(folder, device=device)
    config, schema = predictor.model.config, predictor.schema
    config.temperatures, config.offsets = {}, {}
    if precision is not None:
        config.thresholds = _without(config.thresholds, schema.relation_types)
    gold = within_schema(gold, schema)
    _check_kinds(gold, schema)
    found = predictor.predict(list(with_sentences(gold)))
    if schema == CTO:
        # As the pipeline does: what is left out before it is told has no score to be calibrated.
        linker = Linker()
        found = [_told_once(document, linker) for document in found]
    calibrations = cross_fit(gold, found, schema=schema, precision=precision)
    if not calibrations[0].whole.count:
        raise ModelError(f"{folder}: the model finds nothing in these {len(gold)} documents")
    settings: dict[str, Any] = {
        "temperatures": {c.kind: c.scaling.temperature for c in calibrations},
        "offsets": {c.kind: c.scaling.offset for c in calibrations},
    }
    if precision is not None:
        reached = calibrations[1].thresholds
        settings["thresholds"] = config.thresholds | {
            name: round(reached[name].score - _ROUNDING, 5) if name in reached else 1.0
            for name in schema.relation_types
        }
    _update(Path(folder) / "config.json", settings)
    return calibrations


def _check_kinds(gold: Sequence[Document], schema: Schema) -> None:
    """Raise InputError where all of a kind that the model finds would count as wrong."""
    kinds = {
        "mentions": (schema.mention_types, any(d.mentions for d in gold)),
        "relations": (schema.relation_types, any(d.relations for d in gold)),
    }
    for kind, (types, there) in kinds.items():
        if types and not there:
            raise InputError(
                f"the {len(gold)} gold documents hold no {kind} of the model's types "
                f"({', '.join(types)}), so that all it finds would count as wrong; name files "
                "that are annotated with them"
            )


def _told_once(document: Document, linker: Linker) -> Document:
    short = find_abbreviations(document.text, document.sentences)
    return without_repeats(linker.link(document, short), short)


def _without(thresholds: Mapping[str, float], types: Sequence[str]) -> dict[str, float]:
    return {name: least for name, least in thresholds.items() if name not in types}


def _update(path: Path, settings: dict[str, Any]) -> None:
    """Replace settings of a JSON file, in the form that transformers writes."""
    whole = {**json.loads(path.read_text(encoding="utf-8")), **settings}
    text = json.dumps(whole, indent=2, sort_keys=True) + "\n"
    with WholeFile(str(path)) as file:
        file.stream.write(text.encode("utf-8"))
