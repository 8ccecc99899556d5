"""`il12nlp info`: what is installed, what the model is, what can be read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from il12nlp.cli.common import Exit, Model, reports_errors
from il12nlp.errors import ModelError

if TYPE_CHECKING:
    from il12nlp.model.predict import Predictor


@reports_errors
def info(model: Model = None) -> Exit:
    """Show versions, the model and its size, devices and formats; for bug reports too."""
    import importlib.metadata
    import platform

    import torch
    import typer

    from il12nlp import __version__, formats
    from il12nlp.model.hardware import fast_precisions
    from il12nlp.model.loading import load_predictor
    from il12nlp.terminology import version

    code = Exit.DONE
    try:
        about_model = _about(load_predictor(model, device="cpu"))
    except ModelError as error:
        # A bug report needs the rest all the more.
        about_model, code = {"error": str(error)}, Exit.NOTHING_DONE
    rows = {
        "il12nlp": __version__,
        "Python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        **{p: importlib.metadata.version(p) for p in ("torch", "transformers", "spacy")},
        "CUDA": torch.cuda.get_device_name() if torch.cuda.is_available() else "none",
        "fast on this CPU": ", ".join(fast_precisions()),
        "terminology": version(),
        "model": model or "bundled",
        **about_model,
        "formats": ", ".join(formats.format_names()),
    }
    width = max(map(len, rows))
    for name, value in rows.items():
        typer.echo(f"{name:{width}}  {value}")
    return code


def _about(predictor: Predictor) -> dict[str, str]:
    joint, schema = predictor.model, predictor.schema
    return {
        "parameters": f"{sum(p.numel() for p in joint.parameters()):,}",
        "of these in the encoder": f"{sum(p.numel() for p in joint.encoder.parameters()):,}",
        "mentions": ", ".join(schema.mention_types),
        "relations": ", ".join(schema.relation_types),
    }
