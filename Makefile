# One configuration for everything, so that nothing is compiled twice: a release build, tests included.
# `swift test` would turn testable imports on, which is another configuration; no test uses them.
SWIFT := swift
BUILD := $(SWIFT) build --configuration release
TEST := $(SWIFT) test --configuration release --disable-testable-imports --skip-build
WSPLAN := .build/release/wsplan
CONFORMANCE := python3 Tests/Conformance/autobahn.py
SOURCES := Sources Tests Package.swift

.DEFAULT_GOAL := help
.PHONY: help demo build test conformance verify lint format clean setup setup-test

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 21

demo: build ## Set this machine up, build wsplan and run the example plan
	$(WSPLAN) run plans/echo.yaml

build: setup ## Build the wsplan executable, .build/release/wsplan
	$(BUILD) --product wsplan

# The end-to-end tests measure times: they have the machine to themselves.
test: setup-test ## Set this machine up, build everything and run all tests
	$(BUILD) --build-tests
	$(TEST) --skip WSPlanCommandTests
	$(TEST) --filter WSPlanCommandTests
	$(CONFORMANCE) --quick --skip-if-missing $(WSPLAN)

conformance: setup-test ## Run the Autobahn test suite at AUTOBAHN_ROOT
	$(BUILD) --product wsplan
	$(CONFORMANCE) $(WSPLAN)

verify: setup-test ## Run what takes minutes: end-to-end tests at full length, limits, conformance
	$(BUILD) --build-tests
	WSPLAN_VERIFY=1 $(TEST) --filter WSPlanCommandTests
	Benchmarks/verify.sh $(WSPLAN)
	$(CONFORMANCE) --skip-if-missing $(WSPLAN)

lint: build ## Check the style of sources, scripts and plans
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	@if command -v shellcheck >/dev/null; then shellcheck scripts/setup .ci/run Benchmarks/*.sh; \
	else echo "lint: no shellcheck here, scripts not checked"; fi
	$(WSPLAN) lint plans Tests/Conformance Benchmarks

format: ## Format the Swift sources in place
	$(SWIFT) format --in-place --recursive $(SOURCES)

clean: ## Remove everything that was built
	rm -rf .build

setup:
	@scripts/setup build

setup-test:
	@scripts/setup test
