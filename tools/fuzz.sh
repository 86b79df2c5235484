#!/usr/bin/env bash
# Builds a fuzz target with clang and runs it.
#   tools/fuzz.sh [SECONDS] [decoders|frames]
# default 60 decoders; exit 1 and the input's file where a fault is found
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seconds=${1:-60}
target=${2:-decoders}
build="$top/build/fuzz"
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "tools/fuzz.sh: '$seconds' is no number of seconds" >&2; exit 2; }
case "$target" in
  decoders) corpus=corpus; seeds="$top/tests/messages/golden" ;;
  frames) corpus=corpus_frames; seeds="$top/tests/fuzz/frames" ;;
  *) echo "tools/fuzz.sh: '$target': allowed are decoders, frames" >&2; exit 2 ;;
esac
clang=$(command -v clang++ || command -v clang++-14) ||
  { echo "tools/fuzz.sh: clang++ is missing: install clang" >&2; exit 2; }

mkdir -p "$build/$corpus"
# Two targets may be built at once.
exec 8>"$build/lock"
flock 8
cmake -S "$top" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="$clang" -DCMAKE_BUILD_TYPE=Dev \
  -DBUSBAR_SANITIZE=fuzz -DBUSBAR_DASHBOARD=OFF >"$build/cmake.log" 2>&1 ||
  { cat "$build/cmake.log" >&2; exit 1; }
ninja -C "$build" "busbar_fuzz_$target" >"$build/ninja.log" 2>&1 ||
  { cat "$build/ninja.log" >&2; exit 1; }
flock -u 8
cd "$build"
"$build/tests/busbar_fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
  -rss_limit_mb=1024 -print_final_stats=1 "$corpus" "$seeds" 2>"$build/fuzz_$target.log" ||
  { tail -40 "$build/fuzz_$target.log" >&2; exit 1; }
grep -E "^(stat::number_of_executed_units|stat::average_exec_per_sec|stat::new_units_added)" \
  "$build/fuzz_$target.log"
