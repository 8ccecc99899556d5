from __future__ import annotations

import os
import signal

import pytest

from il12nlp.batch import stop_on_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_first_signal_asks_and_the_second_does_what_it_always_does(number: int) -> None:
    def harsh(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(number, harsh)
    try:
        with stop_on_signals() as stop:
            assert not stop.requested
            os.kill(os.getpid(), number)
            assert stop.requested
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), number)
        assert signal.getsignal(number) is harsh
    finally:
        signal.signal(number, before)


def test_signals_are_as_before_after_a_run() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stop_on_signals():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
