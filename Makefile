# Every target sets up what it needs and works in a fresh clone.
# Needed on the machine: Go, git, make; a C compiler for RACE=1; node and python3 for foreign.

SHELL := bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

STATICCHECK_VERSION := v0.8.2
STATICCHECK := .cache/bin/staticcheck-$(STATICCHECK_VERSION)

# RACE=1 runs the tests under the race detector.
RACE ?=
# SQLite, translated from C, is left out of the instrumentation: it is not our code, and
# checking every access inside it would take most of the run.
RACEFLAGS := -race '-gcflags=modernc.org/...=-race=false'
# TESTFLAGS reaches go test, as in make test TESTFLAGS='-run TestClone -count=1'.
TESTFLAGS ?=
# PKGS narrows test and bench.
PKGS ?= ./...
# ROWS narrows guards to the attacks, tests and files that hold one of its words.
ROWS ?=
# GUARDS are the tables of guards: those of attacks, and unless ROWS narrows them those of the policy.
GUARDS ?= test/guards.tsv $(if $(ROWS),,test/policy/guards.tsv)
# RHUMB_SOAK is how much of the soak runs: full, or tenth.
RHUMB_SOAK ?= full
SOAK_TIMEOUT ?= 3h

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: build ## start two portals, clone one into the other, check the copy, print the report
	@bin/rhumb demo --once

.PHONY: build
build: ## build the binary into bin/
	@CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/ ./cmd/rhumb

.PHONY: materials
materials: build ## list what the binary is made of: bin/rhumb.cdx.json (CycloneDX)
	@go run ./tools/materials bin/rhumb >bin/rhumb.cdx.json
	@echo 'ok  	bin/rhumb.cdx.json'

.PHONY: test
test: ## run every Go test (RACE=1, TESTFLAGS=, PKGS=)
	@go run ./tools/testrun $(if $(RACE),$(RACEFLAGS) -timeout=40m,-timeout=10m) $(TESTFLAGS) $(PKGS)

.PHONY: check
check: fmt-check vet lint arch generated ## formatting, vet, staticcheck, house rules, generated files

.PHONY: fmt-check
fmt-check:
	@bad=$$(git ls-files -z --cached --others --exclude-standard -- '*.go' | xargs -0 -r gofmt -l) || exit 1; \
	if [ -n "$$bad" ]; then printf 'gofmt would change (run gofmt -w):\n%s\n' "$$bad"; exit 1; fi
	@echo 'ok  	gofmt'

.PHONY: vet
vet:
	@go vet ./...
	@echo 'ok  	go vet'

.PHONY: lint
lint: $(STATICCHECK)
	@$(STATICCHECK) ./...
	@echo 'ok  	staticcheck $(STATICCHECK_VERSION)'

$(STATICCHECK):
	@mkdir -p $(@D)
	@GOBIN="$(CURDIR)/$(@D)" go install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)
	@mv $(@D)/staticcheck $@

.PHONY: arch
arch:
	@go test -count=1 ./internal/archtest

.PHONY: generate
generate: ## rewrite the generated files (*_gen.go, docs/coverage.md)
	@go generate ./...

# Generated files are listed by content before and after; a difference names the file.
GENERATED = git ls-files --cached --others --exclude-standard -- '*_gen.go' docs/coverage.md docs/cli \
	| while read -r f; do [ ! -e "$$f" ] || printf '%s %s\n' "$$(git hash-object "$$f")" "$$f"; done

.PHONY: generated
generated:
	@go run ./tools/opmap -check
	@before=$$($(GENERATED)); go generate ./... || exit 1; after=$$($(GENERATED)); \
	if [ "$$before" != "$$after" ]; then \
		echo 'generated files were out of date; they are rewritten now, commit them:'; \
		diff <(echo "$$before") <(echo "$$after") | awk '/^[<>]/ { print "  " $$3 }' | sort -u; exit 1; \
	fi
	@echo 'ok  	generated files'

.PHONY: foreign
foreign: build ## run the foreign clients (JavaScript and Python) against the server
	@RHUMB_BIN="$(CURDIR)/bin/rhumb" test/foreign/run.sh js
	@RHUMB_BIN="$(CURDIR)/bin/rhumb" test/foreign/run.sh python

.PHONY: soak
soak: build ## kills and large files at full count (RHUMB_SOAK=tenth for a tenth)
	@RHUMB_SOAK=$(RHUMB_SOAK) go test -v -count=1 -timeout=$(SOAK_TIMEOUT) ./test/soak

.PHONY: bench
bench: ## run the benchmarks
	@go test -run='^$$' -bench=. -benchmem -timeout=60m $(PKGS)

.PHONY: cover
cover: ## coverage by package, with floors
	@mkdir -p .cache
	@go test -coverpkg=./... -coverprofile=.cache/cover.txt -timeout=20m ./... >.cache/cover.log \
		|| { cat .cache/cover.log; exit 1; }
	@go run ./tools/cover .cache/cover.txt

.PHONY: guards
guards: ## take each guard of docs/SECURITY-REVIEW.md and of the policy out, see its test fail (ROWS='words')
	@for table in $(GUARDS); do go run ./tools/guards -table "$$table" $(ROWS) || exit 1; done

.PHONY: clean
clean: ## remove what the targets made
	@rm -rf bin .cache test/foreign/.cache
