# wiretrace: everything is installed into .venv below this folder; nothing is global.
PYTHON ?= python3
BIN := .venv/bin
WORLD ?= 1
# uv of this machine, or the one that pip puts beside our Python.
UV := PATH="$$PATH:$(CURDIR)/$(BIN)" uv
# A machine that forbids bytecode would spend nine seconds on each start of Snakemake.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo test bench check new have-file run round lab verify diff docs lock real clean

help:
	@echo "make demo              run the practice investigation and open its report (WORLD=2 for another world)"
	@echo "make new NAME=okinawa  start an investigation of your own"
	@echo "make run NAME=okinawa  run it; again after a stop goes on where it was"
	@echo "make round NAME=...    look again: a new dated round of acquisition, then everything after it"
	@echo "make lab NAME=...      open the notebooks on its newest version"
	@echo "make verify NAME=...   recompute every sum of its evidence and its newest version"
	@echo "make diff NAME=...     what differs between its newest two versions, and what can have caused it"
	@echo "make test, make check  tests; formatting, types, lint"
	@echo "make bench             run every benchmark at a small size; one table in results/bench.md and .csv"
	@echo "make docs, make lock   write the generated docs; resolve the lock anew"

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "wiretrace: $(PYTHON) is older than 3.11; name another: make PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@command -v uv >/dev/null || test -x $(BIN)/uv \
	  || { $(BIN)/python -m ensurepip >/dev/null 2>&1; $(BIN)/python -m pip install --quiet uv; }
	@echo "installing into .venv (about a minute)"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q workflow
	@$(BIN)/python -m wiretrace.trace.reuse
	@touch $@

demo: install
	@$(BIN)/python -m wiretrace.practice demo $(WORLD)

test: install
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

bench: install
	@$(BIN)/python benchmarks/run.py

check: install
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/snakefmt --check Snakefile workflow/keep.smk workflow/rules
	@$(BIN)/snakemake --lint
	@$(BIN)/wiretrace docs --check

new: install
	@$(BIN)/wiretrace new "$(NAME)"

FILE = config/investigations/$(NAME)/investigation.yaml
have-file: install
	@test -f "$(FILE)" || { echo "wiretrace: $(FILE): no such file; start one with: make new NAME=okinawa" >&2; exit 2; }

run: have-file
	@$(BIN)/wiretrace check "$(FILE)"
	@$(BIN)/snakemake --cores all --configfile "$(FILE)"

round: have-file
	@$(BIN)/wiretrace check "$(FILE)"
	@$(BIN)/snakemake --cores all --configfile "$(FILE)" --config "snapshot=$$(date -u +%Y-%m-%d)"

RESULTS = results/$(NAME)
WORK = $(RESULTS)/work
lab: install
	@test -f "$(WORK)/version.txt" || { echo "wiretrace: $(RESULTS): no version yet; first: make run NAME=$(NAME)" >&2; exit 2; }
	@WIRETRACE_VERSION="$(RESULTS)/versions/$$(cat "$(WORK)/version.txt")" $(BIN)/jupyter lab notebooks

verify: install
	@$(BIN)/wiretrace verify "$(RESULTS)"

diff: install
	@$(BIN)/wiretrace diff "$(RESULTS)"

docs: install
	@$(BIN)/wiretrace docs

real: install
	@$(BIN)/python -m wiretrace.practice real

lock: install
	@$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev --extra cluster \
	  --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv .snakemake
