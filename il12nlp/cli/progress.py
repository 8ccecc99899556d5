"""A run's progress on a terminal's last line."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from il12nlp.batch import Event, Stop
from il12nlp.batch.events import Advanced, Noticed, ShardDone, Started


class Bar:
    """Shows how far a run is, its rate and the time left; it is an observer of the run."""

    def __init__(self, console: Console, stop: Stop) -> None:
        self._progress = Progress(
            _Doing(stop),
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %  {task.fields[figures]}"),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("looking at the inputs", total=1.0, figures="")

    def __call__(self, event: Event) -> None:
        if isinstance(event, Advanced):
            figures = f"{event.documents} documents, {event.rate:.1f}/s"
            if event.left is not None:
                figures += f", {_duration(event.left)} left"
            self._progress.update(
                self._task, description="annotating", completed=event.fraction, figures=figures
            )
        elif isinstance(event, Started):
            self._progress.update(self._task, description="loading the model")
        elif isinstance(event, Noticed):
            self._progress.console.print(event.message, markup=False, highlight=False)
        elif isinstance(event, ShardDone) and event.failed:
            self._progress.console.print(
                f"{event.shard}: {event.failed} records failed", markup=False, highlight=False
            )

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()


class _Doing(ProgressColumn):
    """What is being done; read anew at each refresh, as the batch in hand may take seconds."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        super().__init__()

    def render(self, task: Task) -> Text:
        if self._stop.requested:
            return Text("ending after the batch in hand (Ctrl-C: at once)")
        return Text(task.description)


def _duration(seconds: float) -> str:
    """Hours, minutes and seconds, such as "1:02:03"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
