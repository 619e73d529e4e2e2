# Everything that is done with this repository, one word each. `make help` lists them.

SHELL   := /bin/bash
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
GOLANGCI_LINT := v2.15.0

# For `make run`: further flags of `kohta serve`, as in make run ARGS="--listen 127.0.0.1:9090".
ARGS ?=
# For `make fuzz`: how long each target runs.
FUZZTIME ?= 30s

.DEFAULT_GOAL := help
.PHONY: help go run build check test lint fuzz figures scale chaos picture clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

go:
	@command -v go >/dev/null || { echo "Kohta is built with Go 1.26 or newer, and there is no 'go' in the PATH. Install it, then try again."; exit 1; }

run: build ## the desk with the demo, on http://127.0.0.1:8080; needs Go alone
	@exec bin/kohta serve --demo $(ARGS)

# Go knows by itself what is stale; an unchanged tree is built in a second.
build: go ## bin/kohta: one static binary with console, widget and migrations inside
	@CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "$(LDFLAGS)" -o bin/kohta ./cmd/kohta

check: go ## for each commit: build, vet, format, quick tests
	@scripts/check

test: go ## all tests; installs what they need where it may
	@scripts/test

lint: go ## golangci-lint, built at its first use
	@GOBIN="$(CURDIR)/.cache/bin" scripts/lint $(GOLANGCI_LINT)

fuzz: go ## every fuzz target for FUZZTIME (30s)
	@scripts/fuzz $(FUZZTIME)

figures: go ## measure beside the floor programs of FLOORS=DIR, and write docs/performance.md
	@FLOORS="$(FLOORS)" scripts/figures

scale: go ## measure one, two and three nodes beside FLOORS=DIR, and write the figures of docs/scale.md
	@FLOORS="$(FLOORS)" scripts/figures-nodes

chaos: go ## kill, stop and cut off three nodes, Postgres and Redis, and count what is lost (as root); writes docs/reliability.md
	@go run ./cmd/kohta-chaos full --report docs/reliability.md

picture: build ## takes docs/screenshot.png anew, from the running program
	@scripts/picture

clean: ## what was built, and the demo's data
	rm -rf bin kohta-data .cache e2e/screenshots
