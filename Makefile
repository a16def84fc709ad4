# What a person types here. Every target sets up what it needs.

ifndef PYTHON
# A pyenv shim of a version that is not chosen is there, fails, and says so in ten lines.
PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$p; break; }; done)
endif
BIN := .venv/bin
WORKERS ?= auto
ARGS ?=
comma := ,

.DEFAULT_GOAL := help

.PHONY: help
help: ## what can be done here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "make %-12s %s\n", $$1, $$2}'

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found on the PATH."; exit 1; }
	@echo "Making a virtual environment in .venv with $(PYTHON) ..."
	@$(PYTHON) -m venv --clear .venv

# A virtual environment that was cut off while it was made has a python and no pip.
define install
	@$(BIN)/python -m pip --version >/dev/null 2>&1 \
	|| { rm -rf .venv; $(MAKE) --no-print-directory .venv/bin/python; }
	@echo "Installing gerra-tui with $(1): once, and it takes up to a minute or two ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(1)]'
endef

.venv/.demo: .venv/bin/python pyproject.toml
	$(call install,demo)
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml
	$(call install,demo$(comma)dev)
	@touch $@ .venv/.demo

.venv/.bench: .venv/bin/python pyproject.toml
	$(call install,demo$(comma)dev$(comma)bench)
	@touch $@ .venv/.dev .venv/.demo

.PHONY: demo
demo: .venv/.demo ## open the console on the embedded demo service
	@$(BIN)/gerra-tui --demo $(ARGS)

.PHONY: run
run: .venv/.demo ## open the console on your service (ARGS="status:pending type:episode")
	@$(BIN)/gerra-tui $(ARGS)

.PHONY: test
test: .venv/.dev ## run the tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

.PHONY: check
check: .venv/.dev ## format, lint, types, import contracts, tests with coverage floors (TESTED=1: those just run)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
ifndef TESTED
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --cov --cov-report= $(ARGS)
endif
	$(BIN)/coverage report --fail-under=85
	$(BIN)/coverage report --include='gerra_tui/domain/*,gerra_tui/service/*,gerra_tui/journal/*' --fail-under=95

.PHONY: format
format: .venv/.dev ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: contract
contract: .venv/.dev ## check a real service (BASE_URL=..., key in GERRA_API_KEY, WRITES=1 to send verdicts)
	GERRA_CONTRACT_BASE_URL=$(BASE_URL) GERRA_CONTRACT_WRITES=$(WRITES) $(BIN)/python -m pytest tests/contract $(ARGS)

.PHONY: crash
crash: .venv/.dev ## the full crash test: hundreds of kills, every fault, both backends
	$(BIN)/python -m pytest tests/crash -m slow -s $(ARGS)

.PHONY: bench
bench: .venv/.bench ## measure the console beside its peers
	@$(BIN)/python -m tests.bench $(ARGS)

.PHONY: screenshots
screenshots: .venv/.dev ## take the pictures in screenshots/ again
	$(BIN)/python -m tests.screenshots $(ARGS)

.PHONY: moving-picture
moving-picture: .venv/.dev ## make the moving picture of a verdict in screenshots/ again
	$(BIN)/python -m tests.moving_picture $(ARGS)

.PHONY: clean
clean: ## remove what the other targets made
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
