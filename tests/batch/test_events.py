from __future__ import annotations

import io
import json

from il12nlp.batch import JsonLog, Noticed, Notices
from il12nlp.batch.events import Advanced, Started


def test_json_log_writes_a_line_for_each_event_but_advances() -> None:
    stream = io.StringIO()
    log = JsonLog(stream)
    for event in (Started(2, 70, 1), Advanced(1, 0.5, 2.0, None), Noticed("α\nβ")):
        log(event)
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {"event": "start", "inputs": 2, "bytes": 70, "kept": 1}
    assert second["message"] == "α\nβ"


def test_notices_shows_notices_alone() -> None:
    shown: list[str] = []
    for event in (Started(2, 70, 1), Noticed("look here")):
        Notices(shown.append)(event)
    assert shown == ["look here"]
