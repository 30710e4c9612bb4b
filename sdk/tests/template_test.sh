#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: template_test.sh CMAKE SDK_DIR WORK_DIR CC CXX
# Installs the SDK, copies the template out of the tree, builds it with nothing but the installed
# SDK, runs its tests, and checks what the host will: one exported symbol, nothing bound late, a
# note that survives strip.
set -euo pipefail
cmake=$1 sdk=$2 work=$3 cc=$4 cxx=$5
fail() { echo "FAILED: $1"; exit 1; }

rm -rf "$work"
mkdir -p "$work"
compilers=(-DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Wshadow -Werror")
"$cmake" -S "$sdk" -B "$work/sdk" "${compilers[@]}" -DCMAKE_INSTALL_PREFIX="$work/prefix" \
  >"$work/log" || { cat "$work/log"; exit 1; }
"$cmake" --install "$work/sdk" >"$work/log"

cp -r "$work"/prefix/share/doc/cphost-sdk/template "$work/numbers"
"$cmake" -S "$work/numbers" -B "$work/build" "${compilers[@]}" -DCMAKE_PREFIX_PATH="$work/prefix"
"$cmake" --build "$work/build" -j 2
"$work/build/numbers-tests"

plugin=$work/build/plugins/cphost-numbers.so
exported=$(nm -D --defined-only "$plugin" | awk '{print $3}')
[ "$exported" = cphost_plugin_v1 ] || fail "exports: $exported"
nm -D --defined-only "$plugin" | grep -q ' u ' && fail "unique symbols"
readelf -d "$plugin" | grep -q 'BIND_NOW' || fail "not bound at load"

note() {
  readelf -p .note.cphost "$1" | grep -o "$2" >/dev/null || fail "$1 has no $2 in its note"
}
"$cmake" -E copy "$plugin" "$work/stripped.so"
strip "$work/stripped.so"
for file in "$plugin" "$work/stripped.so"; do
  readelf -nW "$file" | grep -q '^ *cphost ' || fail "$file has no note"
  readelf -lW "$file" | grep -q '\.note\.cphost' || fail "no segment has the note of $file"
  note "$file" 'abi=1\.0'
  note "$file" 'id=numbers'
  note "$file" 'version=1\.0\.0'
  note "$file" 'license=Apache-2\.0'
  note "$file" 'provides=source:numbers'
done

# Another major version of the SDK is refused.
mkdir -p "$work/later"
cat >"$work/later/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(later CXX)
find_package(cphost-sdk 2 REQUIRED)
END
if "$cmake" -S "$work/later" -B "$work/later/build" "${compilers[@]}" \
    -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/log" 2>&1; then
  fail "find_package(cphost-sdk 2) took version 1"
fi
grep -q 'compatible' "$work/log" || { cat "$work/log"; fail "the refusal does not say why"; }
echo "the template builds alone"
