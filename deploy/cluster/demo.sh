#!/usr/bin/env bash
# Several engine nodes on this machine: a broker, the nodes, and the simulated stations of six sites,
# each a process of its own. Ends all of them on Ctrl-C or SIGTERM. A node that is killed is left
# dead: its sites go to the others, which the pages show.
#
#   deploy/cluster/demo.sh BUSBAR [NODES [PORT]]
#
#   BUSBAR  the built program (build/release/busbar)
#   NODES   1 to 9; default 3
#   PORT    of the first node's page, the others follow; default 8001. 0: free ones
set -uo pipefail

fail() { echo "deploy/cluster/demo.sh: $1" >&2; exit "${2:-1}"; }

{ [ $# -ge 1 ] && [ -x "$1" ]; } || fail "the first argument is the built program; see the head of this file" 2
busbar=$1
nodes=${2:-3}
port=${3:-8001}
case "$nodes" in [1-9]) ;; *) fail "NODES is '$nodes', allowed are 1 to 9" 2 ;; esac
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# A shard for each site: whichever shards a node gets, three nodes get two sites each.
shards=6
sites=(yard-1 yard-3 yard-6 yard-9 yard-13 yard-17)
work=$(mktemp -d)
broker="" engines=() fleets=()

# The broker last: engines and fleets flush into it.
stop_all() {
  trap '' INT TERM
  local process
  for process in "${fleets[@]}" "${engines[@]}"; do kill -TERM "$process" 2>/dev/null; done
  for process in "${fleets[@]}" "${engines[@]}"; do wait "$process" 2>/dev/null; done
  # What it holds is scratch: no need to wait for an orderly end.
  [ -n "$broker" ] && kill -KILL "$broker" 2>/dev/null && wait "$broker" 2>/dev/null
  rm -rf "$work"
}
trap 'stop_all; exit 0' INT TERM

pause() { read -r -t 0.1 <> <(:) || true; }

# What `start.sh` or an engine prints once it runs: await FILE PATTERN PROCESS.
found=""
await() {
  for _ in $(seq 1800); do
    found=$(sed -n "s|$2|\\1|p" "$1")
    [ -n "$found" ] && return
    kill -0 "$3" 2>/dev/null || break
    pause
  done
  cat "$1" >&2
  stop_all
  fail "a process has not started (see above)"
}

# Processes in groups of their own: Ctrl-C reaches this script, which ends them in order.
set -m
"$here/../kafka/start.sh" --data "$work/data" >"$work/broker" 2>&1 &
broker=$!
await "$work/broker" "^ready \(.*\)" "$broker"
log="kafka://$found"
echo "busbar: the broker is at $found (process $broker)"

files=()
for site in "${sites[@]}"; do
  sed "s/^id = \"autonomous\"/id = \"$site\"/; s/\"Autonomous yard\"/\"Yard ${site#yard-}\"/" \
    "$here/../../examples/autonomous.toml" >"$work/$site.toml"
  files+=(--site "$work/$site.toml")
done

for ((each = 1; each <= nodes; ++each)); do
  "$busbar" engine --name "engine-$each" "${files[@]}" --log "$log" --shards "$shards" \
    --port "$((port == 0 ? 0 : port + each - 1))" --allow-faults --sessions-per-driver 100 \
    --log-level critical >"$work/engine-$each" 2>"$work/engine-$each.lines" &
  engines+=($!)
done
for ((each = 1; each <= nodes; ++each)); do
  await "$work/engine-$each" "^\(http:.*\)" "${engines[each - 1]}"
  echo "busbar: engine-$each (process ${engines[each - 1]}) has its page at $found"
done
for site in "${sites[@]}"; do
  "$busbar" fleet "$work/$site.toml" --preset autonomous --log "$log" 2>"$work/$site.lines" &
  fleets+=($!)
done
echo "busbar: ${#sites[@]} sites with their stations run; kill a node and watch: kill -9 ${engines[0]}"

# Until Ctrl-C, or until no node is left.
while kill -0 "${engines[@]}" 2>/dev/null; do pause; done
stop_all
fail "every node has ended"
