.DEFAULT_GOAL := help
# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

.PHONY: help setup run test check bench soak lock messages dev browser

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.runtime ## Make .venv and install what the site needs

.venv/.python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found. Name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: .venv/.python requirements/runtime.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

dev: .venv/.dev ## Install what tests and checks need, too

run: setup ## Migrate, seed, load demonstration data, serve, print the address
	$(BIN)/tsubo db upgrade
	$(BIN)/tsubo seed reference
	$(BIN)/tsubo demo load --if-empty
	$(BIN)/tsubo serve

browser: dev ## Find a Chromium for the browser tests, or install one
	@sh tests/browser/find.sh

test: dev browser ## Run all tests, on SQLite and PostgreSQL, in a real browser
	DIRECTORY_ENVIRONMENT=test PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

check: dev ## Style, types, import contract, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint templates

bench: dev requirements/bench.txt ## Compare the search with others; SMALL=1: in two minutes, FOLDER=x: keep the sites, ONLY=engine,page: parts
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	$(BIN)/python -m benchmarks $(if $(SMALL),--small) $(if $(FOLDER),--folder $(FOLDER)) $(if $(ONLY),--only $(ONLY))

soak: dev browser ## The long tests, in full, with what they did
	DIRECTORY_ENVIRONMENT=test DIRECTORY_TEST_SOAK=1 $(BIN)/python -m pytest -m soak -n0 -s

lock: ## Write the lock files anew
	$(BIN)/python -m pip install --quiet uv
	for group in build dev bench; do \
	  $(BIN)/uv pip compile pyproject.toml --group $$group --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header --quiet \
	    --output-file requirements/$$(echo $$group | sed s/build/runtime/).txt; \
	done

messages: dev ## Collect the words to translate into directory/translations/messages.pot
	$(BIN)/pybabel extract --no-location --sort-output --omit-header -F babel.cfg -o directory/translations/messages.pot .
