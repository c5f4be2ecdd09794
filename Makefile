# Every target prepares the machine first, so each works from a clean checkout.
# Python 3.11 or newer and, on Debian or Ubuntu, apt-get are all that is expected.

SEEDS ?= 0:2000
STEPS ?= 1000
ARGS ?=
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format sim bench clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)$$/make \1\t\2/' | expand -t 14

setup: ## Debian packages where it may, and .venv at the root
	@bash scripts/setup.sh

demo: setup ## a server with a demo company and the app in the browser; Ctrl-C ends both
	@$(PY) scripts/demo.py $(ARGS)

test: ## what continuous integration runs: checks, then every test with coverage
	@bash .ci/run

check: setup ## format, lint, types, layers
	@bash scripts/check.sh

format: setup ## rewrite the code in the house format
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

sim: setup ## the long simulation: make sim SEEDS=0:2000 STEPS=1000
	@$(PY) -m tests.simulation --seeds $(SEEDS) --steps $(STEPS) $(ARGS)

bench: setup ## the benchmarks behind docs/figures.md
	@$(PY) -m benchmarks $(ARGS)

clean: ## remove what builds and tests leave behind, .venv excepted
	@rm -rf build dist *.egg-info .coverage .coverage.* coverage.xml htmlcov
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
