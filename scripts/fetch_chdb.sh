#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Fetches the pinned embedded ClickHouse engine, once a machine, and prints the path of its
# libchdb.so (566 MB; the download is 178 MB). It needs glibc and a processor with AVX2.
#
#   fetch_chdb.sh
#
# The npm package carries the shared library only; npm's own "latest" is an older release without
# streaming inserts, so the version is named.
#
# Environment: CPHOST_CACHE (default $XDG_CACHE_HOME/cphost or ~/.cache/cphost) holds the result,
# where cphost-chdb looks for it. Concurrent calls wait for one another.
set -euo pipefail

readonly version=26.7.3
readonly package=@chdb/lib-linux-x64-gnu@26.7.3-stable.1
readonly package_sha256=c0d32b129e988f2b9a9a31c9141aecf5e1e2453f9a079efc4d36ab8e3f92b2ad

readonly cache=${CPHOST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cphost}
readonly folder=$cache/chdb-$version
readonly library=$folder/libchdb.so

fail() {
  echo "fetch_chdb.sh: $*" >&2
  exit 1
}

# The folder appears by one rename, so whoever sees the library sees all of it.
if [[ -f $library ]]; then
  echo "$library"
  exit 0
fi

[[ $(uname -sm) == "Linux x86_64" ]] ||
  fail "the pinned engine exists for Linux x86_64 only, this is $(uname -sm)"

mkdir -p "$cache"
exec 9> "$cache/chdb-$version.lock"
flock 9
if [[ -f $library ]]; then # Another call fetched it while this one waited.
  echo "$library"
  exit 0
fi

echo "fetch_chdb.sh: fetching $package into $folder" >&2
rm -rf "$folder" # Left over from a call that was killed: without the library it is worth nothing.
"$(dirname "${BASH_SOURCE[0]}")/fetch_npm.sh" "$package" "$package_sha256" "$folder"
[[ -f $library ]] || fail "$package holds no libchdb.so"
echo "$library"
