# Two commands on a fresh machine: `make run` and `make test`. Each installs what is pinned into .venv first.

PYTHON := .venv/bin/python
LOCK := .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11

.PHONY: help setup run doctor stop test test-long test-faults bench look look-tools check lock

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup: ## make .venv with everything that is pinned; nothing to do where that is done
	@sh scripts/setup.sh

run: setup ## start the bot; without a BOT_TOKEN, the playground in the browser
	@exec $(PYTHON) -m bot

doctor: setup ## look whether all is well, and say what to do where it is not
	@$(PYTHON) doctor.py

stop: ## stop the PostgreSQL that the project brings along
	@test ! -x $(PYTHON) || $(PYTHON) -c 'import sys; from config import Config; from own_postgres import main; \
		sys.exit(main(["stop", str(Config.get_data_dir())]))'

test: setup ## all tests but the long ones
	@$(PYTHON) -m pytest

test-long: setup ## the tests that take an hour
	@$(PYTHON) -m pytest tests/long

test-faults: setup ## everything that can go wrong, long; prints what it counted
	@$(PYTHON) -m pytest tests/faults -s

bench: setup ## measure the speed; writes docs/performance.md
	@$(PYTHON) -m benchmarks

look: look-tools setup ## use the playground's page in a real browser
	@$(PYTHON) -m pytest tests/look

look-tools:
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || { \
		echo 'make look: chromium and chromedriver are needed: sudo apt install chromium chromium-driver' >&2; exit 1; }

check: setup ## style and types
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m mypy

lock: setup ## write requirements*.txt anew from requirements*.in
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
