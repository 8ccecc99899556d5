"""The batch runner: files in, a folder of shards out, going on after any kill.

annotate_files    with the pipeline, on this machine or on a Ray `Cluster`
run               with any engine, over anything that annotates: `Local`, `Processes`, `Ray`
"""

from __future__ import annotations

from il12nlp.batch.annotate import annotate_files
from il12nlp.batch.events import Event, Failed, JsonLog, Noticed, Notices, Observer, Summary
from il12nlp.batch.interrupt import Stop, stop_on_signals
from il12nlp.batch.local import Local
from il12nlp.batch.processes import Processes
from il12nlp.batch.ray import Cluster, Ray
from il12nlp.batch.runner import run
from il12nlp.batch.settings import SHARD_RECORDS, SHARD_SUFFIXES, Settings
from il12nlp.batch.work import Annotator, Engine

__all__ = [
    "SHARD_RECORDS",
    "SHARD_SUFFIXES",
    "Annotator",
    "Cluster",
    "Engine",
    "Event",
    "Failed",
    "JsonLog",
    "Local",
    "Noticed",
    "Notices",
    "Observer",
    "Processes",
    "Ray",
    "Settings",
    "Stop",
    "Summary",
    "annotate_files",
    "run",
    "stop_on_signals",
]
