#!/usr/bin/env bash
# Makes the recordings of this folder anew: tests/recordings/make.sh BUILD_FOLDER SESSIONS.csv
# Takes five minutes: the second one is a run of a whole engine node.
set -euo pipefail
build=$1
sessions=$2
here=$(dirname "$0")
ninja -C "$build" busbar busbar_make_caltech_day
"$build/tests/busbar_make_caltech_day" "$sessions" "$here/caltech-2019-03-05.rec"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout --signal=TERM 300 "$build/busbar" demo --preset unruly --port 0 --log-level off \
  --record "$folder" || [ $? -eq 124 ]
# An hour that ends within the run leaves two files: then it is made once more.
[ "$(find "$folder" -name '*.rec' | wc -l)" -eq 1 ] || { echo "two files: run it again" >&2; exit 1; }
find "$folder" -name '*.rec' -exec cp {} "$here/unruly.rec" \;
"$build/busbar" replay "$here"
