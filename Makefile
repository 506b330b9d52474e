# A fresh checkout: `make publish` shows what Litfass does, `make test` that it does it.

PYTHON ?= python3
BIN := .venv/bin
SIZE ?= 1000
RUNS ?= 3
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: publish serve test check format wheel benchmark clean

publish: .venv/litfass.stamp   ## build, deploy and announce this repository's own blog
	@$(BIN)/litfass publish

serve: .venv/litfass.stamp     ## look at it while writing
	@$(BIN)/litfass serve

test: .venv/test.stamp         ## every test; ARGS="-k feeds" for some
	$(BIN)/pytest $(ARGS)

check: .venv/check.stamp       ## style, types, import directions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

format: .venv/check.stamp      ## mend what a program can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

wheel: .venv/check.stamp       ## build the wheel and try it where the sources are out of reach
	$(BIN)/nox --force-python $(PYTHON) --session wheel

benchmark: .venv/test.stamp    ## beside Hugo, Eleventy and Pelican; SIZE=10000 RUNS=5 takes its time
	$(BIN)/python -m benchmarks --size $(SIZE) --runs $(RUNS) $(if $(CORPUS),--corpus $(CORPUS)) $(ARGS)

clean:                         ## forget everything that was made, this blog's ledger included
	rm -rf .venv .nox .litfass .benchmarks public live dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf syndication/ledger.jsonl* syndication/outbox* syndication/manual.html
	find site syndication templates tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# Each stamp stands for what was installed; a change of pyproject.toml makes it old.

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/litfass.stamp: pyproject.toml | .venv/bin/python
	$(PIP) install --quiet --editable .
	@touch $@

# Debian's pip is older than dependency groups: 25.1 is the first that knows them.
.venv/pip.stamp: | .venv/bin/python
	$(PIP) install --quiet 'pip>=25.1'
	@touch $@

.venv/test.stamp .venv/check.stamp: .venv/%.stamp: .venv/litfass.stamp .venv/pip.stamp
	$(PIP) install --quiet --group $*
	@touch $@
