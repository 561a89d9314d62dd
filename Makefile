# Two promises: `make run` brings the whole country up on this machine, `make test` proves the house.
# Both install what is missing into .venv and node_modules; nothing else is asked of a newcomer.

# The first Python that runs, is new enough and can make an environment (as root, apt adds that). The distribution's own
# is asked first: it was compiled along a profile, which makes Rekam a fifth quicker than one compiled without; a name on
# the path may be a shim that does not run.
PYTHON ?= $(shell for python in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	$$python -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || continue; \
	echo $$python && break; done)
VENV   := .venv
BIN    := $(VENV)/bin
ASSETS := src/rekam/web/assets/vendor/.ready
LEADER := $(VENV)/.leader-ready
KERNELS := $(VENV)/.kernels-ready
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# one more than there are cores: some tests wait for other processes
JOBS   ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# without compiled modules each of the hundreds of processes that the tests start compiles all it imports anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint style types bench drill screenshots lock clean

run: $(VENV)/.run-ready $(ASSETS) $(LEADER) $(KERNELS)  ## the whole country on loopback
	$(BIN)/rekam up

test: $(VENV)/.test-ready $(ASSETS) $(LEADER) $(KERNELS) $(VENV)/.machine-ready  ## every test, browser included
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

lint: style types  ## style, types, import contracts

style: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test-ready
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test-ready $(ASSETS) $(LEADER)  ## ratios and per-core figures, never a test
	$(BIN)/python -m bench

drill: $(VENV)/.run-ready $(ASSETS) $(LEADER) $(KERNELS)  ## the product's pulse
	$(BIN)/rekam drill

screenshots: $(VENV)/.test-ready $(ASSETS) $(LEADER) $(KERNELS) $(VENV)/.machine-ready  ## the pictures of the README
	$(BIN)/python -m bench.screenshots

lock:  ## new versions; the files carry hashes and name no host
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group build pyproject.toml -o requirements.lock
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group build --group dev pyproject.toml -o requirements-dev.lock
	@# requirements-weights.lock is not renewed with the rest: other weights are another extractor, to be measured first

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed (on Debian: python3 and python3-venv): install it, or run make PYTHON=/path/to/python3.11"; exit 1; }
	@# Debian's python3 comes without venv; its package brings it
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.run-ready: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Rekam (once) ..."
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# the trained fingerprint extractor: its package is only a carrier of weights, and asks for Keras if given the chance
$(LEADER): requirements-weights.lock $(wildcard src/rekam/abis/finger/leader/*.py) | $(VENV)/.run-ready
	@{ $(PIP) --no-deps --require-hashes -r requirements-weights.lock && $(BIN)/rekam abis prepare && touch $@; } || \
		echo "The trained fingerprint extractor could not be prepared; Rekam goes on with its classical one. make tries again."

# kept beside the sources; without this every process that comes first to a loop compiles it, half a minute in all
$(KERNELS): $(wildcard src/rekam/abis/*.py src/rekam/abis/*/*.py) | $(VENV)/.run-ready
	@echo "Compiling the biometric engine (once) ..."
	@$(BIN)/rekam abis compile
	@touch $@

$(VENV)/.test-ready: requirements-dev.lock $(VENV)/.run-ready
	@echo "Installing what the tests need (once) ..."
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.machine-ready: tests/machine.py $(VENV)/.test-ready
	$(BIN)/python -m tests.machine
	@touch $@

$(ASSETS): package-lock.json src/rekam/web/assets.py | $(VENV)/.run-ready
	@echo "Fetching fonts and scripts (once) ..."
	$(BIN)/python -m rekam.web.assets
	@touch $@

clean:  ## forget everything that set-up made; never touches data/
	rm -rf $(VENV) node_modules src/rekam/web/assets/vendor src/rekam/abis/finger/leader/generated
