#!/usr/bin/env bash
# Installs the Debian packages that are missing, by name; says which, asks for nothing, and does
# nothing where all are there.
#   tools/install.sh run     what `make demo` needs
#   tools/install.sh kafka   and a broker (make demo KAFKA=1)
#   tools/install.sh test    and what `make test` needs
set -euo pipefail

build=(g++ cmake ninja-build make pkg-config git ca-certificates libcaf-dev librdkafka-dev
  libflatbuffers-dev flatbuffers-compiler flatbuffers-compiler-dev libboost-dev libtomlplusplus-dev
  nlohmann-json3-dev libcli11-dev prometheus-cpp-dev libmimalloc-dev libspdlog-dev
  libhowardhinnant-date-dev libsqlite3-dev libargon2-dev libssl-dev tzdata zlib1g-dev libsimdjson-dev)
broker=(openjdk-17-jre-headless maven python3)
tests=(libgtest-dev libgmock-dev libbenchmark-dev clang clang-tidy libclang-rt-14-dev ccache
  chromium prometheus python3 python3-jsonschema python3-yaml python3-venv curl procps openssl
  docker-compose shellcheck systemd)

# Node is taken from where it is; Debian's packages only where there is none.
has_program() { command -v "$1" >/dev/null 2>&1; }
page=()
has_program node || page+=(nodejs)
has_program npm || page+=(npm)
has_program java && broker=("${broker[@]:1}")

wanted=("${build[@]}" "${page[@]}")
case "${1:-run}" in
  run) ;;
  kafka) wanted+=("${broker[@]}") ;;
  test) wanted+=("${broker[@]}" "${tests[@]}") ;;
  *) echo "install.sh: '$1': allowed are run, kafka, test" >&2; exit 2 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! has_program apt-get; then
  echo "install.sh: no apt-get here. Install these by hand: ${missing[*]}" >&2
  exit 1
fi
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
