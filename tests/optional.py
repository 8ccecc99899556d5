"""Packages that only some installations have."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

# Not pytest.importorskip, which would import it with its telemetry.
needs_openvino = pytest.mark.skipif(
    find_spec("openvino") is None, reason="`il12nlp[int8]` is not installed"
)
