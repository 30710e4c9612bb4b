#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Sets everything up on Debian 12 and runs the main job before your eyes: a Kafka topic with a million JSON events goes into a
# table of an embedded ClickHouse. The first run installs, builds and fetches (minutes); later ones take seconds.
#
#   quickstart.sh [--brokers HOST:PORT --topic NAME] [--keep]
#
#   --brokers, --topic   read a topic of a real cluster instead of the example's own small broker; its records must be the
#                        example's (cphost-load makes them)
#   --keep               go on where the last run stopped, instead of beginning with an empty database and a new consumer group
#
# Environment: CPHOST_BUILD, a build folder to use instead of build/quickstart.
set -euo pipefail
cd "$(dirname "$0")/.."

brokers='' topic=events keep=''
while (($#)); do
  case $1 in
    --brokers) brokers=$2 && shift 2 ;;
    --topic) topic=$2 && shift 2 ;;
    --keep) keep=1 && shift ;;
    *) sed -n '3,17s/^# \{0,1\}//p' "$0" && exit 64 ;;
  esac
done

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

say "1. What is needed"
scripts/install_dependencies.sh build
scripts/build_librdkafka.sh > /dev/null
CPHOST_LIBCHDB=$(scripts/fetch_chdb.sh)
export CPHOST_LIBCHDB

say "2. Build"
build=${CPHOST_BUILD:-build/quickstart}
if [[ ! -f $build/build.ninja ]]; then
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_TESTING=OFF \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_C_COMPILER_LAUNCHER=ccache > /dev/null
fi
cmake --build "$build" --target cphost cphost-kafka cphost-json cphost-clickhouse cphost-chdb cphost-mock-broker | tail -n 1

say "3. Run"
data=$(realpath -m "$build/quickstart")
[[ -n $keep ]] || rm -rf "$data"
mkdir -p "$data"
# The group of an emptied database must not go on where the one before it stopped.
[[ -f $data/group ]] || echo "cphost-quickstart-$(date +%s%N)" > "$data/group"
broker_pid=''
# The broker stops when its standard input ends, so it can't outlive this script.
if [[ -z $brokers ]]; then
  coproc broker { exec "$build/bin/cphost-mock-broker" --topic "$topic" --rows 1000000 --partitions 64; }
  broker_pid=$broker_PID
  exec {broker_out}<&"${broker[0]}"
  while read -r -u "$broker_out" line; do
    echo "$line"
    [[ $line == brokers* ]] && brokers=${line#brokers } && break
  done
  [[ -n $brokers ]] || { echo "the example's broker did not start" >&2; exit 70; }
fi
pipe=$data/quickstart.toml
sed -e "s|@BROKERS@|$brokers|" -e "s|@TOPIC@|$topic|" -e "s|@DATABASE@|$data/db|" \
  -e "s|@GROUP@|$(< "$data/group")|" \
  examples/quickstart.toml.in > "$pipe"
echo "the pipe file: $pipe"
status=0
"$build/bin/cphost" --plugins "$build/plugins" --pipe "$pipe" --state "$data/state" || status=$?
[[ -z $broker_pid ]] || kill "$broker_pid" 2> /dev/null || true
((status == 0)) || exit "$status"

say "4. What is in the table now"
query="SELECT country, count() AS events, round(sum(price * qty), 2) AS revenue FROM events GROUP BY country ORDER BY events DESC FORMAT PrettyCompactMonoBlock"
scripts/query_chdb.sh "$build" "$data/db" "$query"
