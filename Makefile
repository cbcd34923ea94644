# Every command of this repository. `make check` is what must pass before a change goes in.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

CARGO ?= cargo
# A continuous-integration run takes the dependencies as Cargo.lock names them, or fails.
LOCKED := $(if $(CI),--locked)

DOCUMENT := openapi/openapi.json
LINT := openapi/lint
TOOLS := $(LINT)/node_modules/.bin
CLIENT := clients/typescript
TARGET := $(or $(CARGO_TARGET_DIR),target)

export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true

NODE_IS_THERE = command -v npm >/dev/null && command -v node >/dev/null && node -e \
  'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

# --- run ---------------------------------------------------------------------------------------

.PHONY: run
run: ## serve with demo data in ./data
	$(CARGO) run $(LOCKED) --release -- run

.PHONY: demo
demo: ## write the demo data into the configured database
	$(CARGO) run $(LOCKED) --release -- demo

.PHONY: build
build: ## the release binary
	$(CARGO) build $(LOCKED) --release

# --- check -------------------------------------------------------------------------------------

.PHONY: check
check: fmt-check clippy test openapi-check ## everything that must hold before a change goes in

.PHONY: fmt
fmt: ## format the code
	$(CARGO) fmt --all

.PHONY: fmt-check
fmt-check:
	$(CARGO) fmt --all --check

.PHONY: clippy
clippy: ## lint the code
	$(CARGO) clippy $(LOCKED) --all-targets -- -D warnings

.PHONY: test
test: ## all tests over SQLite, then the HTTP tests over PostgreSQL
	XIANLU_TEST_BACKEND=sqlite $(CARGO) test $(LOCKED)
	@PATH="$$PATH:$$(printf '%s:' /usr/lib/postgresql/*/bin)"; \
	if command -v initdb >/dev/null && command -v postgres >/dev/null; then \
	  echo 'XIANLU_TEST_BACKEND=postgres $(CARGO) test $(LOCKED) --test it'; \
	  XIANLU_TEST_BACKEND=postgres $(CARGO) test $(LOCKED) --test it; \
	else \
	  echo 'SKIPPED: the PostgreSQL run of the HTTP tests (no initdb/postgres found; install postgresql to run them)'; \
	fi

.PHONY: bench
bench: ## what the registry costs at 10,000, 100,000 and 1,000,000 customers, on both databases (BENCH="--help")
	$(CARGO) bench $(LOCKED) --bench registry -- $(BENCH)

.PHONY: schemathesis
schemathesis: ## property-based tests of the whole API, as every role
	$(CARGO) build $(LOCKED)
	scripts/schemathesis.sh

.PHONY: tour
tour: ## the README's tour, its very lines, on a new demo company
	$(CARGO) build $(LOCKED)
	TOUR_BIN=$(abspath $(TARGET))/debug/xianlu scripts/tour.sh

.PHONY: licences
licences: ## licences, bans and sources of the dependencies, by cargo-deny
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check licenses bans sources; \
	else echo 'SKIPPED: the check of licences (no cargo-deny found; cargo install cargo-deny to run it)'; fi

# --- the OpenAPI document ----------------------------------------------------------------------

.PHONY: openapi
openapi: generated ## write openapi/openapi.json from the code
	cp $(TARGET)/openapi.json $(DOCUMENT)

.PHONY: generated
generated:
	@mkdir -p $(TARGET) $(dir $(DOCUMENT))
	$(CARGO) run $(LOCKED) --quiet -- openapi > $(TARGET)/openapi.json

.PHONY: openapi-check
openapi-check: generated
	@diff -u $(DOCUMENT) $(TARGET)/openapi.json | head -n 60 || { \
	  echo '$(DOCUMENT) is not what the code says: run `make openapi` and commit it'; exit 1; }
	@if $(NODE_IS_THERE); then $(MAKE) --no-print-directory openapi-lint client-check; else \
	  echo 'SKIPPED: lint of the OpenAPI document (redocly, spectral, breaking changes; no node >= 20.19 with npm found)'; \
	  echo 'SKIPPED: the TypeScript client compiles (no node >= 20.19 with npm found)'; fi

$(LINT)/node_modules/.package-lock.json: $(LINT)/package.json $(LINT)/package-lock.json
	npm ci --prefix $(LINT) --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: openapi-lint
openapi-lint: $(LINT)/node_modules/.package-lock.json ## lint the document, and the linters' own tests
	cd $(LINT) && node --test --test-reporter=tap test/*.test.mjs
	$(TOOLS)/redocly lint --config $(LINT)/redocly.yaml $(DOCUMENT)
	$(TOOLS)/spectral lint -r $(LINT)/.spectral.yaml --fail-severity=warn $(DOCUMENT)
	node $(LINT)/breaking.mjs --git $(DOCUMENT)

.PHONY: client
client: $(LINT)/node_modules/.package-lock.json ## write clients/typescript/src from the document
	OPENAPI_DOCUMENT=$(DOCUMENT) OPENAPI_CLIENT=$(CLIENT)/src $(TOOLS)/openapi-ts -f $(LINT)/openapi-ts.config.mjs
	$(TOOLS)/tsc --strict --noEmit -p $(CLIENT)/tsconfig.json
	node $(LINT)/client-methods.mjs $(DOCUMENT) $(CLIENT)/src

# The same beside the repository's own, so that a check changes no file of it.
.PHONY: client-check
client-check: $(LINT)/node_modules/.package-lock.json
	@rm -rf $(TARGET)/client && mkdir -p $(TARGET)/client && cp $(CLIENT)/package.json $(CLIENT)/tsconfig.json $(TARGET)/client/
	OPENAPI_DOCUMENT=$(DOCUMENT) OPENAPI_CLIENT=$(TARGET)/client/src $(TOOLS)/openapi-ts -f $(LINT)/openapi-ts.config.mjs
	$(TOOLS)/tsc --strict --noEmit -p $(TARGET)/client/tsconfig.json
	node $(LINT)/client-methods.mjs $(DOCUMENT) $(TARGET)/client/src
	@if [ -d $(CLIENT)/src ]; then diff -r $(CLIENT)/src $(TARGET)/client/src || { \
	  echo '$(CLIENT)/src is not what the document says: run `make client` and commit it'; exit 1; }; fi
