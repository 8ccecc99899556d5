from __future__ import annotations

import io

from rich.console import Console

from il12nlp.batch import Event, Noticed, Stop
from il12nlp.batch.events import Advanced, Started
from il12nlp.cli.progress import Bar


def shown(*events: Event, stop: Stop | None = None) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120, color_system=None)
    with Bar(console, stop or Stop()) as bar:
        for event in events:
            bar(event)
        bar._progress.refresh()
    return out.getvalue()


def test_bar_shows_documents_rate_and_time_left() -> None:
    text = shown(Started(1, 100, 0), Advanced(1234, 0.25, 20.06, 3723.4))
    assert "annotating" in text
    assert " 25 %  1234 documents, 20.1/s, 1:02:03 left" in text
    assert ", 1:05 left" in shown(Advanced(1, 0.5, 1.0, 65.2))


def test_bar_shows_no_time_left_that_nobody_knows() -> None:
    assert "left" not in shown(Advanced(1, 0.5, 1.0, None))


def test_bar_shows_notices_as_they_are() -> None:
    assert "[/red] a[1].xml: left out" in shown(Noticed("[/red] a[1].xml: left out"))


def test_bar_says_that_the_run_is_ending() -> None:
    stop = Stop()
    stop.requested = True
    assert "ending after the batch in hand" in shown(Advanced(1, 0.5, 1.0, None), stop=stop)
