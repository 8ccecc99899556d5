"""Write the table of training settings into docs/training.md.

usage: python scripts/document_config.py
"""

from __future__ import annotations

import argparse
from pathlib import Path

from il12nlp.training.options import options_page

PAGE = Path(__file__).parents[1] / "docs" / "training.md"
BEGIN, END = "<!-- settings: made by scripts/document_config.py -->\n", "<!-- settings end -->\n"


def main() -> None:
    """Replace what stands between the two marks."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + "\n" + options_page() + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
