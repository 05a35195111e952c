# The project's commands. Each sets up what it needs: `make demo` or `make test` may be the first thing typed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Every process of the tests would compile the sources anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check format bench docs schemas knowledge knowledge-update vsix editors gateways release-check clean help

help:
	@echo 'make demo     the main job on bundled templates, with no key and no network'
	@echo 'make test     all tests'
	@echo 'make check    format, lint, types, layers, generated files'
	@echo 'make vsix     the VS Code extension with its server inside, in dist/ (needs Node 20 or newer)'
	@echo 'make editors  a real VS Code in a real browser, a real Neovim and a real Emacs'
	@echo 'make release-check  that what would be published installs and runs, away from here'
	@echo 'make gateways  lists, verdicts and chats with a real LiteLLM proxy on this machine'
	@echo 'make bench    this server beside one that does no work'
	@echo 'make knowledge  what is known of models offline, from the pinned sources'
	@echo 'make docs     what is read, for people and for VS Code, from the dialects'\'' files; version and address everywhere'
	@echo 'make schemas  the JSON Schemas in schemas/ from the code'
	@echo 'make format   rewrite the sources in the house format'

# The stamp depends on what decides the environment's content, so a changed pin rebuilds it.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Stagewright needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo 'Setting up $(VENV) (once) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY)
	@$(BIN)/stagewright demo

test: $(READY)
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m stagewright.schemas --check
	@$(BIN)/python -m server.tools.dialects_page --check
	@$(BIN)/python -m server.tools.client_claims --check
	@$(BIN)/python -m server.tools.published --check

docs: $(READY)
	@$(BIN)/python -m server.tools.dialects_page
	@$(BIN)/python -m server.tools.client_claims
	@$(BIN)/python -m server.tools.published

schemas: $(READY)
	@$(BIN)/python -m stagewright.schemas

# Its sources go into an environment of their own: one of them alone takes 200 MB.
SOURCES := build/knowledge
SOURCES_PIP := $(SOURCES)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all:
MAKE_KNOWLEDGE := PYTHONPATH=.:server $(SOURCES)/bin/python -m server.tools.knowledge

$(SOURCES)/bin/python:
	@$(PYTHON) -m venv $(SOURCES)

knowledge: $(SOURCES)/bin/python
	@$(SOURCES_PIP) --no-deps --requirement server/tools/knowledge/sources.txt
	@$(SOURCES_PIP) --constraint server/tools/knowledge/sources.txt --constraint constraints.txt genai-prices
	@$(MAKE_KNOWLEDGE)

# The same from the newest sources, whose versions and day it pins.
knowledge-update: $(SOURCES)/bin/python
	@$(SOURCES_PIP) --no-deps --upgrade $$(sed -n 's/==.*//p' server/tools/knowledge/sources.txt)
	@$(SOURCES_PIP) --constraint constraints.txt genai-prices
	@$(MAKE_KNOWLEDGE) --pin

format: $(READY)
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

bench: $(READY)
	@$(BIN)/python -m tests.bench

# The wheel and the pins go into the extension, which makes its server's environment from them.
vsix: $(READY)
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || { echo 'make vsix needs Node 20 or newer on PATH.' >&2; exit 1; }
	@rm -rf client-vscode/server && mkdir -p client-vscode/server dist
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir client-vscode/server .
	@cp constraints.txt client-vscode/server/
	@cd client-vscode && npm ci --silent && npm run --silent check && npm run --silent build && npm run --silent package

# Installs a VS Code and a browser into the user's cache first; everything runs under the Node that came with them.
editors: $(READY)
	@tests/editors/run.sh

# Builds the wheel, the source distribution and the VSIX, and uses them as those would who get them.
release-check: $(READY)
	@tests/release/run.sh

# Installs a real gateway into an environment of its own first; it runs on loopback, without a network.
gateways: $(READY)
	@$(BIN)/python -m tests.gateways.litellm

clean:
	rm -rf $(VENV) .gateways build dist .mypy_cache .pytest_cache .ruff_cache
