# make demo    the engine on a simulated site with its page (KAFKA=1: over a real broker;
#              OCPP=1: its stations come by OCPP, one WebSocket each; NODES=3: three engine nodes
#              over a real broker; SITE=file.toml: on another site)
# make test    every test, on servers of its own
# make cluster three engine nodes under a seeded schedule of faults
# make bench   the measured numbers of docs/performance.md
# make help    the rest

PORT ?= 8000
SITE ?=
KAFKA ?= 0
OCPP ?= 0
NODES ?=
FAULTS ?= 11
SEED ?= 1
JOBS ?= $(shell nproc)
BUILD ?= build
.DEFAULT_GOAL := help
.PHONY: help demo test fast bench load cluster asan tsan tidy tidy-changed mutants clean release dev

help:
	@echo "make demo [PORT=8000] [KAFKA=1] [OCPP=1] [SITE=file.toml]  the engine on a simulated site, with its page"
	@echo "make demo NODES=3 [PORT=8001]    three engine nodes share six sites over a real broker"
	@echo "make test                        every test (starts and stops its own servers)"
	@echo "make cluster [FAULTS=11] [SEED=1] three engine nodes under faults, checked (5 minutes)"
	@echo "make fast                        the tests that need no server, under a minute"
	@echo "make bench                       the measured numbers of docs/performance.md"
	@echo "make asan | tsan                 the fast tests under a sanitizer"
	@echo "make tidy | tidy-changed         clang-tidy on every source, on what this branch changed"
	@echo "make mutants                     are the tests of control/ sharp? (half an hour)"
	@echo "make clean                       removes $(BUILD)/"

release:
	@tools/install.sh $(if $(filter 1,$(KAFKA))$(NODES),kafka,run)
	@test -f $(BUILD)/release/build.ninja || cmake --preset release -DBUILD_TESTING=OFF >/dev/null
	@test -x $(BUILD)/release/busbar || echo "Building: some minutes the first time"
	@ninja -C $(BUILD)/release -j $(JOBS) busbar

demo: release
ifneq ($(NODES),)
	@exec deploy/cluster/demo.sh $(BUILD)/release/busbar $(NODES) $(if $(filter file,$(origin PORT)),8001,$(PORT))
else ifeq ($(OCPP),1)
	@KAFKA=$(KAFKA) exec deploy/ocpp/demo.sh $(BUILD)/release/busbar $(PORT) $(SITE)
else ifeq ($(KAFKA),1)
	@exec deploy/kafka/demo.sh $(BUILD)/release/busbar $(PORT) $(SITE)
else
	@exec $(BUILD)/release/busbar demo --port $(PORT) $(if $(SITE),--site $(SITE))
endif

dev:
	@tools/install.sh test
	@cmake --preset dev >/dev/null
	@ninja -C $(BUILD)/dev -j $(JOBS)

test: dev
	@ctest --test-dir $(BUILD)/dev --output-on-failure -j $(JOBS)

fast: dev
	@ctest --test-dir $(BUILD)/dev --output-on-failure -j $(JOBS) -L fast

cluster:
	@$(MAKE) --no-print-directory release KAFKA=1
	@BUSBAR_BINARY=$(abspath $(BUILD))/release/busbar BUSBAR_FAULTS=$(FAULTS) BUSBAR_SEED=$(SEED) \
	  python3 -W ignore -m unittest tests/cluster/cluster_system_test.py

bench:
	@tools/install.sh test
	@cmake --preset release -DBUILD_TESTING=OFF -DBUSBAR_BENCH=ON >/dev/null
	@ninja -C $(BUILD)/release -j $(JOBS)
	@tools/bench.sh $(BUILD)/release

mutants:
	@tools/install.sh test
	@nice tools/mutants.py

asan tsan:
	@tools/install.sh test
	@cmake --preset $@ -DBUSBAR_DASHBOARD=OFF >/dev/null
	@ninja -C $(BUILD)/$@ -j $(JOBS)
	@tools/sanitized.sh $(BUILD)/$@ $@

tidy: dev
	@nice tools/tidy.py $(BUILD)/dev

tidy-changed: dev
	@tools/tidy.py $(BUILD)/dev --changed

clean:
	rm -rf $(BUILD)
