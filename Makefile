# maild: `make demo` shows it, `make test` proves it, `make run` starts it with the shipped configuration.
PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/.ready

.PHONY: setup demo run test check bench crash hostile fuzz breakages lock clean

setup: $(SETUP)

# The lock holds hashes; the project itself is installed beside it, in place.
$(SETUP): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/maild demo

run: setup
	$(BIN)/maild run

test: setup check
	$(BIN)/pytest -n 2 --dist worksteal

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/maild check

bench: setup
	$(BIN)/python scripts/bench

crash: setup
	$(BIN)/python scripts/crash --kills 100

hostile: setup
	$(BIN)/python scripts/hostile

# Takes the rules of docs/security.md out of a copy, one by one; each must fail a test.
breakages: setup
	$(BIN)/python scripts/breakages

# SEEDS: folders of mails; their files are changed at random.
fuzz: setup
	$(BIN)/python scripts/fuzz $(or $(SEEDS),tests/flows) --seconds 60

# Needs uv; writes no index host.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev \
	  --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
