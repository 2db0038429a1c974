.DEFAULT_GOAL := help
PY := .venv/bin/python

.PHONY: help run test lint types fmt bench lock

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: ## serve on http://127.0.0.1:8000
	./run

test: ## the whole suite; `./test ARGS` for a part of it
	./test

lint: ## ruff, import contracts, questionnaires
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/sdlc-assess check

types: ## mypy
	$(PY) -m mypy

fmt: ## format and mend what ruff can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: ## what is fast, as ratios against a ceiling in the same run
	$(PY) -m bench

lock: ## renew both hash-locked requirement files (needs uv)
	printf 'setuptools>=77\n' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml - -o requirements.txt
	printf 'setuptools>=77\n' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements.txt --extra test pyproject.toml - -o requirements-test.txt
