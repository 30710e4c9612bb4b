#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: headers_test.sh INCLUDE_DIR
# Compiles each header alone and twice: .h as C11 and C++17, C++20; .hpp as C++20. And checks that
# refused/*.cpp, which compiles, does not with -DREFUSED.
set -uo pipefail
cd "$(dirname "$0")"
include=$(cd "$1" && pwd)
warnings="-Wall -Wextra -Wpedantic -Wshadow -Werror -I$include -fsyntax-only"

compilers=()
for pair in "gcc g++" "clang clang++" "clang-14 clang++-14"; do
  read -r c cxx <<<"$pair"
  command -v "$c" >/dev/null && command -v "$cxx" >/dev/null && compilers+=("$pair")
  [ ${#compilers[@]} = 2 ] && break
done
[ ${#compilers[@]} -gt 0 ] || { echo "no compiler found"; exit 1; }

commands() {
  local header c cxx
  while read -r header; do
    for pair in "${compilers[@]}"; do
      read -r c cxx <<<"$pair"
      case $header in
        *.h)
          echo "$c -std=c11 -xc $header"
          echo "$cxx -std=c++17 -xc++ $header"
          echo "$cxx -std=c++20 -xc++ $header" ;;
        *) echo "$cxx -std=c++20 -xc++ $header" ;;
      esac
    done
  done < <(cd "$include" && find cphost -name '*.h' -o -name '*.hpp' | sort)
}

# COMPILER ARGUMENTS... HEADER: the header is included twice, from standard input.
compile() {
  local header=${*: -1}
  printf '#include <%s>\n#include <%s>\n' "$header" "$header" |
    ${*:1:$#-1} $warnings - || { echo "FAILED: $*"; return 1; }
}
export -f compile
export warnings

failed=0
commands | xargs -P 2 -d '\n' -I{} bash -c 'compile {}' || failed=1

for file in refused/*.cpp; do
  for pair in "${compilers[@]}"; do
    read -r _ cxx <<<"$pair"
    $cxx -std=c++20 $warnings "$file" || { echo "FAILED: $cxx $file does not compile"; failed=1; }
    if $cxx -std=c++20 $warnings -DREFUSED "$file" 2>/dev/null; then
      echo "FAILED: $cxx compiles $file -DREFUSED"
      failed=1
    fi
  done
done
exit $failed
