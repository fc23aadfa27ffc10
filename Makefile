# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := bash
export CARGO_TARGET_DIR ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/commonhold/target

GRAPHIQL := services/gateway/graphiql
WEB := services/web
WEB_SOURCES := $(shell find $(WEB) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' \
	-not -name generated.ts -not -name shape.ts) services/gateway/supergraph.graphql

.PHONY: help run bench run-split graphiql web web-build reset test check schema matrix prerequisites

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

prerequisites:
	@command -v cargo >/dev/null || { echo 'missing: Rust 1.95 with cargo (rustup installs it from rust-toolchain.toml)'; exit 1; }
	@command -v cc >/dev/null || { echo 'missing: a C compiler (sudo apt-get install build-essential)'; exit 1; }
	@command -v cmake >/dev/null || command -v cc >/dev/null

run: prerequisites ## everything in one process on http://localhost:8080, with demo data, in ./data
	@$(MAKE) --no-print-directory web-build || echo 'the web application is not built; the API works'
	@[ -e $(GRAPHIQL)/dist/index.html ] || $(MAKE) --no-print-directory graphiql || echo 'GraphiQL is not built; everything else works'
	cargo run --quiet -p all-in-one -- --demo

run-split: prerequisites ## every service a process of its own, on throw-away PostgreSQL and Redis servers
	cargo run --quiet -p xtask -- run-split

graphiql: $(GRAPHIQL)/dist/index.html ## the page at /graphql in embedded mode; needs npm

$(GRAPHIQL)/dist/index.html: $(filter-out $(GRAPHIQL)/dist $(GRAPHIQL)/node_modules,$(wildcard $(GRAPHIQL)/*))
	@command -v npm >/dev/null || { echo 'missing: Node.js 20 with npm'; exit 1; }
	cd $(GRAPHIQL) && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

web: $(WEB)/node_modules/.package-lock.json ## the web application on http://localhost:5173, reloading as you edit, in front of a running server
	cd $(WEB) && npm run --silent dev

web-build: $(WEB)/dist/index.html ## the web application that `make run` serves; needs npm

$(WEB)/dist/index.html: $(WEB_SOURCES) | $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && npm run --silent build -- --logLevel warn
	@touch $@

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	@command -v npm >/dev/null || { echo 'missing: Node.js 20 with npm'; exit 1; }
	cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

reset: ## forget the data of `make run`
	rm -rf data

test: prerequisites ## every test, on SQLite and on throw-away PostgreSQL and Redis servers
	cargo run --quiet -p xtask -- test

bench: prerequisites ## speed, as figures of one run on a release build; ARGS=--quick, ARGS=--write
	cargo run --quiet --release -p bench -- $(ARGS)

check: prerequisites ## format, lints, architecture
	cargo run --quiet -p xtask -- check

schema: prerequisites ## rewrite the committed GraphQL schemas
	cargo run --quiet -p xtask -- schema

matrix: prerequisites ## rewrite the committed table of who may do what
	cargo run --quiet -p xtask -- matrix
