#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the pinned librdkafka as a static, position independent library, once a machine, and
# prints the prefix it is installed in (include/librdkafka/, lib/librdkafka.a, lib/pkgconfig/).
#
#   build_librdkafka.sh
#
# Debian 12 ships 2.0.2, which cannot log in with SCRAM to Kafka 4, has no OIDC and stalls its
# fetching. The npm package node-rdkafka carries the complete source of the release below.
#
# Environment: CPHOST_CACHE (default $XDG_CACHE_HOME/cphost or ~/.cache/cphost) holds the result;
# CC and CMAKE_BUILD_PARALLEL_LEVEL work as usual. Concurrent calls wait for one another.
set -euo pipefail

readonly version=2.12.0
readonly package=node-rdkafka@3.6.1
readonly package_sha256=148f7e7b65c510314c70762d8f1be052c8fe1fdf03a128e6c78083a729a57a30

readonly cache=${CPHOST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cphost}
readonly prefix=$cache/librdkafka-$version

fail() {
  echo "build_librdkafka.sh: $*" >&2
  exit 1
}

# The stamp names this very script, so that a change of the pin or of an option builds again.
stamp=$(sha256sum < "${BASH_SOURCE[0]}")
is_built() { [[ -f $prefix/.stamp && $(< "$prefix/.stamp") == "$stamp" ]]; }

if is_built; then
  echo "$prefix"
  exit 0
fi

mkdir -p "$cache"
exec 9> "$cache/librdkafka-$version.lock"
flock 9
if is_built; then # Another call built it while this one waited.
  echo "$prefix"
  exit 0
fi

for tool in cmake ninja "${CC:-cc}"; do
  command -v "$tool" > /dev/null || fail "$tool not found; run scripts/install_dependencies.sh"
done

work=$(mktemp -d "$cache/librdkafka-build.XXXXXX")
trap 'rm -rf "$work"' EXIT

echo "build_librdkafka.sh: building librdkafka $version into $prefix" >&2
"$(dirname "${BASH_SOURCE[0]}")/fetch_npm.sh" "$package" "$package_sha256" "$work/package"
# A broker that shuts down may answer that there are no brokers; librdkafka since 2.10 then forgets all it knows, the bootstrap
# servers too, and never connects again (https://github.com/confluentinc/librdkafka/issues/5301). Such an answer is ignored.
readonly metadata=$work/package/deps/librdkafka/src/rdkafka_metadata.c
readonly no_brokers='if (md->broker_cnt == 0 && md->topic_cnt == 0) {'
grep -qF "$no_brokers" "$metadata" || fail "librdkafka $version treats an empty list of brokers in another way than expected"
sed -i "s/${no_brokers%% &&*}.*/if (md->broker_cnt == 0) {/" "$metadata"
# ThreadSanitizer does not know C11's thrd_create() and crashes in what such a thread does; it knows POSIX threads.
echo '#error "POSIX threads are wanted"' > \
  "$work/package/deps/librdkafka/packaging/cmake/try_compile/c11threads_test.c"

launcher=()
if command -v ccache > /dev/null; then
  launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache)
fi
# WITH_SASL stands for Cyrus SASL (Kerberos) alone, yet librdkafka's CMake files put SCRAM and
# OAUTHBEARER behind it, which need nothing but OpenSSL: they are asked for by name. Everything a
# pipe may rely on is asked for too, so that a missing header fails here instead of at run time.
if ! cmake -S "$work/package/deps/librdkafka" -B "$work/build" -G Ninja \
  -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
  -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
  -DCMAKE_C_FLAGS="-fvisibility=hidden -ffunction-sections -fdata-sections" \
  -DRDKAFKA_BUILD_STATIC=ON -DRDKAFKA_BUILD_EXAMPLES=OFF -DRDKAFKA_BUILD_TESTS=OFF \
  -DWITH_SSL=ON -DWITH_CURL=ON -DWITH_ZLIB=ON -DWITH_ZSTD=ON -DENABLE_LZ4_EXT=ON \
  -DWITH_SASL=OFF -DWITH_SASL_SCRAM=ON -DWITH_SASL_OAUTHBEARER=ON \
  "${launcher[@]}" > "$work/log" 2>&1 ||
  ! cmake --build "$work/build" --target rdkafka >> "$work/log" 2>&1; then
  tail -n 40 "$work/log" >&2
  fail "building librdkafka $version failed (see above)"
fi
for feature in WITH_SSL WITH_ZLIB WITH_ZSTD WITH_CURL WITH_LZ4_EXT WITH_SASL_SCRAM \
  WITH_SASL_OAUTHBEARER WITH_OAUTHBEARER_OIDC; do
  grep -q "^#define $feature 1" "$work/build/generated/config.h" ||
    fail "librdkafka was configured without $feature; run scripts/install_dependencies.sh"
done

# Only the C library: the C++ wrapper is neither built nor used.
DESTDIR=$work/stage cmake --install "$work/build/src" >> "$work/log" 2>&1 ||
  { tail -n 20 "$work/log" >&2; fail "installing librdkafka $version failed (see above)"; }
staged=$work/stage$prefix
mkdir -p "$staged/share/licenses/librdkafka"
cp "$work/package/deps/librdkafka/LICENSES.txt" "$staged/share/licenses/librdkafka/"
echo "$stamp" > "$staged/.stamp"

# A build under way may still read the previous result, so it is moved aside in one step.
if [[ -e $prefix ]]; then
  mv "$prefix" "$work/previous"
fi
mv "$staged" "$prefix"
echo "$prefix"
