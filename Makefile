# One virtual environment, made once; every target makes what it needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || echo python3)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo test check bench weights clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 13) else "il12nlp needs Python 3.11 or 3.12: make PYTHON=python3.11 setup")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt torch
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

demo: $(READY)
	@mkdir -p out/demo
	$(BIN)/il12nlp annotate corpora/demo -o out/demo/annotations.jsonl --precision float32
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

# The released weights again, from those of 0.7 and the corpora beside the project: see their card.
OLD := runs/il12nlp-0.7
SHARED := ../shared/corpora

weights: $(READY)
	test -d $(OLD) || git worktree add --detach $(OLD) f5b15fb
	mkdir -p runs/cto
	for part in first second third fourth; do \
	  $(BIN)/python scripts/hydrate.py corpora/cto_public_standoff/$$part.jsonl runs/cto/public_$$part.jsonl --from '$(SHARED)/public/*/train.jsonl.gz' || exit 1; \
	done
	for part in first second third fourth fifth; do \
	  $(BIN)/python scripts/hydrate.py corpora/cto_raw_standoff/$$part.jsonl runs/cto/raw_$$part.jsonl --from $(SHARED)/raw/abstracts.jsonl.gz || exit 1; \
	done
	$(BIN)/il12nlp train --config configs/train/annotated.yaml --resume
	$(BIN)/python scripts/mix_models.py runs/start runs/annotated/model $(OLD)/il12nlp/model/weights
	$(BIN)/il12nlp train --config configs/train/release.yaml --resume
	$(BIN)/python scripts/release_weights.py runs/release/model --threshold 0.4 --mentions CYTOKINE=0.4 THERAPY=0.4 OUTCOME=0.4 CANCER=0.4 CELL=0.4
	$(BIN)/python scripts/calibrate.py il12nlp/model/weights $(SHARED)/cto/dev.jsonl

clean:
	rm -rf $(VENV) out .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
