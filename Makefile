# Each target sets up what it needs in .venv, once: a stamp file says which lock file was installed last.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
# With a token `make run` needs no simulated Discord, so it installs less.
TOKEN := $(or $(DISCORD_TOKEN),$(shell sed -n 's/^DISCORD_TOKEN=//p' .env 2>/dev/null))
EXTRA := $(if $(strip $(TOKEN)),run,preview)

.PHONY: setup run test test-all check format bench lock clean

setup: .venv/test.stamp

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Moments needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv .venv

# pip leaves alone what is already there in the pinned version.
.venv/%.stamp: requirements/%.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv from $< ..."
	@$(PIP) install --require-hashes --only-binary :all: -r $<
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

run: .venv/$(EXTRA).stamp
	@$(BIN)/moments run

test: check
	@$(BIN)/pytest

# Every zone on every day at every fifth minute, and a long storm: half an hour.
test-all: test
	@MOMENTS_TEST_ALL=1 $(BIN)/pytest tests/daily/test_zones.py
	@$(BIN)/python -m tests.wire.storm --seeds 10

check: .venv/test.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/moments check --strict

format: .venv/test.stamp
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Corpora and catalogues are kept in the system's folder for temporary files, for the next time.
bench: .venv/bench.stamp
	@$(BIN)/python -m tests.bench $(if $(SIZES),--sizes $(SIZES)) $(if $(ONLY),--only $(ONLY))

# Pins again what pyproject.toml asks for; uv lives in a folder of its own because nothing else needs it.
lock: .venv/bin/python
	@test -x .venv/uv/bin/uv || { $(PYTHON) -m venv .venv/uv && .venv/uv/bin/pip install --quiet uv==0.13.9; }
	@for extra in run preview test bench; do \
	  .venv/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	    --custom-compile-command "make lock" --extra build $$(test $$extra = run || echo --extra $$extra) \
	    --output-file requirements/$$extra.lock pyproject.toml; done

clean:
	rm -rf .venv var build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
