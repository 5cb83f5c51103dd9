# The two commands that matter: `make demo` shows lintel at work on a real system,
# `make test` runs every check there is. Both need only Go, git and make.

GO ?= go

# The race detector needs a C compiler; without one the tests run all the same.
CC_FOUND := $(shell command -v "$$($(GO) env CC)" 2>/dev/null)
RACE := $(if $(CC_FOUND),-race)

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build the commands into bin/, static
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/ ./cmd/...

.PHONY: demo
demo: build ## check and draw a real system, Online Boutique (findings are expected)
	@bin/lintel check testdata/designs/online-boutique || [ $$? -eq 1 ]
	@bin/lintel render testdata/designs/online-boutique --findings -o bin/online-boutique.svg
	@echo "The picture is in bin/online-boutique.svg."

.PHONY: test
test: ## build, vet, staticcheck, gofmt, all tests (with -race where a C compiler is)
	$(GO) build ./...
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@files=$$(git ls-files '*.go' | xargs gofmt -l); if [ -n "$$files" ]; then \
		echo "not formatted, run gofmt -w on:"; echo "$$files"; exit 1; fi
	$(GO) test $(RACE) -timeout 30m ./...

.PHONY: test-long
test-long: ## the property tests on 10,000 and more random designs each, and a release of all platforms
	LINTEL_LONG=1 $(GO) test -timeout 60m ./analyzer/...
	LINTEL_LONG=1 $(GO) test -timeout 60m -run TestRelease ./internal/house

.PHONY: bench
bench: build ## the figures that lintel promises, printed as ratios
	$(GO) run ./internal/figures

.PHONY: docs
docs: ## write the generated parts of docs/, schema/ and testdata/ anew
	$(GO) generate ./...

.PHONY: release
release: ## build what is published of a version into dist/: make release VERSION=1.2.3
	$(GO) run ./internal/release -version "$(VERSION)" -out dist
