#!/usr/bin/env bash
# Format, lint, types and layers: the checks that need no test run. Stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly bin=.venv/bin

step() { printf 'check: %s\n' "$1"; shift; "$@"; }

step format "$bin/ruff" format --check .
step lint "$bin/ruff" check .
step types "$bin/mypy"
step layers "$bin/lint-imports" --no-logo
