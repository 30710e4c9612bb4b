#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: linkage_test.sh CPHOST. Fails if the host needs more than the C and C++ runtimes, or exports functions of its own:
# either would replace what a plugin brought along.
set -eu
dynamic=$(readelf -d "$1")
symbols=$(nm -D --defined-only "$1")
needed=$(echo "$dynamic" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p')
if [ -z "$needed" ]; then
  echo "$1 needs no library: it is not the host" >&2
  exit 1
fi
status=0
for library in $needed; do
  case $library in
    libc.so.6 | libm.so.6 | libstdc++.so.6 | libgcc_s.so.1 | ld-linux-x86-64.so.2 | ld-linux-aarch64.so.1) ;;
    *)
      echo "$1 needs $library, which it would force on its plugins" >&2
      status=1
      ;;
  esac
done
exported=$(echo "$symbols" | grep -E 'cphost|boost|toml|fmt' || true)
if [ -n "$exported" ]; then
  echo "$1 exports symbols of its own:" "$exported" >&2
  status=1
fi
exit $status
