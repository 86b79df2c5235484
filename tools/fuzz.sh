#!/usr/bin/env bash
# Builds the fuzz target of all decoders with clang and runs it.
#   tools/fuzz.sh [SECONDS]     default 60; exit 1 and the input's file where a fault is found
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seconds=${1:-60}
build="$top/build/fuzz"
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "tools/fuzz.sh: '$seconds' is no number of seconds" >&2; exit 2; }
clang=$(command -v clang++ || command -v clang++-14) ||
  { echo "tools/fuzz.sh: clang++ is missing: install clang" >&2; exit 2; }

mkdir -p "$build/corpus"
cmake -S "$top" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="$clang" -DCMAKE_BUILD_TYPE=Dev \
  -DBUSBAR_SANITIZE=fuzz -DBUSBAR_DASHBOARD=OFF >"$build/cmake.log" 2>&1 ||
  { cat "$build/cmake.log" >&2; exit 1; }
ninja -C "$build" busbar_fuzz_decoders >"$build/ninja.log" 2>&1 ||
  { cat "$build/ninja.log" >&2; exit 1; }
cd "$build"
"$build/tests/busbar_fuzz_decoders" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
  -rss_limit_mb=1024 -print_final_stats=1 corpus "$top/tests/messages/golden" 2>"$build/fuzz.log" ||
  { tail -40 "$build/fuzz.log" >&2; exit 1; }
grep -E "^(stat::number_of_executed_units|stat::average_exec_per_sec|stat::new_units_added)" \
  "$build/fuzz.log"
