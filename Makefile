# One target for each thing a person does. `make help` lists them.
#
# Two environments, both made from nothing and kept while the pinned requirements are unchanged:
#   .venv       what the application needs          (make run)
#   .venv-test  the same, development tools, Spark  (everything else)

PYTHON ?= python3
PORT   ?= 8501
SERVE   = -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT) --server.showEmailPrompt false
APP    := .venv/bin/python
TOOLS  := .venv-test/bin/python

# The spellings `make bench NAME` and `make bench NAME=…`.
ifeq (bench,$(firstword $(MAKECMDGOALS)))
  WORDS := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
  NAME  ?= $(WORDS)
  ifneq (,$(WORDS))
    .PHONY: $(WORDS)
    $(eval $(WORDS):;@:)
  endif
endif

.DEFAULT_GOAL := help
.PHONY: help run dev test test-full lint format bench docs lock clean environment tools system

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: environment ## open the application (PORT=8501), with the demo company the first time
	@sh scripts/ensure-demo.sh $(APP)
	$(APP) $(SERVE)

dev: tools ## the same, reloading when a file is saved
	@sh scripts/ensure-demo.sh $(TOOLS)
	$(TOOLS) $(SERVE) --server.runOnSave true

test: system tools lint ## lint and the whole fast suite: browser, PostgreSQL and Spark included
	$(TOOLS) -m scripts.import_everything
	$(TOOLS) -m pytest -m "not long" -n 2 --dist loadfile

test-full: system tools lint ## everything, the long runs too; names each part it could not run
	$(TOOLS) -m scripts.import_everything
	$(TOOLS) -m pytest -n 2 --dist loadfile

lint: tools ## ruff, formatting, types, layers
	$(TOOLS) -m ruff check .
	$(TOOLS) -m ruff format --check .
	$(TOOLS) -m mypy
	.venv-test/bin/lint-imports

format: tools ## put every file into the one format
	$(TOOLS) -m ruff check --fix-only --exit-zero .
	$(TOOLS) -m ruff format .

bench: tools ## measure: make bench NAME, or all of them without a name
	$(TOOLS) -m scripts.bench $(NAME)

docs: tools ## write the generated pages of docs/
	$(TOOLS) -m scripts.docs

lock: ## pin the requirement files anew from pyproject.toml
	$(PYTHON) -m scripts.lock

clean: ## remove the environments and caches; the store stays
	rm -rf .venv .venv-test .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@$(PYTHON) -m scripts.environment .venv requirements.txt

tools:
	@$(PYTHON) -m scripts.environment .venv-test requirements.txt requirements-dev.txt requirements-spark.txt --prove

system:
	@sh scripts/ensure-system.sh
