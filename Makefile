# One virtual environment, made once; every target makes what it needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo test check bench clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 13) else "il12nlp needs Python 3.11 or 3.12: make PYTHON=python3.11 setup")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt torch
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

demo: $(READY)
	@mkdir -p out/demo
	$(BIN)/il12nlp annotate corpora/demo -o out/demo/annotations.jsonl
	$(BIN)/il12nlp convert out/demo/annotations.jsonl -o out/demo/findings.csv
	$(BIN)/il12nlp show out/demo/annotations.jsonl

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pip check

bench: $(READY)
	$(BIN)/python scripts/bench.py

clean:
	rm -rf $(VENV) out .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
