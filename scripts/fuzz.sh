#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzzers of tests/fuzz and runs them, two at a time; fails when one of them finds something.
#
#   fuzz.sh [--build] [--seconds N] [--seed N] [target ...]
#
#   --build     only builds them
#   --seconds   how long each runs (default 60); 0: only what the tree and earlier runs keep is tried, once
#   --seed      to repeat a run; without it, one is chosen and printed
#
# Findings stay in build/fuzz/findings, to be repeated with build/fuzz/bin/fuzz/TARGET FILE. What a
# run learned stays in build/fuzz/corpus, and the next one begins there.
set -euo pipefail
cd "$(dirname "$0")/.."

only_build='' seconds=60 seed=$((RANDOM * 32768 + RANDOM)) targets=()
while (($#)); do
  case $1 in
    --build) only_build=1 && shift ;;
    --seconds) seconds=$2 && shift 2 ;;
    --seed) seed=$2 && shift 2 ;;
    -*) sed -n '4,13s/^# \{0,1\}//p' "$0" && exit 64 ;;
    *) targets+=("$1") && shift ;;
  esac
done
if ((${#targets[@]} == 0)); then
  for folder in tests/fuzz/corpus/*/; do targets+=("$(basename "$folder")"); done
fi

log=build-fuzz.log
cmake --preset fuzz > "$log" 2>&1 || { cat "$log"; exit 1; }
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}" > "$log" 2>&1 || { tail -n 60 "$log"; exit 1; }
rm -f "$log"
[[ -z $only_build ]] || exit 0

out=build/fuzz
mkdir -p "$out/findings"
run() { # TARGET: what it prints goes to a file of its own
  local target=$1 dictionary=()
  mkdir -p "$out/corpus/$target"
  local limit=("-max_total_time=$seconds")
  ((seconds > 0)) || limit=(-runs=0)
  [[ ! -e tests/fuzz/$target.dict ]] || dictionary=("-dict=tests/fuzz/$target.dict")
  UBSAN_OPTIONS=print_stacktrace=1 "$out/bin/fuzz/$target" "${limit[@]}" -seed="$seed" \
    -max_len=2048 -timeout=10 -rss_limit_mb=1024 -use_value_profile=1 -entropic=0 -print_final_stats=1 \
    -artifact_prefix="$out/findings/$target-" "${dictionary[@]}" \
    "$out/corpus/$target" "tests/fuzz/corpus/$target" > "$out/$target.log" 2>&1
}
export -f run
export out seconds seed
status=0
printf '%s\n' "${targets[@]}" | xargs -P 2 -I '{}' bash -c 'run {}' || status=1

printf 'seed %s, %s s each\n' "$seed" "$seconds"
for target in "${targets[@]}"; do
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$target.log")
  edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$out/$target.log" | tail -n 1)
  printf '%-16s %10s executions %7s edges\n' "$target" "${executions:-?}" "${edges:-?}"
  grep -aq '^SUMMARY:\|^finding:\|ERROR: ' "$out/$target.log" || continue
  status=1
  grep -a -m 1 -A 40 '^finding:\|ERROR: \|runtime error' "$out/$target.log" || true
  sed -n 's/^artifact_prefix=.*Test unit written to /finding in /p' "$out/$target.log"
done
exit $status
