#!/usr/bin/env bash
# Prints the measured numbers of docs/performance.md: tools/bench.sh BUILD_FOLDER
# Each figure stands beside a baseline of the same run; medians of repetitions, CPU time.
set -euo pipefail
build=$1
echo "machine: $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2- | xargs), $(nproc) cores," \
  "$(free -g | awk '/^Mem/ {print $2}') GiB, $(uname -sr)"
echo "build:   $("$build/busbar" --version), $(grep -m1 '^CMAKE_BUILD_TYPE' "$build/CMakeCache.txt")," \
  "$(c++ --version | head -1)"
echo "load:    $(cut -d' ' -f1-3 /proc/loadavg) at the start"
for program in "$build"/bench/busbar_bench_*; do
  [ -x "$program" ] || continue
  echo; echo "\$ ${program#"$PWD"/} --benchmark_repetitions=5 --benchmark_report_aggregates_only"
  "$program" --benchmark_repetitions=5 --benchmark_min_time=0.1 --benchmark_report_aggregates_only=true \
    --benchmark_counters_tabular=true 2>/dev/null | grep -vE '_(stddev|cv|mean)\b'
done
for sites in 100 1000; do # 10,000 is the goal; it takes a minute and 6 GB
  echo; echo "\$ busbar load --sites $sites --stations 100 --seconds 20"
  "$build/busbar" load --quiet --sites "$sites" --stations 100 --seconds 20 || true
done
