# The commands of this repository; `make help` prints them from the comments behind their names.
.DEFAULT_GOAL := help
.PHONY: help setup demo test faults quick lint format lock servers bench clean
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

help:  ## print the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: $(STAMP)  ## make .venv/ with the pinned packages and .venv/bin/mailbot

$(STAMP): requirements.lock pyproject.toml scripts/setup
	@scripts/setup "$(PYTHON)"
	@touch $@

demo: setup  ## play one reporting month on loopback servers and leave it in demo-output/
	@$(BIN)/mailbot demo

servers:  ## install the real mail servers for the tests (root and apt), or say what is missing
	@scripts/servers

test: setup servers  ## every test, with real servers where they can be had
	@$(BIN)/python -m pytest -n $$(($$(nproc) + 1)) --dist worksteal  # one more than cores: many tests only wait

faults: setup  ## kill the program at every step and at 200 random moments of a month; ten minutes
	@$(BIN)/python -m tests.faults.kill_a_month

quick: setup  ## the tests that need no server and no office program
	@$(BIN)/python -m pytest tests/unit

lint: setup  ## style, types, layers, and the measures of size
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.measures

format: setup  ## put the code into its one shape
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

bench: setup servers  ## measure what a message costs, on a quiet machine, and write it into benchmarks/README.md
	@$(BIN)/python -m benchmarks --write

lock:  ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --generate-hashes --python-version 3.11 --universal --all-extras --group dev pyproject.toml -o requirements.lock --quiet

clean:  ## remove what the commands made
	rm -rf .venv demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis
