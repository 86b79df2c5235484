#!/usr/bin/env bash
# The demo over a real broker: three processes (broker, engine, fleet) with nothing but Kafka
# between engine and fleet. Ends all three on Ctrl-C or SIGTERM.
#
#   deploy/kafka/demo.sh BUSBAR [PORT [SITE]]
#
#   BUSBAR  the built program (build/release/busbar)
#   PORT    of the page; default 8000
#   SITE    a site's file; default examples/autonomous.toml
set -uo pipefail

fail() { echo "deploy/kafka/demo.sh: $1" >&2; exit "${2:-1}"; }

{ [ $# -ge 1 ] && [ -x "$1" ]; } || fail "the first argument is the built program; see the head of this file" 2
busbar=$1
port=${2:-8000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
site=${3:-$here/../../examples/autonomous.toml}
work=$(mktemp -d)
broker="" engine="" fleet=""

# The broker last: engine and fleet flush into it.
stop_all() {
  trap '' INT TERM
  for process in $fleet $engine; do kill -TERM "$process" 2>/dev/null; done
  for process in $fleet $engine; do wait "$process"; done
  # What it holds is scratch: no need to wait for an orderly end.
  [ -n "$broker" ] && kill -KILL "$broker" 2>/dev/null && wait "$broker" 2>/dev/null
  rm -rf "$work"
}
trap 'stop_all; exit 0' INT TERM

# Three processes of their own: Ctrl-C reaches this script, which ends them in order.
set -m
"$here/start.sh" --data "$work/data" >"$work/broker.log" 2>&1 &
broker=$!
address=""
for _ in $(seq 600); do
  address=$(sed -n 's/^ready //p' "$work/broker.log")
  [ -n "$address" ] && break
  kill -0 "$broker" 2>/dev/null || { cat "$work/broker.log" >&2; rm -rf "$work"; fail "no broker"; }
  read -r -t 0.1 <> <(:) || true
done
[ -n "$address" ] || { stop_all; fail "the broker is not ready after a minute"; }
echo "busbar: the broker is at $address (process $broker)"

"$busbar" engine --site "$site" --log "kafka://$address" --port "$port" --allow-faults \
  --sessions-per-driver 10 &
engine=$!
"$busbar" fleet "$site" --preset autonomous --log "kafka://$address" &
fleet=$!
echo "busbar: engine is process $engine, fleet is process $fleet"
wait -n "$engine" "$fleet"
stop_all
fail "a process has ended by itself"
