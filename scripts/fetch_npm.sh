#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Fetches a pinned npm package, checks its archive and unpacks it. None of its scripts run.
#
#   fetch_npm.sh NAME@VERSION SHA256 FOLDER
#
# FOLDER must not exist yet. It appears by one rename, so whoever sees it sees all of it.
set -euo pipefail

fail() {
  echo "fetch_npm.sh: $*" >&2
  exit 1
}

(($# == 3)) || fail "usage: fetch_npm.sh NAME@VERSION SHA256 FOLDER"
readonly package=$1 package_sha256=$2 folder=$3

[[ ! -e $folder ]] || fail "$folder exists already"
for tool in npm tar sha256sum; do
  command -v "$tool" > /dev/null || fail "$tool not found; run scripts/install_dependencies.sh"
done

work=$(mktemp -d "$folder-fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm pack --silent --ignore-scripts "$package" > /dev/null) ||
  fail "npm pack $package failed; is the npm registry within reach?"
tarball=$(echo "$work"/*.tgz)
[[ -f $tarball ]] || fail "npm pack $package left no archive in $work"
echo "$package_sha256  $tarball" | sha256sum --check --status ||
  fail "$package has sha256 $(sha256sum < "$tarball" | cut -d' ' -f1), not $package_sha256"

mkdir "$work/unpacked"
tar -xzf "$tarball" -C "$work/unpacked" --strip-components=1
mv -T "$work/unpacked" "$folder"
