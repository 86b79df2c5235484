#!/usr/bin/env bash
# The demo through OCPP: the engine with its gateway in one process, the simulated stations in
# another, one real WebSocket each. With KAFKA=1 engine and gateway are two processes on a real
# broker. Ends all of them on Ctrl-C or SIGTERM.
#
#   deploy/ocpp/demo.sh BUSBAR [PORT [SITE]]
#
#   BUSBAR  the built program (build/release/busbar)
#   PORT    of the page; default 8000
#   SITE    a site's file; default examples/autonomous.toml
#   OCPP_PORT in the environment: where stations connect; default 9000
set -uo pipefail

fail() { echo "deploy/ocpp/demo.sh: $1" >&2; exit "${2:-1}"; }

{ [ $# -ge 1 ] && [ -x "$1" ]; } || fail "the first argument is the built program; see the head of this file" 2
busbar=$1
port=${2:-8000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
site=${3:-$here/../../examples/autonomous.toml}
listen=127.0.0.1:${OCPP_PORT:-9000}
work=$(mktemp -d)
broker="" processes=""

# The broker last: the others flush into it.
stop_all() {
  trap '' INT TERM
  for process in $processes; do kill -TERM "$process" 2>/dev/null; done
  for process in $processes; do wait "$process"; done
  [ -n "$broker" ] && kill -KILL "$broker" 2>/dev/null && wait "$broker" 2>/dev/null
  rm -rf "$work"
}
trap 'stop_all; exit 0' INT TERM

# Processes of their own: Ctrl-C reaches this script, which ends them in order.
set -m
if [ "${KAFKA:-0}" = 1 ]; then
  "$here/../kafka/start.sh" --data "$work/data" >"$work/broker.log" 2>&1 &
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
  "$busbar" engine --site "$site" --log "kafka://$address" --port "$port" --sessions-per-driver 10 &
  processes="$!"
  "$busbar" gateway "$site" --log "kafka://$address" --listen "$listen" &
  processes="$! $processes"
else
  "$busbar" engine --site "$site" --port "$port" --ocpp "$listen" &
  processes="$!"
fi
# It waits for the gateway by itself.
"$busbar" fleet "$site" --preset autonomous --ocpp "ws://$listen/ocpp" &
processes="$! $processes"
echo "busbar: processes $processes"
# shellcheck disable=SC2086
wait -n $processes
stop_all
fail "a process has ended by itself"
