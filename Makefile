# Two commands on a fresh machine: `make run` and `make test`. Each installs what is pinned into .venv first.

PYTHON := .venv/bin/python
LOCK := .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11

.PHONY: help setup run doctor stop backup restore move-db db-report test test-long test-faults test-install bench look look-tools check lock outdated

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup: ## make .venv with everything that is pinned; nothing to do where that is done
	@sh scripts/setup.sh

run: setup ## start the bot; without a BOT_TOKEN, the playground in the browser, with RESET=1 on fresh sample data
	@exec $(PYTHON) -m bot $(if $(RESET),--reset)

doctor: setup ## look whether all is well, and say what to do where it is not
	@$(PYTHON) doctor.py

db-report: setup ## sizes of the tables, use of the indexes, slowest queries, connections
	@$(PYTHON) db_report.py

stop: ## stop the PostgreSQL that the project brings along
	@test ! -x $(PYTHON) || $(PYTHON) -c 'import sys; from config import Config; from own_postgres import main; \
		sys.exit(main(["stop", str(Config.get_data_dir())]))'

backup: setup ## make a backup of the database now, and copy it where BACKUP_TARGET says (docs/backup.md)
	@$(PYTHON) -m backup make --now

# What was given goes through the environment as it is: a password has a $ in it, a path a quote.
restore: export GIVEN = $(value FILE)
restore: setup ## put a backup into an empty database: FILE=a dump, a folder or a target; then REPLACE=1, RUN=1
	@$(PYTHON) -m backup restore "$$GIVEN" $(if $(REPLACE),--replace) $(if $(RUN),--run)

move-db: export GIVEN = $(value TO)
move-db: setup ## move the data to an empty database: TO=postgresql://user:password@host/name
	@$(PYTHON) -m backup move "$$GIVEN"

test: setup ## all tests but the long ones, as many at once as there are cores
	@$(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

test-long: setup ## the tests that take an hour
	@CARD_DIED_SHIFTS=20000 UPGRADE_KILLS=all SERVER_KILLS=60 $(PYTHON) -m pytest -s tests/long tests/upgrades \
		tests/backup/test_card_died.py tests/integration/test_own_postgres.py

test-faults: setup ## everything that can go wrong, long; prints what it counted
	@$(PYTHON) -m pytest tests/faults -s

test-install: setup ## deploy/install.sh in a fresh Debian in a folder: as root, with debootstrap; SUITE=trixie
	@$(PYTHON) -m pytest tests/install -s

bench: setup ## measure the speed; writes docs/performance.md
	@$(PYTHON) -m benchmarks

look: look-tools setup ## use the playground's page in a real browser, open statements in LibreOffice
	@$(PYTHON) -m pytest tests/look

look-tools:
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null && command -v pdftoppm >/dev/null && \
		command -v soffice >/dev/null || { echo 'make look: a browser, LibreOffice and poppler are needed:' \
		'sudo apt install chromium chromium-driver libreoffice-calc poppler-utils' >&2; exit 1; }

check: setup ## style and types; the units and the scripts too, where systemd-analyze and shellcheck are there
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m mypy
	@! command -v systemd-analyze >/dev/null || $(PYTHON) -m pytest -q tests/faults/test_units.py
	@! command -v shellcheck >/dev/null || shellcheck -x deploy/install.sh deploy/shift-bot scripts/*.sh

lock: setup ## write requirements*.txt anew from requirements*.in
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt

outdated: setup ## show which pinned packages have a newer version
	@$(PYTHON) scripts/outdated.py
