# Torn: `make run` starts it, `make test` checks it. Both need only Python 3.11+ and make; the rest comes by itself.
.DEFAULT_GOAL := help
.PHONY: help run test unit dev bench lint format types lock clean setup setup-dev frontend chromium

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
WORKERS ?= 2
# Its XML schemas judge our documents in the tests; its own requirements are of no use to us.
SCHEMAS := facturacion-electronica==0.24.1

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: setup ## start Torn on http://localhost:8000 (TORN_PORT; DEMO=0 without the demo company)
	@exec $(BIN)/python -m torn_app.launch run

dev: setup ## the same, reloading when a source changes
	@exec $(BIN)/python -m torn_app.launch dev

test: setup-dev ## everything: format, lint, types, all tests; tells every fault, then fails
	@status=0; \
	for part in lint types chromium frontend; do $(MAKE) --no-print-directory $$part || status=1; done; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile || status=1; \
	exit $$status

unit: setup-dev ## the tests without database and browser
	@$(BIN)/python -m pytest tests/kernel tests/dte tests/architecture

lint: setup-dev ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: setup-dev ## put the sources in the agreed format
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

types: setup-dev ## mypy
	@$(BIN)/mypy

bench: setup-dev ## measure the goals of performance, each against its floor
	@$(BIN)/python -m bench

frontend: setup
	@$(BIN)/python -m torn_app.launch build

chromium: setup-dev
	@$(BIN)/python -m tests.e2e.chromium

lock: setup-dev ## pin what requirements*.in ask for
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile -q $$name.in -o $$name.txt --no-header --python-version 3.11 --universal || exit 1; \
	done

clean: ## remove what can be made again (the database and the secret in .torn/ stay)
	@rm -rf .web .states .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results .torn/node
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# What is installed is remembered by content, not by date: nothing runs until the pinned list itself changes.
setup: .venv/bin/python
	@cmp -s requirements.txt .venv/.installed || { \
		echo 'Packages (once, a minute or two) ...' && \
		$(PIP) install -r requirements.txt && cp requirements.txt .venv/.installed; }

setup-dev: setup
	@cmp -s requirements-dev.txt .venv/.installed-dev || { \
		echo 'Packages of the tests (once) ...' && \
		$(PIP) install -r requirements-dev.txt && $(PIP) install --no-deps $(SCHEMAS) && \
		cp requirements-dev.txt .venv/.installed-dev; }

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo 'Torn needs Python 3.11 or newer (make PYTHON=/path/to/python ...)' >&2; exit 1; fi
	@echo "Python environment ($$($(PYTHON) --version)) ..."
	@$(PYTHON) -m venv .venv
