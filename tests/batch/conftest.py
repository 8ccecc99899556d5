from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest


def lines(first: int, last: int) -> bytes:
    """Invented abstracts as JSON lines, some of no use: one in 41 cannot be read, one in 53 not
    annotated."""
    made = []
    for i in range(first, last):
        text = f"IL-{i} rose in mice." + (" bad" if i % 53 == 5 else "")
        made.append("not json" if i % 41 == 7 else json.dumps({"id": f"d{i}", "text": text}))
    return ("\n".join(made) + "\n").encode()


@pytest.fixture
def corpus(tmp_path: Path) -> list[Path]:
    """Three files: 130 records compressed, 100 (whole shards exactly), and 7."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    paths = [folder / "a.jsonl.gz", folder / "b.jsonl", folder / "c.jsonl"]
    paths[0].write_bytes(gzip.compress(lines(0, 130)))
    paths[1].write_bytes(lines(130, 230))
    paths[2].write_bytes(lines(230, 237))
    return paths
