"""Runs the examples of a documentation page: its `>>>` lines, fences left out."""

import doctest
import os
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FENCE = re.compile(r"^```.*$", re.MULTILINE)


def run_page(path: str) -> int:
    """Run a page's examples from the repository's root; the number run, or an AssertionError."""
    text = _FENCE.sub("", (ROOT / path).read_text(encoding="utf-8"))
    test = doctest.DocTestParser().get_doctest(text, {}, path, path, 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        runner.run(test, out=report.append)
    finally:
        os.chdir(before)
    assert not report, "".join(report)
    return len(test.examples)
