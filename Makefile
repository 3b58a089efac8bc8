# Two commands do it all: "make run" and "make test". "make help" lists the rest.

PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run test install test-install lint format types docs docs-check coverage bench screenshots lock clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: install  ## Set up what is missing and start: http://127.0.0.1:8000 (another port: PORT=8001 make run)
	@exec $(BIN)/crisis run

install: python  ## Set up what is missing, without starting
	@$(PYTHON) setup/prepare.py run

test: test-install docs-check lint types  ## Check everything: docs, lint, types, then the tests
	$(BIN)/pytest -n 2

test-install: python  ## Set up what the tests need, a browser included
	@$(PYTHON) setup/prepare.py test

lint: test-install  ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: test-install  ## Check types
	$(BIN)/mypy

format: test-install  ## Put the code into the agreed style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

coverage: test-install  ## Run the tests and show what they do not reach, in htmlcov/index.html; below 95 % it fails
	$(BIN)/pytest -n 2 --cov --cov-report=term-missing:skip-covered --cov-report=html

docs: install  ## Write the generated reference pages anew, and check all links
	$(BIN)/python setup/docs.py write

docs-check: test-install
	$(BIN)/python setup/docs.py check

screenshots: test-install  ## Take the pictures in docs/screens anew
	$(BIN)/python tests/screens.py

bench: test-install  ## Measure quality and speed of matching
	$(BIN)/python -m benchmarks

lock: test-install  ## Choose the newest versions and pin them with their hashes
	$(BIN)/python setup/lock.py

clean:  ## Remove everything set-up made; instance/ stays
	rm -rf .venv build dist htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache
	rm -rf *.egg-info crisis/desk/static/vendor
	find crisis tests setup -name __pycache__ -prune -exec rm -rf {} +

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Python 3.11 oder neuer fehlt / is missing: apt install python3 python3-venv" >&2; exit 1; }
