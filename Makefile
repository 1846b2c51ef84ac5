# Every target installs what it needs on a machine with only Python 3.11+ and make; a second run skips the installation.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SITE_READY := $(VENV)/.site-ready
# a tool with the version that pyproject.toml pins
pinned = sed -n 's/^[a-z]* = \[.*"\($(1)==[^"]*\)".*/\1/p' pyproject.toml
# scripts are checked for names and arguments that do not exist, not for types of numbers and arrays
LOOSE := arg-type assignment call-overload misc union-attr var-annotated

.PHONY: help setup demo run test lock audit bench check lint types layers docs locale soak clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(READY) ## the virtual environment with pinned dependencies and the language model

$(READY): pyproject.toml constraints.txt
	@echo "Setting up in $(VENV) (once, a few minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "  1/2 dependencies and the language model"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location -c constraints.txt "setuptools>=77" wheel 2>$(VENV)/setup.log || (cat $(VENV)/setup.log; exit 1)
	@echo "  2/2 tocsin itself"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location --no-build-isolation -c constraints.txt -e ".[dev]" 2>>$(VENV)/setup.log || (cat $(VENV)/setup.log; exit 1)
	@touch $(READY)
	@echo "Ready."

demo: $(READY) ## watch incidents being found, merged and alerted, in the terminal
	@$(BIN)/tocsin demo

run: $(READY) ## the service, from config.toml; asks for what it lacks
	@test -f config.toml || echo "There is no config.toml yet: it is made from config.example.toml."
	@$(BIN)/tocsin setup --missing --config config.toml
	@grep -qE '^token = "[0-9]+:' config.toml || test -n "$$TOCSIN_TELEGRAM_TOKEN" || \
	  echo "No bot token: ask @BotFather on Telegram for one (/newbot), and give it to tocsin setup. Going on in the terminal."
	@$(BIN)/tocsin run --config config.toml

test: $(READY) ## the tests
	@$(BIN)/python -m pytest

lock: $(READY) ## requirements.lock from pyproject.toml and constraints.txt; asks the package index
	@$(BIN)/python -m pip install --quiet -c constraints.txt "$$($(call pinned,uv))"
	@$(BIN)/python scripts/lock.py

audit: $(READY) ## known weaknesses of what requirements.lock holds; asks the package index
	@$(BIN)/python -m pip install --quiet -c constraints.txt "$$($(call pinned,pip-audit))"
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

soak: $(READY) ## a million damaged feeds through the parser, 100,000 hostile titles through what is sent
	@$(BIN)/python scripts/soak_titles.py 100000 1
	@$(BIN)/python scripts/soak.py 1000000 1

bench: $(READY) ## how long each stage takes, beside the stored baseline; some minutes
	@$(BIN)/python -m pip install --quiet -c constraints.txt "$$($(call pinned,pytest-benchmark))" "$$($(call pinned,py-cpuinfo))"
	@$(BIN)/python -m pytest benchmarks -p no:cacheprovider --benchmark-quiet --benchmark-json=$(VENV)/bench.json
	@$(BIN)/python benchmarks/compare.py $(VENV)/bench.json

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: $(READY)
	@$(BIN)/mypy
	@cd scripts && MYPYPATH=.. ../$(BIN)/mypy --config-file= --check-untyped-defs --ignore-missing-imports \
	  --follow-imports silent $(patsubst %,--disable-error-code %,$(LOOSE)) *.py

layers: $(READY)
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

$(SITE_READY): $(READY)
	@echo "Installing what builds the site (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "$$($(call pinned,mkdocs-material))" 2>$(VENV)/docs.log || (cat $(VENV)/docs.log; exit 1)
	@touch $(SITE_READY)

# its own messages are shown only where it fails; a link or an anchor that is not there fails it (mkdocs.yml)
docs: $(SITE_READY) ## the documentation as a site, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict >$(VENV)/docs.log 2>&1 || (cat $(VENV)/docs.log; exit 1)
	@$(BIN)/python scripts/check_site.py site

locale: $(READY) ## take changed texts into the catalogues and compile them
	@$(BIN)/python scripts/write_catalogues.py

check: lint types layers docs test ## all that CI checks

clean: ## remove the virtual environment and caches
	@rm -rf $(VENV) site build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
