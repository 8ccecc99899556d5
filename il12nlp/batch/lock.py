"""One run on a folder at a time."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from il12nlp.errors import OutputError
from il12nlp.formats.whole_file import told

logger = logging.getLogger(__name__)

LOCK = ".lock"
"""The lock's file: who runs here, as JSON; empty while nobody does."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder; raises OutputError while another run does.

    The system's lock tells whether the run that the file names still lives, since it ends with
    its process, however that ends: pids come again, and in containers they are all alike. Not
    every shared file system carries it from host to host, so another host's name is believed.
    """
    path = folder / LOCK
    with told(path):
        file = open(path, "a+b", buffering=0)  # noqa: SIM115
    with file:
        with told(path):
            _take(file, path)
        try:
            yield
        finally:
            file.truncate(0)


def _take(file: BinaryIO, path: Path) -> None:
    free = _system_lock(file)
    file.seek(0)
    owner = _owner(file.read())
    here = socket.gethostname()
    if free is False:
        raise OutputError(
            f"{path.parent}: another run is at work here ({_described(owner)}): wait for its end, "
            "or give another folder"
        )
    if owner and (free is None or owner.get("host") != here):
        raise OutputError(
            f"{path.parent}: a run holds this folder and cannot be asked whether it still lives "
            f"({_described(owner)}); if it does not, delete {path}"
        )
    if owner:
        logger.info("%s: going on after a run that was killed (%s)", path, _described(owner))
    file.truncate(0)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    file.write(json.dumps({"pid": os.getpid(), "host": here, "started": started}).encode())


def _system_lock(file: BinaryIO) -> bool | None:
    """Whether the system's lock was free and is ours now; None where there is no such lock."""
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        logger.debug("%s: no locks on this file system (%s)", file.name, error.strerror)
        return None
    return True


def _owner(content: bytes) -> dict[str, object]:
    try:
        owner = json.loads(content or b"{}")
    except ValueError:
        owner = {}
    return owner if isinstance(owner, dict) else {}


def _described(owner: dict[str, object]) -> str:
    if not owner:
        return "it has not said which"
    return f"pid {owner.get('pid')} on {owner.get('host')}, since {owner.get('started')}"
