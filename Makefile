# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := bash
export CARGO_TARGET_DIR ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/commonhold/target

GRAPHIQL := services/gateway/graphiql

.PHONY: help run bench run-split graphiql reset test check schema prerequisites

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

prerequisites:
	@command -v cargo >/dev/null || { echo 'missing: Rust 1.95 with cargo (rustup installs it from rust-toolchain.toml)'; exit 1; }
	@command -v cc >/dev/null || { echo 'missing: a C compiler (sudo apt-get install build-essential)'; exit 1; }
	@command -v cmake >/dev/null || command -v cc >/dev/null

run: prerequisites ## everything in one process on http://localhost:8080, with demo data, in ./data
	@[ -e $(GRAPHIQL)/dist/index.html ] || $(MAKE) --no-print-directory graphiql || echo 'GraphiQL is not built; everything else works'
	cargo run --quiet -p all-in-one -- --demo

run-split: prerequisites ## every service a process of its own, on throw-away PostgreSQL and Redis servers
	cargo run --quiet -p xtask -- run-split

graphiql: $(GRAPHIQL)/dist/index.html ## the page at /graphql in embedded mode; needs npm

$(GRAPHIQL)/dist/index.html: $(filter-out $(GRAPHIQL)/dist $(GRAPHIQL)/node_modules,$(wildcard $(GRAPHIQL)/*))
	@command -v npm >/dev/null || { echo 'missing: Node.js 20 with npm'; exit 1; }
	cd $(GRAPHIQL) && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

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
