#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Everything that CI runs, from nothing: installs what is missing, builds, tests. Caches live outside the tree.
#
#   test.sh [--long] [--only STAGE]
#
#   --long    also what takes longer: ten minutes of each fuzzer, not one; twenty rounds of each fault; the release's own unit
#             tests and the SDK's slow ones, clang, clang-tidy, ThreadSanitizer
#   --only    one stage: format, end_to_end, asan, fuzz, faults, unit, clang, tsan, tidy
set -euo pipefail
cd "$(dirname "$0")/.."

long='' only=''
while (($#)); do
  case $1 in
    --long) long=1 && shift ;;
    --only) only=$2 && shift 2 ;;
    *) sed -n '3,12s/^# \{0,1\}//p' "$0" && exit 64 ;;
  esac
done
export CPHOST_LONG=$long
began=$SECONDS

stage() { # NAME: true when it is to run
  [[ -z $only || $only == "$1" ]] || return 1
  printf '\n== %s (%d s)\n' "$1" $((SECONDS - began))
}

products=(cphost cphost-chdb cphost-load cphost-mock-broker cphost-kafka cphost-file cphost-json cphost-clickhouse)

build() { # PRESET [target ...]
  local preset=$1 log=build-$1.log targets=()
  shift
  (($# == 0)) || targets=(--target "$@")
  cmake --preset "$preset" > "$log" 2>&1 || { cat "$log"; return 1; }
  cmake --build --preset "$preset" "${targets[@]}" > "$log" 2>&1 || { tail -n 60 "$log"; return 1; }
  rm -f "$log"
}

# The next stage's build, at the lowest priority: tests wait for servers more than they compute.
ahead='' ahead_pid=''
build_ahead() { # NAME COMMAND [argument ...]
  [[ -z $only ]] || return 0
  ahead=$1
  shift
  set -m # a process group of its own, so that it can be ended whole
  { renice -n 19 -p "$BASHPID" > /dev/null; "$@"; } < /dev/null &
  ahead_pid=$!
  set +m
}
await_build_ahead() { # NAME: nothing where it was not begun
  [[ $ahead == "$1" ]] || return 0
  wait "$ahead_pid"
  ahead='' ahead_pid=''
}
trap '[[ -z $ahead_pid ]] || kill -- "-$ahead_pid" 2> /dev/null || true' EXIT

end_to_end() { # PRESET [pytest arguments]: with the binaries of that build
  local preset=$1
  shift
  CPHOST_BUILD=$PWD/build/$preset CPHOST_CHDB_BIN=$PWD/build/release/bin/cphost-chdb \
    CPHOST_LOAD_BIN=$PWD/build/release/bin/cphost-load \
    python3 -m pytest -q -p no:cacheprovider "$@"
}

scripts/install_dependencies.sh test
scripts/build_librdkafka.sh > /dev/null
CPHOST_LIBCHDB=$(scripts/fetch_chdb.sh)
export CPHOST_LIBCHDB CPHOST_CHDB=$PWD/build/release/bin/cphost-chdb
(cd tests && python3 -m servers.kafka > /dev/null)

if stage format; then
  git ls-files '*.h' '*.hpp' '*.cpp' | xargs clang-format-14 --dry-run --Werror
  python3 tests/tree/check_tree.py
fi
# The product as it ships, with real servers; the engine always comes from this build, because libchdb does not run sanitized.
if [[ -z $only || $only == @(end_to_end|asan|faults|tsan) ]]; then
  stage build || printf '\n== build\n'
  build release "${products[@]}"
fi
if stage end_to_end; then
  build_ahead asan build asan
  scripts/option_tables.py build/release --check
  end_to_end release tests/servers plugins tests/end_to_end tests/faults tests/oracle
fi
# Unit tests once, sanitized; and the same ends with sanitizers in between.
if stage asan; then
  await_build_ahead asan
  build asan
  build_ahead fuzz scripts/fuzz.sh --build
  ctest --preset asan -j2 -LE slow
  end_to_end asan tests/end_to_end -m 'not slow'
fi
# What fuzzing found once, and a random minute of each fuzzer, two at a time. A finding is kept, with its seed.
if stage fuzz; then
  await_build_ahead fuzz
  scripts/fuzz.sh --seconds $((long ? 600 : 60))
fi
# Each fault alone, in both deliveries, many times.
if [[ -n $long || $only == faults ]] && stage faults; then
  CPHOST_FAULT_ROUNDS=20 end_to_end release tests/faults
fi
if [[ -n $long || $only == unit ]] && stage unit; then
  build release
  ctest --preset release -j2
fi
if [[ -n $long || $only == clang ]] && stage clang; then
  build clang
  ctest --preset clang -j2 -LE slow
fi
if [[ -n $long || $only == tsan ]] && stage tsan; then
  build tsan
  export TSAN_OPTIONS=suppressions=$PWD/tests/tsan_suppressions.txt
  ctest --preset tsan -j2 -LE slow
  end_to_end tsan tests/end_to_end -m 'not slow'
fi
if [[ -n $long || $only == tidy ]] && stage tidy; then
  cmake --preset clang > /dev/null
  git ls-files 'host/*.cpp' 'plugins/*.cpp' | grep -v test | xargs -n 8 -P 2 clang-tidy-14 -p build/clang --quiet
fi
printf '\nall of it passed in %d s\n' $((SECONDS - began))
