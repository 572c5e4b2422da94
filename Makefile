# Everything runs in .venv, which each target sets up by itself. Needed: Python 3.11 or later with pip, and make.
#
#   make demo    a server with sample data to try, and the client on it; ARGS="..." goes to `tashika-server demo`
#   make test    the tests, without the slow ones; TESTS="..." goes to pytest
#   make check   style, types, imports between rooms, protos, and what the README promises
#   make fault   kills, full and failing disks, by the dozen: some minutes; seeds and moments are printed
#   make interop the main job by clients in Node, Ruby and C++; as root it installs what they need
#   make bench   the server beside a bare echo server; ARGS="..." goes to the bench
#   make reference  proto/REFERENCE.md, from the protos and the table of reasons
#   make pictures   the README's pictures of the client, into tui/pictures
#   make ssh-test     the SSH host from outside: who comes in, what runs, what is refused
#   make ssh-bench    fifty sessions over SSH: memory of each, key to screen
#   make ssh-openssh  the README's recipe with a real sshd; as root it installs openssh-server (Debian) where missing
#   make dist    the wheel, into dist/; requirements/run.txt has the versions to install with it
#   make setup   only the environment

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
LOCK := requirements/dev.txt
IMAGE := build/tashika.binpb
PROTOS := $(shell find proto/tashika -name '*.proto' -o -type d)
SOURCES := hatch_build.py proto server tests tools tui

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DELETE_ON_ERROR:
.PHONY: setup stubs demo test fault interop check bench ssh-test ssh-bench ssh-openssh reference pictures dist lock baseline clean \
	check-style check-types check-rooms check-protos check-fresh check-readme check-text

setup: .venv/installed build/stubs.stamp .venv/fonts

# --without-pip and `pip --python`: distributions that ship venv's bootstrap apart need no further package then.
.venv/locked: $(LOCK)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with pip is needed: make PYTHON=/path/to/it" >&2; exit 1; }
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes --only-binary=:all: -r $(LOCK)
	@touch $@

.venv/installed: .venv/locked pyproject.toml hatch_build.py
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

build/stubs.stamp: .venv/installed proto/build_stubs.py $(PROTOS)
	$(BIN)/python proto/build_stubs.py
	@touch $@

# The Japanese fonts come with a package in a form that has to be converted once, which takes some seconds.
.venv/fonts: .venv/installed $(wildcard server/tashika_server/documents/font*.py)
	$(BIN)/python -m tashika_server.documents.fonts
	@touch $@

stubs: build/stubs.stamp

demo: setup
	$(BIN)/tashika-server demo $(ARGS)

# One more than there are cores, at most 4: a third of a screen's test is waiting until nothing happens any more.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 4 ? n + 1 : 4)))

# The servers that tests start, and their processes that render, compile each module anew where nothing is kept.
test fault: export PYTHONDONTWRITEBYTECODE :=

# Tests that share a server carry the same xdist_group and run in one worker.
test: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not slow" $(TESTS)

fault: setup
	$(BIN)/python -m pytest -s tests/fault $(TESTS)

# Ends well only if all three ran and passed; what can't run says SKIPPED and why.
interop: setup
	$(BIN)/python -m tests.interop --install $(ARGS)

bench: setup
	$(BIN)/python -m tests.bench $(ARGS)

ssh-bench: setup
	$(BIN)/python -m tests.bench --parts ssh --json build/ssh-bench.json $(ARGS)

ssh-test: setup
	$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist loadgroup tests/e2e/ssh $(TESTS)

ssh-openssh: setup
	sh tests/openssh/install.sh
	$(BIN)/python -m pytest -s -rs tests/openssh $(TESTS)

check: check-style check-types check-rooms check-protos check-fresh check-readme check-text

check-style: setup
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

check-types: setup
	$(BIN)/mypy $(SOURCES)

check-rooms: setup
	$(BIN)/lint-imports

check-protos: setup
	$(BIN)/buf lint $(IMAGE) --config proto/buf.yaml
	$(BIN)/buf format --diff --exit-code proto
	test ! -e proto/baseline.binpb || \
		$(BIN)/buf breaking $(IMAGE) --against proto/baseline.binpb --config proto/buf.yaml

check-fresh: setup
	$(BIN)/python -m tools.check_fresh

check-readme: setup
	$(BIN)/python -m tools.check_readme

check-text: setup
	$(BIN)/python -m tools.check_text

reference: setup
	$(BIN)/python -m tools.reference --write

pictures: setup
	$(BIN)/python -m tests.tui.readme_pictures

# The versions that everybody gets: dev.txt here, run.txt, the same without our own tools, where it runs for real.
# Needs a package registry; UPGRADE=--upgrade takes the newest that fit.
COMPILE = $(BIN)/pip-compile --no-config --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra server --extra tui
lock: .venv/locked
	$(COMPILE) $(UPGRADE) --extra dev --all-build-deps --output-file $(LOCK) pyproject.toml
	rm -f requirements/run.txt
	$(COMPILE) --constraint $(LOCK) --no-annotate --output-file requirements/run.txt pyproject.toml

dist: setup
	$(BIN)/python -m hatchling build --target wheel

# What clients have from now on: `make check` refuses any later change that breaks them.
baseline: setup
	cp $(IMAGE) proto/baseline.binpb

clean:
	rm -rf .venv build dist tests/interop/node/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +
