#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Everything that CI runs, from nothing: installs what is missing, builds, tests. Caches live outside the tree.
#
#   test.sh [--long] [--only STAGE]
#
#   --long    also what takes longer: clang's build, clang-tidy, ThreadSanitizer, all rounds of the kill test
#   --only    one stage: format, unit, end_to_end, asan, packaging, clang, tidy, tsan
set -euo pipefail
cd "$(dirname "$0")/.."

long='' only=''
while (($#)); do
  case $1 in
    --long) long=1 && shift ;;
    --only) only=$2 && shift 2 ;;
    *) sed -n '3,10s/^# \{0,1\}//p' "$0" && exit 64 ;;
  esac
done
export CPHOST_LONG=$long
began=$SECONDS

stage() { # NAME: true when it is to run
  [[ -z $only || $only == "$1" ]] || return 1
  printf '\n== %s (%d s)\n' "$1" $((SECONDS - began))
}

build() { # PRESET [cmake arguments]
  cmake --preset "$@" > "build-$1.log" 2>&1 || { cat "build-$1.log"; return 1; }
  cmake --build --preset "$1" > "build-$1.log" 2>&1 || { tail -n 60 "build-$1.log"; return 1; }
  rm -f "build-$1.log"
}

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
export CPHOST_LIBCHDB
(cd tests && python3 -m servers.kafka > /dev/null)

if stage format; then
  git ls-files '*.h' '*.hpp' '*.cpp' | xargs clang-format-14 --dry-run --Werror
  python3 tests/tree/check_tree.py
fi
if stage unit || [[ $only == end_to_end || $only == asan || $only == tsan ]]; then build release; fi
if [[ -z $only || $only == unit ]]; then ctest --preset release -j2; fi
if stage end_to_end; then end_to_end release tests/servers plugins tests/end_to_end; fi
if stage asan; then
  build asan
  ctest --preset asan -j2
  end_to_end asan tests/end_to_end -m 'not slow'
fi
if [[ -n $long || $only == clang ]] && stage clang; then
  cmake -S . -B build/clang -G Ninja -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_C_COMPILER_LAUNCHER=ccache > /dev/null
  cmake --build build/clang | tail -n 1
  ctest --test-dir build/clang --output-on-failure -j2
fi
if [[ -n $long || $only == tsan ]] && stage tsan; then
  build tsan
  ctest --preset tsan -R '^(host|sdk)' -j2
  end_to_end tsan tests/end_to_end -m 'not slow'
fi
if [[ -n $long || $only == tidy ]] && stage tidy; then
  build dev
  git ls-files 'host/*.cpp' 'plugins/*.cpp' | grep -v _test.cpp | xargs -n 8 -P 2 clang-tidy-14 -p build/dev --quiet
fi
printf '\nall of it passed in %d s\n' $((SECONDS - began))
