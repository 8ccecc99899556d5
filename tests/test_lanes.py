from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
import torch

from il12nlp.lanes import TURN_SECONDS, Lanes, lanes_for, portions


def windows(*sizes: list[int], taken: list[int]) -> Iterator[list[int]]:
    for i, window in enumerate(sizes):
        taken.append(i)
        yield window


def run(lanes: Lanes, *sizes: list[int], most: int = 10) -> list[str]:
    def work(items: list[int]) -> list[str]:
        return [f"{i}" for i in items]

    return list(lanes.run(work, sizes, size=lambda i: i, most=most))


@pytest.fixture(scope="module")
def lanes() -> Lanes:
    return Lanes(2)


def test_portions_hold_what_is_alike_and_fill_all_lanes() -> None:
    assert portions([1, 9, 2, 8], most=18, least=1) == [[1, 3], [2, 0]]
    assert portions([5, 5, 5, 5], most=100, least=2) == [[0, 1], [2, 3]]
    assert portions([30, 1], most=10, least=2) == [[0], [1]]
    assert portions([0, 0], most=10, least=2) == [[0, 1]]
    assert portions([], most=10, least=2) == []


def test_lanes_keep_the_order(lanes: Lanes) -> None:
    assert run(lanes, [3, 9, 1], [7, 2], [5]) == ["3", "9", "1", "7", "2", "5"]
    assert run(lanes) == []


def test_lanes_work_at_the_same_time(lanes: Lanes) -> None:
    both = threading.Barrier(2, timeout=10)

    def work(items: list[int]) -> list[int]:
        both.wait()
        return items

    assert list(lanes.run(work, [[4, 5]], size=lambda i: i, most=5)) == [4, 5]


def test_lanes_hold_two_windows_and_no_more(lanes: Lanes) -> None:
    taken: list[int] = []
    made = lanes.run(
        lambda items: items,
        windows([1], [2], [3], [4], taken=taken),
        size=lambda i: i,
        most=9,
    )
    assert next(made) == 1
    assert taken == [0, 1]
    assert list(made) == [2, 3, 4]


def test_turns_are_short_while_any_run_goes_on_and_as_before_after_it(lanes: Lanes) -> None:
    def one(items: list[int]) -> list[float]:
        return [sys.getswitchinterval() for _ in items]

    def begun() -> Iterator[float]:
        return lanes.run(one, [[1], [2], [3]], size=lambda i: i, most=10)

    before = sys.getswitchinterval()
    first, second = begun(), begun()
    assert next(first) == pytest.approx(TURN_SECONDS)
    assert next(second) == pytest.approx(TURN_SECONDS)
    assert list(first) == pytest.approx([TURN_SECONDS] * 2)
    assert sys.getswitchinterval() == pytest.approx(TURN_SECONDS)
    second.close()  # type: ignore[attr-defined]
    assert sys.getswitchinterval() == before > TURN_SECONDS


def test_lanes_pass_on_what_work_raises_and_begin_no_more(lanes: Lanes) -> None:
    done = []

    def work(items: list[int]) -> list[int]:
        time.sleep(0.01)
        if 13 in items:
            raise ValueError("thirteen")
        done.append(items)
        return items

    with pytest.raises(ValueError, match="thirteen"):
        list(lanes.run(work, [[13, 1, 1], list(range(20, 60))], size=lambda i: i, most=1))
    time.sleep(0.1)
    assert len(done) < 30
    assert run(lanes, [1]) == ["1"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no processes")
def test_lanes_work_in_a_forked_process_too() -> None:
    code = (
        "import multiprocessing\n"
        "from il12nlp.lanes import Lanes\n"
        "lanes = Lanes(2)\n"
        "def made(n):\n"
        "    return list(lanes.run(list, [[n, n + 1]], size=lambda _: 1, most=1))\n"
        "assert made(1) == [1, 2]\n"
        "with multiprocessing.get_context('fork').Pool(1) as pool:\n"
        "    print(pool.apply_async(made, (3,)).get(timeout=30))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[3, 4]\n", 0), done.stderr


def test_lanes_share_the_processors_and_leave_other_threads_theirs() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        lanes = Lanes(2)
        seen = lanes.run(
            lambda items: [torch.get_num_threads() for _ in items], [[1, 1]], size=int, most=1
        )
        assert list(seen) == [1, 1]
        assert torch.get_num_threads() == 2
        assert lanes_for(torch.device("cpu")) == 2
    finally:
        torch.set_num_threads(before)
