# The work on this repository in one word each. MODULES lists the modules.

MODULES := $(shell sed -e '/^\#/d' -e '/^$$/d' MODULES)
NESTED  := $(filter-out .,$(MODULES))
# The race detector needs a C compiler.
RACE    := $(shell test "$$(go env CGO_ENABLED)" = 1 && command -v $$(go env CC) >/dev/null 2>&1 && echo -race)
FUZZTIME ?= 10s

.PHONY: run test lint fuzz soak bench generate work

run: ## mask the invented conversations and write out/report.html
	go run ./examples/pipeline

# A folder named testdata is not part of ./..., so the package of invented conversations is named by itself.
test: work ## test every module
	GOWORK=off go test $(RACE) -timeout 30m ./... ./testdata
	GOWORK=off go test -run 'Alloc' ./anonymize/... # not counted under the race detector
	@set -e; for m in $(NESTED); do echo "-- $$m"; (cd $$m && go test $(RACE) -timeout 30m ./...); done

lint: work ## format, vet, staticcheck
	@unformatted=$$(git ls-files '*.go' | grep -v '/testdata/fuzz/' | xargs gofmt -l); test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	GOWORK=off go vet ./... ./testdata
	GOWORK=off go tool -modfile=tools/go.mod staticcheck ./... ./testdata
	@set -e; for m in $(NESTED); do echo "-- $$m"; (cd $$m && go vet ./...); done

fuzz: ## every fuzz target for FUZZTIME
	.ci/fuzz $(FUZZTIME)

soak: work ## crash and endurance loops, long
	VUAL_SOAK=1 GOWORK=off go test -count=1 -timeout 4h ./...
	@set -e; for m in $(NESTED); do echo "-- $$m"; (cd $$m && VUAL_SOAK=1 go test -count=1 -timeout 4h ./...); done

bench: ## speed beside other libraries, with what they leave visible; then the benchmarks beside the code
	go run -C bench .
	go test -run '^$$' -bench . -benchmem ./...

generate: ## make the embedded tables again
	go generate ./...

work: ## go.work for development, from MODULES; it is not committed
	@rm -f go.work go.work.sum
	@go work init $(addprefix ./,$(MODULES))
	@go work edit -replace=github.com/syntora/vual@v0.0.0=./
