#!/usr/bin/env bash
# The unit tests under sanitizers and every fuzzer for a while, in the tree build/check; then mistakes planted in the
# release tree, which its tests must find (see ./dev check).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly seconds_each=${FUZZ_SECONDS:-20}
# The drivers keep what they allocate until the process ends: leaks are judged only where no driver runs, in the fuzzers.
export ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
# Tests of millions of elements, most sizes, and the second of two tiers, are about what the GPU does: of our code they
# show no more than those of thousands, few sizes, and the first. So do those that try every kernel there is, ask DuckDB
# or measure time.
skipped='*Millions*:Tiers/*/1:Tiers/*/minimum:Tiers/*/Minimum:Calibration.*:Compact.SpellsEveryKernel*:Emit.WritesEvery*:FilterOracle.*:KernelExamples.*'
SHOAL_TEST_SIZES=few GTEST_FILTER="-$skipped" ctest --test-dir build/check --parallel "${JOBS:-2}" --output-on-failure \
  --no-tests=ignore </dev/null

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
fuzz() {
  local fuzzer=$1 name=$(basename "$1")
  local corpus=build/fuzz/$name seeds=build/check/testdata/${name%_fuzz}
  local folders=("$corpus")
  [ ! -d "$seeds" ] || folders+=("$seeds")
  mkdir -p "$corpus"
  echo "Fuzzing with $name for $seconds_each s."
  "$fuzzer" -max_total_time="$seconds_each" -timeout=10 -malloc_limit_mb=256 -rss_limit_mb=2048 -verbosity=0 \
    -artifact_prefix="$corpus-failed-" "${folders[@]}" </dev/null || {
    echo "$name failed. The input lies beside $corpus; run it again with: $fuzzer FILE" >&2
    return 1
  }
}
export -f fuzz
export seconds_each
find build/check/src -name '*_fuzz' -type f -executable -print0 | sort -z |
  xargs -0 --max-procs="${JOBS:-2}" -I{} bash -c 'fuzz {}'

python3 tests/mutate.py </dev/null
