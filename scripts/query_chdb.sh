#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs one statement on a folder of the embedded engine that nothing else serves, and prints the answer.
#
#   query_chdb.sh BUILD_FOLDER DATABASE_FOLDER 'SELECT ...'
set -euo pipefail
build=$1 database=$2 query=$3

# The server stops when its standard input ends.
coproc engine { exec "$build/bin/cphost-chdb" --path "$database" --port 0 --exit-with-stdin; }
engine_pid=$engine_PID
exec {engine_out}<&"${engine[0]}" {engine_in}>&"${engine[1]}"
address=''
while read -r -u "$engine_out" line; do
  [[ $line == *'listening on '* ]] && address=${line##*listening on } && break
done
[[ -n $address ]] || { echo "cphost-chdb did not start on $database" >&2; exit 75; }
status=0
curl --silent --show-error --fail-with-body --data-binary "$query" "http://$address/" || status=$?
exec {engine_in}>&-
kill "$engine_pid" 2> /dev/null || true
wait "$engine_pid" 2> /dev/null || true
exit "$status"
