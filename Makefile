# One configuration for everything, so that nothing is compiled twice: a release build, tests included.
# `swift test` would turn testable imports on, which is another configuration; no test uses them.
SWIFT := swift
BUILD := $(SWIFT) build --configuration release
TEST := $(SWIFT) test --configuration release --disable-testable-imports --skip-build
WSPLAN := .build/release/wsplan
CONFORMANCE := python3 Tests/Conformance/autobahn.py
INTEROPERATION := python3 Tests/Interoperation/interoperation.py
SOURCES := Sources Tests Benchmarks/Micro Package.swift
# How long `make fuzz` gives each of its targets.
SECONDS := 300
# Options of `make bench`, which Benchmarks/README.md tells.
BENCH :=

.DEFAULT_GOAL := help
.PHONY: help demo build test conformance verify bench fuzz sanitize lint format clean setup setup-test setup-bench

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 21

demo: build ## Set this machine up, build wsplan and run the example plan
	$(WSPLAN) run plans/echo.yaml

build: setup ## Build the wsplan executable, .build/release/wsplan
	$(BUILD) --product wsplan

# The end-to-end tests measure times: they have the machine to themselves.
test: setup-test ## Set this machine up, build everything and run all tests
	$(BUILD) --build-tests
	scripts/fuzz check
	$(TEST) --skip WSPlanCommandTests
	$(TEST) --filter WSPlanCommandTests
	$(INTEROPERATION) --quick $(WSPLAN)
	$(CONFORMANCE) --quick --skip-if-missing $(WSPLAN)

conformance: setup-test ## Run the Autobahn test suite at AUTOBAHN_ROOT
	@$(CONFORMANCE)
	$(BUILD) --product wsplan
	$(CONFORMANCE) $(WSPLAN)

verify: setup-test ## Run what takes minutes: end-to-end tests at full length, limits, interoperation, conformance
	$(BUILD) --build-tests
	WSPLAN_VERIFY=1 $(TEST) --filter 'WSPlanCommandTests|DamagedPlanTests'
	Benchmarks/verify.sh $(WSPLAN)
	$(INTEROPERATION) $(WSPLAN)
	$(CONFORMANCE) --skip-if-missing $(WSPLAN)

bench: setup-bench ## Measure wsplan beside k6 and the least possible client, into docs/performance.md (BENCH='--rounds 1')
	$(BUILD) --product wsplan
	$(BUILD) --product micro-benchmarks
	$(MAKE) --silent -C Benchmarks/floor
	python3 Benchmarks/bench.py --micro .build/release/micro-benchmarks --write docs/performance.md $(BENCH)

fuzz: setup ## Fuzz what reads bytes of others, five minutes a target (SECONDS=30)
	scripts/fuzz $(SECONDS)

sanitize: setup ## Run the unit tests under the address and the thread sanitizer
	scripts/sanitize

lint: build ## Check the style of sources, scripts and plans
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	@if command -v shellcheck >/dev/null; then \
	    shellcheck scripts/setup scripts/fuzz scripts/sanitize .ci/run Benchmarks/*.sh \
	        Tests/WSPlanCommandTests/Servers/certificates; \
	else echo "lint: no shellcheck here, scripts not checked"; fi
	$(WSPLAN) lint plans Tests/Conformance Tests/Interoperation Benchmarks

format: ## Format the Swift sources in place
	$(SWIFT) format --in-place --recursive $(SOURCES)

clean: ## Remove everything that was built
	rm -rf .build .build-asan .build-fuzz .build-tsan

setup:
	@scripts/setup build

setup-test:
	@scripts/setup test

setup-bench:
	@scripts/setup bench
