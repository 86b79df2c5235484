#!/usr/bin/env bash
# Starts one Kafka broker on the loopback, in the foreground: end it by its process id (or Ctrl-C).
#
#   deploy/kafka/start.sh [--data DIR] [--port N] [--override KEY=VALUE]...
#
#   --data DIR      where it keeps its records (default: build/kafka/data); the same folder again
#                   continues where it stopped, on the same port
#   --port N        default: the folder's last port, else a free one
#   --override K=V  any setting of the broker
#
# Prints "ready 127.0.0.1:PORT" when it takes requests. Needs java (17 or newer), python3, and for
# the first start mvn, which fetches the jars into build/kafka/libs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build="$here/../../build/kafka"
data="$build/data"
port=""
overrides=()

fail() { echo "deploy/kafka/start.sh: $1" >&2; exit 2; }

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "'$1' is unknown or has no value; see the head of this file"
  case "$1" in
    --data) data=$2 ;;
    --port) port=$2 ;;
    --override) overrides+=(--override "$2") ;;
    *) fail "'$1' is unknown; see the head of this file" ;;
  esac
  shift 2
done

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
import socket
sockets = [socket.socket() for _ in range(2)]
for each in sockets: each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])'
}

fetch_jars
mkdir -p "$data"
data=$(cd "$data" && pwd)
read -r free_port controller_port < <(free_ports)
if [ -z "$port" ] && [ -e "$data/port" ]; then port=$(cat "$data/port"); fi
port=${port:-$free_port}
echo "$port" >"$data/port"
sed -e "s|@PORT@|$port|g" -e "s|@CONTROLLER_PORT@|$controller_port|g" -e "s|@DATA@|$data|g" \
  "$here/server.properties" >"$data/server.properties"

small=(-Xshare:auto -XX:+UseSerialGC -XX:TieredStopAtLevel=1
  "-Dlog4j2.configurationFile=$here/log4j2.properties" -cp "$build/libs/*")
if [ ! -e "$data/log/meta.properties" ]; then
  java -Xmx64m "${small[@]}" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ \
    -c "$data/server.properties" >"$data/format.log" || { cat "$data/format.log" >&2; exit 1; }
fi

# Line by line, unlike awk or sed, which may wait for more.
say_when_ready() {
  local line
  while IFS= read -r line; do
    echo "$line"
    case "$line" in *"Kafka Server started"*) echo "ready 127.0.0.1:$port" ;; esac
  done
}

exec java -Xms128m -Xmx256m "${small[@]}" kafka.Kafka "$data/server.properties" \
  "${overrides[@]}" > >(say_when_ready)
