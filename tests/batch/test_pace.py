from __future__ import annotations

import pytest

from il12nlp.batch.events import Advanced
from il12nlp.batch.pace import Pace


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_pace_counts_what_is_annotated_and_not_what_is_passed_over() -> None:
    clock, place = Clock(), 400  # what stood already was read up to here
    pace = Pace(1000, clock=clock)
    pace.begin(lambda: place)
    assert pace.now() == Advanced(0, 0.4, 0.0, None)
    clock.now, pace.documents, place = 110.0, 50, 500
    now = pace.now()
    assert (now.fraction, now.rate) == (0.5, 5.0)
    assert now.left == pytest.approx(50.0)  # 500 bytes left at 10 bytes/s
    assert pace.end() == 10.0
    clock.now = 170.0  # between shards no time counts
    assert pace.now().rate == 5.0
    place = 600  # a shard that stood already
    pace.begin(lambda: place)
    assert pace.now().left == pytest.approx(40.0)


def test_pace_leaves_inputs_behind() -> None:
    clock = Clock()
    pace = Pace(1000, clock=clock)
    pace.leave(500, skipped=True)
    assert pace.now() == Advanced(0, 0.5, 0.0, None)
    pace.begin()
    clock.now = 110.0
    pace.end()
    pace.leave(100, skipped=False)
    assert pace.now().left == pytest.approx(40.0)
    assert pace.seconds == 10.0


def test_pace_of_inputs_in_hand_together() -> None:
    clock, read = Clock(), {"a": 0, "b": 0}
    pace = Pace(1000, clock=clock)

    def place() -> int:
        return sum(read.values())

    pace.begin(place)
    read |= {"a": 300, "b": 100}
    clock.now = 110.0
    pace.end()
    pace.begin(place)
    del read["a"]  # all of its 300 bytes are behind us
    pace.leave(300, skipped=False)
    pace.begin(place)
    now = pace.now()
    assert now.fraction == 0.4
    assert now.left == pytest.approx(15.0)  # 600 bytes left at 40 bytes/s, none of them skipped


def test_pace_does_not_go_back_when_one_of_many_inputs_ends() -> None:
    read = {"a": 300, "b": 100}
    pace = Pace(1000)
    pace.begin(lambda: sum(read.values()))
    assert pace.now().fraction == 0.4
    del read["a"]
    pace.leave(300, skipped=False)
    assert pace.now().fraction == 0.4


def test_pace_of_empty_inputs_is_done() -> None:
    assert Pace(0).now().fraction == 1.0
