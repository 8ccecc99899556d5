from il12nlp.batch.events import _NAMES
from il12nlp.batch.settings import SHARD_RECORDS
from tests.doctests import ROOT, run_page

PAGE = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")


def test_batch_page_examples_hold() -> None:
    assert run_page("docs/batch.md") >= 7


def test_batch_page_names_every_event_and_the_size_of_a_shard() -> None:
    assert [name for name in _NAMES.values() if f"`{name}`" not in PAGE] == []
    assert f"{SHARD_RECORDS} where left out" in PAGE
