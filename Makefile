# The commands of this project. All of them set up what they need; `make demo` and `make test` are enough to begin.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := requirements.lock
UV     := uv==0.13.9

# One stamp for each Python version, so that another PYTHON makes another environment.
INSTALLED := $(VENV)/installed-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

.PHONY: demo test test-all bench mutants check format lint types imports unit lock clean

demo: $(INSTALLED)
	@$(BIN)/duo-worker demo

# pytest comes last, so that its own summary line is the last thing printed.
test: check unit

# Everything: the whole matrix of faults, the kills, the simulated weeks, the scan for secrets. Takes long.
# Its last line says how much was tried and what of it went wrong, counted as the tests ran. Four processes, as much of
# the time is spent waiting for answers that don't come; whoever has nothing left takes over from the others.
test-all: check
	@place=$$(mktemp -d); export DUO_WORKER_TESTS_COUNTED="$$place"; \
	  $(BIN)/python -m pytest -q -n 4 --dist worksteal -m "whole_matrix or not whole_matrix"; tests=$$?; \
	  $(BIN)/python -m tests.counted; found=$$?; \
	  rm -rf "$$place"; test $$tests -eq 0 -a $$found -eq 0

# One JSON line per figure; ARGS names some of them (python -m tests.bench says which there are).
bench: $(INSTALLED)
	@$(BIN)/python -m tests.bench $(ARGS)

# Changes single lines of rules, fulfil, the ledger and the connectors' failures, and lists what no test notices. An
# hour or more; ARGS='rules.*' tries a part. What was tried and hasn't changed isn't tried again.
mutants: $(INSTALLED)
	@$(BIN)/mutmut run --max-children 2 $(ARGS) && $(BIN)/python -m tests.mutation

unit: $(INSTALLED)
	@$(BIN)/python -m pytest -q -n 2

check: format lint types imports

format: $(INSTALLED)
	@$(BIN)/ruff format --check --quiet .

lint: $(INSTALLED)
	@$(BIN)/ruff check --quiet .

types: $(INSTALLED)
	@$(BIN)/mypy --no-error-summary

imports: $(INSTALLED)
	@$(BIN)/lint-imports --no-cache --no-logo >$(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }

$(INSTALLED): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("duo-worker needs Python 3.11 or newer; choose one with make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	@echo "Setting up $(VENV) with the packages of $(LOCK); once, a minute or two"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Refreshes both lock files: everything here, and what the container image runs with (same versions).
lock: $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check '$(UV)'
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --upgrade --all-extras --output-file $(LOCK) pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --upgrade --extra postgresql --constraint $(LOCK) --output-file deploy/requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) mutants build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
