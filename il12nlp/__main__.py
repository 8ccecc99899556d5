"""`python -m il12nlp`: the command, where its script is not on the path."""

from il12nlp.cli import main

if __name__ == "__main__":
    main()
