# Two commands do everything: `make study` and `make check`. Both build .venv from the lock files.
PYTHON ?= python3
BIN := .venv/bin
# Keep pip's and matplotlib's caches out of the user's home.
export PIP_NO_CACHE_DIR := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The lock files are complete, and Python compiles what it imports: both halve the time.
QUICK := --quiet --no-deps --no-compile
export MPLCONFIGDIR := $(CURDIR)/.venv/matplotlib

.PHONY: study check fix lock clean

study: .venv/.runtime  ## facts to figures on the reported data: outputs/northeast/
	$(BIN)/simdyn study

check: .venv/.dev  ## format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

fix: .venv/.dev  ## mend format and lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.dev  ## renew the lock files from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --upgrade \
	  --python-version 3.11 --custom-compile-command "make lock" requirements-build.in pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --upgrade \
	  --python-version 3.11 --custom-compile-command "make lock" --extra dev -c requirements.txt requirements-build.in pyproject.toml -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "simdyn needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install $(QUICK) --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install $(QUICK) --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.runtime
