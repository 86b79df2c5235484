#!/usr/bin/env bash
# Starts a Kafka broker on the loopback, or three, in the foreground: end it by its process id (or
# Ctrl-C).
#
#   deploy/kafka/start.sh [--data DIR] [--port N] [--override KEY=VALUE]...
#   deploy/kafka/start.sh --brokers 3 [--data DIR] [--override KEY=VALUE]...
#   deploy/kafka/start.sh --broker N --data DIR [--override KEY=VALUE]...
#
#   --data DIR      where records are kept (default: build/kafka/data); the same folder again
#                   continues where it stopped, on the same ports
#   --port N        default: the folder's last port, else a free one
#   --brokers N     1 (default), or 3: a cluster that loses one broker without losing a record
#                   (replicated.properties)
#   --broker N      one broker of the cluster in DIR again, after it has ended
#   --override K=V  any setting of the broker
#
# Prints "ready 127.0.0.1:PORT" (of three: PORT,127.0.0.1:PORT,...) when it takes requests, and of
# three before it "broker N is process PID at 127.0.0.1:PORT". Needs java (17 or newer), python3,
# and for the first start mvn, which fetches the jars into build/kafka/libs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build="$here/../../build/kafka"
data="$build/data"
port="" brokers=1 broker=""
overrides=() passed_on=()

fail() { echo "deploy/kafka/start.sh: $1" >&2; exit 2; }

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "'$1' is unknown or has no value; see the head of this file"
  case "$1" in
    --data) data=$2 ;;
    --port) port=$2 ;;
    --brokers) brokers=$2 ;;
    --broker) broker=$2 ;;
    --override) overrides+=(--override "$2"); passed_on+=(--override "$2") ;;
    *) fail "'$1' is unknown; see the head of this file" ;;
  esac
  shift 2
done

case "$brokers" in 1 | 3) ;; *) fail "--brokers is '$brokers', allowed are 1 and 3" ;; esac
[ "$brokers" = 1 ] || [ -z "$port$broker" ] || fail "--brokers 3 takes neither --port nor --broker"
[ -z "$broker" ] || [ -e "$data/broker-$broker/port" ] ||
  fail "--broker is '$broker', and $data holds no such broker; --brokers 3 makes them"

command -v java >/dev/null || fail "java is missing: install openjdk-17-jre-headless"
command -v python3 >/dev/null || fail "python3 is missing: install python3"

# Once, also when several start at the same time.
fetch_jars() {
  mkdir -p "$build"
  exec 8>"$build/lock"
  flock 8
  if [ ! -e "$build/libs/complete" ]; then
    command -v mvn >/dev/null || fail "mvn is missing, and build/kafka/libs is empty: install maven"
    mvn -B -q -Dstyle.color=never -f "$here/pom.xml" \
      org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory="$build/libs" >&2 ||
      fail "mvn could not fetch the jars (see above)"
    touch "$build/libs/complete"
  fi
  exec 8>&-
}

free_ports() {
  python3 -c '
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for each in sockets: each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])' "$1"
}

# Line by line, unlike awk or sed, which may wait for more.
say_when_ready() {
  local line
  while IFS= read -r line; do
    echo "$line"
    case "$line" in *"Kafka Server started"*) echo "ready 127.0.0.1:$port" ;; esac
  done
}

# Becomes the broker `node` on `port`, with what it keeps in `folder`: run_broker MEMORY SETTINGS...
run_broker() {
  local memory=$1 small
  shift
  sed -e "s|@NODE@|$node|g" -e "s|@VOTERS@|$voters|g" -e "s|@PORT@|$port|g" \
    -e "s|@CONTROLLER_PORT@|$controller_port|g" -e "s|@DATA@|$folder|g" \
    "$@" >"$folder/server.properties"
  small=(-Xshare:auto -XX:+UseSerialGC -XX:TieredStopAtLevel=1
    "-Dlog4j2.configurationFile=$here/log4j2.properties" -cp "$build/libs/*")
  if [ ! -e "$folder/log/meta.properties" ]; then
    java -Xmx64m "${small[@]}" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ \
      -c "$folder/server.properties" >"$folder/format.log" || { cat "$folder/format.log" >&2; exit 1; }
  fi
  exec java "-Xms$((memory / 2))m" "-Xmx${memory}m" "${small[@]}" kafka.Kafka \
    "$folder/server.properties" "${overrides[@]}" > >(say_when_ready)
}

run_alone() {
  local free_port
  folder=$data node=1
  read -r free_port controller_port < <(free_ports 2)
  if [ -z "$port" ] && [ -e "$data/port" ]; then port=$(cat "$data/port"); fi
  port=${port:-$free_port}
  echo "$port" >"$data/port"
  voters="1@127.0.0.1:$controller_port"
  run_broker 256 "$here/server.properties"
}

# One of three; the ports of all are the folder's.
run_member() {
  local each
  folder="$data/broker-$broker" node=$broker voters=""
  port=$(cat "$folder/port")
  controller_port=$(cat "$folder/controller_port")
  for each in 1 2 3; do
    voters+="${voters:+,}$each@127.0.0.1:$(cat "$data/broker-$each/controller_port")"
  done
  run_broker 192 "$here/server.properties" "$here/replicated.properties"
}

prepare_members() {
  local ports each
  [ -e "$data/broker-3/port" ] && return
  read -ra ports < <(free_ports 6)
  for each in 1 2 3; do
    mkdir -p "$data/broker-$each"
    echo "${ports[each * 2 - 1]}" >"$data/broker-$each/controller_port"
    echo "${ports[each * 2 - 2]}" >"$data/broker-$each/port"
  done
}

# Three that end at once lose the majority that an orderly end needs: 3 s for it, then the kill.
# What they have acknowledged is on disk.
stop_members() {
  trap '' INT TERM
  local each
  for each in "${members[@]}"; do kill -TERM "$each" 2>/dev/null || true; done
  for _ in $(seq 30); do
    kill -0 "${members[@]}" 2>/dev/null || break
    read -r -t 0.1 <> <(:) || true
  done
  for each in "${members[@]}"; do kill -KILL "$each" 2>/dev/null || true; done
  wait "${members[@]}" 2>/dev/null || true
}

run_three() {
  local each addresses="" output
  prepare_members
  members=()
  trap 'stop_members; exit 0' INT TERM
  # Each in a process group of its own: Ctrl-C reaches this script, which ends them.
  set -m
  for each in 1 2 3; do
    "$here/start.sh" --broker "$each" --data "$data" "${passed_on[@]}" \
      >"$data/broker-$each/output" 2>&1 &
    members+=($!)
  done
  for each in 1 2 3; do
    output="$data/broker-$each/output"
    until grep -q '^ready ' "$output"; do
      kill -0 "${members[each - 1]}" 2>/dev/null || { cat "$output" >&2; stop_members; exit 1; }
      read -r -t 0.1 <> <(:) || true
    done
    port=$(cat "$data/broker-$each/port")
    echo "broker $each is process ${members[each - 1]} at 127.0.0.1:$port"
    addresses+="${addresses:+,}127.0.0.1:$port"
  done
  echo "ready $addresses"
  # One that ends by itself, or is killed, leaves the others alone.
  for each in "${members[@]}"; do wait "$each" || true; done
  echo "deploy/kafka/start.sh: every broker has ended" >&2
  exit 1
}

fetch_jars
mkdir -p "$data"
data=$(cd "$data" && pwd)
if [ -n "$broker" ]; then run_member
elif [ "$brokers" = 3 ]; then run_three
else run_alone; fi
