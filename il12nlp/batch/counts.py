"""What shards hold, counted."""

from __future__ import annotations

from collections.abc import Sequence

from il12nlp.batch.events import Advanced, ShardDone, Summary
from il12nlp.batch.manifest import Shard


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
