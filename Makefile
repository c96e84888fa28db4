# Everything a person does with this repository. `make` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
RUN := .venv/bin
T ?=
UNITS := libs services cli models
WORKERS ?= 3  # most tests wait more than they compute
# PORT moves the gateway; STATE keeps several platforms apart.
export KINORA_HTTP_LISTEN ?= 127.0.0.1:$(or $(PORT),8000)
export KINORA_STATE_DIR ?= .run

##@ Use it

demo: setup ## Bring the platform up, make the sample video (or PROMPT="…"), save out/demo.mp4
	@$(RUN)/kinora demo $(if $(PROMPT),--prompt "$$PROMPT") $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SIZE),--size $(SIZE))

up: setup ## Run the platform until Ctrl-C (DETACH=1 returns when it is healthy); writes .run/credentials.env
	@$(if $(DETACH),$(RUN)/kinora up,exec $(RUN)/kinora serve all)

down: ## End the platform that `make up` started
	@$(RUN)/kinora down

gallery: setup ## Render the showcase into out/gallery, with a contact sheet (T=name selects)
	@$(RUN)/python tools/gallery.py $(T)

##@ Work on it

setup: .cache/setup.stamp ## Install everything the platform needs (idempotent)

.cache/setup.stamp: uv.lock pyproject.toml tools/setup.sh $(wildcard */pyproject.toml libs/*/pyproject.toml services/*/pyproject.toml) $(shell find libs/*/src/*/assets -name '*.py' 2>/dev/null)
	@tools/setup.sh
	@touch $@

setup-tests: setup ## Install what only the tests need: Kafka
	@tools/setup_tests.sh

protos: setup ## Regenerate libs/protos from protos/
	@$(RUN)/python tools/generate_protos.py

fmt: ## Format
	@$(RUN)/ruff format . && $(RUN)/ruff check --fix -q . && $(RUN)/buf format -w

lint: setup ## Check style, imports, protos
	@$(RUN)/ruff check . && $(RUN)/ruff format --check -q .
	@$(RUN)/lint-imports --no-logo 2>&1 | tail -n 20; exit $${PIPESTATUS[0]}
	@$(RUN)/buf lint && $(RUN)/buf format -d --exit-code
	@tools/check_protos.sh

types: setup ## Check types
	@$(RUN)/mypy libs/*/src services/*/src cli/src

unit: setup ## Unit tests (T=path selects)
	@$(RUN)/pytest -q -n $(WORKERS) --dist loadfile -m "not slow" $(or $(T),$(UNITS))

integration: setup-tests ## Separate processes with real Kafka, Postgres and Triton, and the faults
	@$(RUN)/pytest -q $(or $(T),tests/integration tests/faults)

test: setup-tests lint types ## Everything that must pass: lint, types, all tests
	@$(RUN)/pytest -q -n $(WORKERS) --dist loadfile $(or $(T),$(UNITS))
	@$(if $(T),,$(RUN)/pytest -q tests/integration tests/faults)

bench: setup-tests ## Print the benchmark tables (docs/benchmarks.md keeps the last ones)
	@for b in bench/bench_*.py; do $(RUN)/python $$b || exit 1; done

clean: ## Remove everything built, downloaded or kept
	rm -rf .venv .cache .run out libs/*/src/*/assets/built

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  \033[36mmake %-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo gallery up down setup setup-tests protos fmt lint types unit integration test bench clean help
