# Set-up and main commands; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Material prints a notice about its end of life on every build; docs/decisions/0002 deals with it.
export NO_MKDOCS_2_WARNING := 1

.PHONY: help site serve test review soak bench lock clean
.DEFAULT_GOAL := help

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

site: .venv/site ## set everything up and build site/ from seeds/
	$(BIN)/archive build

serve: .venv/site ## the site with live reload on 127.0.0.1:8000
	$(BIN)/archive serve

test: .venv/dev browser ## set everything up and run the tests
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 -m "not soak" --cov --cov-report=term

review: .venv/dev ## what the branch changes: check, differences, preview and tests, against BASE=main
	@$(BIN)/python .github/review --base $(BASE) --environment .venv $(STEPS)

BASE ?= main
STEPS ?=

soak: .venv/dev browser ## the long counts: full payload lists, kills, fuzzing
	$(BIN)/pytest -q -m soak

bench: .venv/dev ## benchmarks, side by side with the peers they name; SIZES, ROUNDS and EDITS set their length
	$(BIN)/python benchmarks/matching.py
	$(BIN)/python benchmarks/building.py $(SIZES) --rounds $(ROUNDS)
	$(BIN)/python benchmarks/serving_edits.py --edits $(EDITS)
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/search.py $(SIZES)

SIZES ?= 1000 3000
ROUNDS ?= 3
EDITS ?= 10

lock: .venv/dev ## compile requirements/ anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group build $(LOCK) -o requirements/site.txt
	$(BIN)/uv pip compile pyproject.toml --group build --group dev $(LOCK) -o requirements/dev.txt

LOCK := --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock"

clean: ## remove everything that the other targets made
	rm -rf .venv .cache site .site.* .coverage .hypothesis

.PHONY: browser
browser: # the pages are opened in Chromium and validated by a program for Java
	@{ command -v chromium && command -v java; } >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y chromium default-jre-headless >/dev/null; } \
	|| { echo "the browser tests need Chromium and Java: sudo apt-get install chromium default-jre-headless"; exit 2; }

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 site"; exit 2; }
	$(PYTHON) -m venv .venv

.venv/site: requirements/site.txt pyproject.toml | .venv/bin/python
	$(PIP) install --no-deps --require-hashes -r requirements/site.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements/dev.txt | .venv/site
	$(PIP) install --no-deps --require-hashes -r requirements/dev.txt
	@touch $@
