"""The batch runner: files in, a folder of shards out, going on after any kill.

annotate_files    with the pipeline on this machine
run               with anything that annotates
"""

from __future__ import annotations

from il12nlp.batch.events import Event, Failed, JsonLog, Noticed, Notices, Observer, Summary
from il12nlp.batch.interrupt import Stop, stop_on_signals
from il12nlp.batch.local import annotate_files
from il12nlp.batch.runner import Annotator, run
from il12nlp.batch.settings import SHARD_RECORDS, SHARD_SUFFIXES, Settings

__all__ = [
    "SHARD_RECORDS",
    "SHARD_SUFFIXES",
    "Annotator",
    "Event",
    "Failed",
    "JsonLog",
    "Noticed",
    "Notices",
    "Observer",
    "Settings",
    "Stop",
    "Summary",
    "annotate_files",
    "run",
    "stop_on_signals",
]
