from __future__ import annotations

import io
import json

import pytest

from il12nlp.batch import JsonLog, Noticed, Notices
from il12nlp.batch.events import Advanced, Pace, Started


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_pace_counts_what_is_annotated_and_not_what_is_passed_over() -> None:
    clock = Clock()
    pace = Pace(1000, clock=clock)
    pace.begin(400)  # what stood already was read up to here
    assert pace.at(400) == Advanced(0, 0.4, 0.0, None)
    clock.now, pace.documents = 110.0, 50
    now = pace.at(500)
    assert (now.fraction, now.rate) == (0.5, 5.0)
    assert now.left == pytest.approx(50.0)  # 500 bytes left at 10 bytes/s
    assert pace.end(500) == 10.0
    clock.now = 170.0  # between shards no time counts
    assert pace.at(500).rate == 5.0
    pace.leave(600)
    assert pace.at(0).left == pytest.approx(40.0)


def test_pace_of_empty_inputs_is_done() -> None:
    assert Pace(0).at(0).fraction == 1.0


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
