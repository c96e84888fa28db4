# Everything a person does with this repository. `make` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
RUN := .venv/bin
T ?=
UNITS := libs services cli models tests/images tests/bench
WORKERS ?= 3  # most tests wait more than they compute
# PORT moves the gateway; STATE keeps several platforms apart.
export KINORA_HTTP_LISTEN ?= 127.0.0.1:$(or $(PORT),8000)
export KINORA_STATE_DIR ?= $(or $(STATE),.run)
RELEASE ?= kinora
NAMESPACE ?= kinora
VALUES ?= deploy/helm/kinora/examples/laptop/values.yaml
HELM = $(or $(shell command -v helm),.cache/bin/helm) --namespace $(NAMESPACE)

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

.cache/setup.stamp: uv.lock pyproject.toml tools/setup.sh tools/carriers.txt $(wildcard */pyproject.toml libs/*/pyproject.toml services/*/pyproject.toml) $(shell find libs/*/src/*/assets -name '*.py' 2>/dev/null)
	@tools/setup.sh
	@touch $@

setup-tests: setup ## Install what only the tests need: Kafka, an object store, torch
	@tools/setup_tests.sh

tiny-models: setup-tests ## Build random LTX-2 and Cosmos3 weights for tests into .cache/tiny: all they make is noise
	@$(RUN)/python -m kinora_diffusion.tiny .cache/tiny

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

unit: setup-tests ## Unit tests (T=path selects)
	@$(RUN)/pytest -q -n $(WORKERS) --dist loadfile -m "not slow" $(or $(T),$(UNITS))

integration: setup-tests ## Separate processes with real Kafka, Postgres and Triton, and the faults
	@$(RUN)/pytest -q $(or $(T),tests/integration tests/faults)

charts: setup ## Render, validate and test the Helm chart (needs Go 1.24 once, for its tools)
	@tools/setup_charts.sh
	@$(RUN)/pytest -q -n $(WORKERS) --dist loadfile $(or $(T),tests/charts)

chart-docs: setup ## Regenerate the chart's schemas, its README's tables and the rendered examples
	@tools/setup_charts.sh
	@$(RUN)/python tools/chart_docs.py

test: setup-tests lint types ## Everything that must pass: lint, types, all tests
	@$(RUN)/pytest -q -n $(WORKERS) --dist loadfile $(or $(T),$(UNITS))
	@$(if $(T),,$(MAKE) -s charts)
	@$(if $(T),,$(RUN)/pytest -q tests/integration tests/faults)

bench: setup-tests ## Print the benchmark tables (docs/benchmarks.md keeps the last ones)
	@for b in bench/bench_*.py bench/av; do $(RUN)/python $$b || exit 1; done

clean: ## Remove everything built, downloaded or kept
	rm -rf .venv .cache .run out libs/*/src/*/assets/built

##@ Run it in a cluster

images: ## Build the container images (T="gateway kafka" selects; ENGINE, TAG, PREFIX, BUILD_ARGS: see deploy/docker/README.md)
	@tools/build_images.sh $(T)

cluster-up: ## Install or upgrade the chart in the cluster that KUBECONFIG names (VALUES=file, ARGS="--set …", RELEASE, NAMESPACE)
	@command -v helm >/dev/null || tools/setup_charts.sh
	@$(HELM) upgrade --install $(RELEASE) deploy/helm/kinora --create-namespace --values $(VALUES) $(ARGS) --wait --wait-for-jobs --timeout 10m

cluster-test: setup ## Tests against that cluster, which install, upgrade, break and restore a release of their own
	@PATH="$$PWD/.cache/bin:$$PATH" $(RUN)/pytest -q $(or $(T),tests/cluster)

cluster-down: ## Uninstall it, and remove its namespace with all that it kept
	@$(HELM) uninstall $(RELEASE) --ignore-not-found --wait && kubectl delete namespace $(NAMESPACE) --ignore-not-found

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  \033[36mmake %-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo gallery up down setup setup-tests tiny-models protos fmt lint types unit integration charts chart-docs cluster-up cluster-test cluster-down test bench images clean help
