"""What shards hold, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from il12nlp.batch.events import Advanced, ShardDone, Summary
from il12nlp.batch.manifest import Shard
from il12nlp.formats import Deletion, Failure, Record


@dataclass(slots=True)
class Counts:
    """What is in a shard."""

    records: int = 0
    documents: int = 0
    mentions: int = 0
    findings: int = 0
    failed: int = 0
    withdrawn: int = 0

    def add(self, record: Record) -> None:
        """Count a record."""
        self.records += 1
        if isinstance(record, Deletion):
            self.withdrawn += 1
        elif isinstance(record, Failure):
            self.failed += 1
        else:
            self.documents += 1
            self.mentions += len(record.mentions)
            self.findings += len(record.findings)


def summarise(
    shards: Sequence[Shard],
    *,
    lost: int,
    kept: int,
    made: int,
    seconds: float,
    interrupted: bool,
    vanished: tuple[str, ...],
) -> Summary:
    """What shards hold together; `lost` inputs that could not be read count as failed."""
    return Summary(
        documents=sum(s.documents for s in shards),
        mentions=sum(s.mentions for s in shards),
        findings=sum(s.findings for s in shards),
        failed=sum(s.failed for s in shards) + lost,
        withdrawn=sum(s.withdrawn for s in shards),
        shards=len(shards),
        kept=kept,
        made=made,
        seconds=seconds,
        interrupted=interrupted,
        vanished=vanished,
    )


def shard_done(shard: Shard, *, seconds: float, now: Advanced) -> ShardDone:
    """What is told of a shard that stands now."""
    return ShardDone(
        shard=shard.name,
        documents=shard.documents,
        mentions=shard.mentions,
        findings=shard.findings,
        failed=shard.failed,
        withdrawn=shard.withdrawn,
        seconds=seconds,
        rate=now.rate,
        left=now.left,
    )
