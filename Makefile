# One verb, one command. Each does first what it needs: the environment, the web assets, the book.

# The environment's own Python where there is one, so that a Python named once stays.
PYTHON ?= $(shell .venv/bin/python -c '' 2>/dev/null && echo .venv/bin/python || echo python3)
# More words for pytest: make test ARGS="-k sockets"
ARGS ?=

# Scripts of the environment come first, so that its Node is found where the system has none.
run := PATH="$(CURDIR)/.venv/bin:$$PATH"
# Playwright's own Node needs a library that a fresh Debian lacks; the Node found here runs already.
node := $$($(run); command -v node)
python := $(run) PLAYWRIGHT_NODEJS_PATH="$(node)" .venv/bin/python

define prepare
@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one: make $@ PYTHON=python3.12" >&2; exit 1; }
@"$(PYTHON)" tools/setup.py $@
endef

.PHONY: help read chat test check observer conformance conformance-peers outputs bench clean

help:  ## list these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

read:  ## build the book, serve it on this machine and open the browser
	$(prepare)
	@$(python) -m glassloop.cli read

chat:  ## serve the chat of Chapter 16 on real sockets, for nc localhost 7000
	$(prepare)
	@$(python) book/chat.py $(ARGS)

test:  ## run all tests
	$(prepare)
	@$(python) -m pytest --numprocesses=auto --dist=loadfile $(ARGS)

check:  ## read the code without running it: ruff, mypy, TypeScript
	$(prepare)
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	$(run) npm --prefix web run --silent check

observer:  ## run CPython's own tests of asyncio recorded, and compare how they end
	$(prepare)
	@$(python) conformance/observer.py $(ARGS)

conformance:  ## run CPython's own tests of asyncio on ours, standing in for it and as its loop
	$(prepare)
	@$(python) conformance/conform.py $(ARGS)

conformance-peers:  ## run the tests of libraries that stand on asyncio on its loop and on ours
	$(prepare)
	@$(python) conformance/peers.py $(ARGS)

outputs:  ## run every cell and write what it prints into the chapters
	$(prepare)
	@$(python) book/outputs.py $(ARGS)

bench:  ## measure what the README states in numbers
	$(prepare)
	@set -e; for script in bench/*.py; do echo "$$script"; $(python) "$$script"; done

clean:  ## remove all that these verbs made
	rm -rf build .venv web/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
