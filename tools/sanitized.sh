#!/usr/bin/env bash
# The fast tests of a sanitizer build: tools/sanitized.sh BUILD_FOLDER asan|tsan
set -euo pipefail
build=$1
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:check_initialization_order=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
skip='^tools\.'
# Debian's CAF is not instrumented: under TSan only what does not run CAF's own threads tells.
[ "$2" = tsan ] && skip='^tools\.|engine'
exec ctest --test-dir "$build" --output-on-failure -L fast -E "$skip" -j "$(nproc)"
