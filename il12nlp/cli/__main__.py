"""`python -m il12nlp.cli`."""

from il12nlp.cli import main

main()
