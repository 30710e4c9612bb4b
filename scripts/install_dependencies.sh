#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs the Debian packages that building (profile "build") or building and testing (profile
# "test") needs. Asks dpkg first and calls apt only for what is missing, so it is cheap to call
# from other scripts.
#
#   install_dependencies.sh [build|test] [--list]
#
# --list prints the missing packages, one a line, and installs nothing.
set -euo pipefail

usage() {
  echo "usage: $0 [build|test] [--list]" >&2
  exit 64
}

profile=build
list=
for argument in "$@"; do
  case $argument in
    build | test) profile=$argument ;;
    --list) list=1 ;;
    *) usage ;;
  esac
done

packages=(
  g++ make cmake ninja-build ccache pkg-config curl ca-certificates
  libboost-dev libboost-program-options-dev libtomlplusplus-dev
  libcurl4-openssl-dev libjsoncpp-dev liblz4-dev libzstd-dev zlib1g-dev libssl-dev
  libfmt-dev
)
if [[ $profile == test ]]; then
  packages+=(
    clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev
    libgtest-dev libgmock-dev libbenchmark-dev libsimdjson-dev
    librdkafka-dev # The distribution's release, for builds with CPHOST_LIBRDKAFKA=system.
    openssl python3
  )
  # A Java, a Maven or a pytest that is already on the PATH may come from elsewhere; a second one
  # from the distribution would only be in the way.
  command -v java > /dev/null || packages+=(default-jre-headless)
  command -v mvn > /dev/null || packages+=(maven)
  find_pytest='import importlib.util, sys; sys.exit(importlib.util.find_spec("pytest") is None)'
  python3 -c "$find_pytest" 2> /dev/null || packages+=(python3-pytest)
fi
# NodeSource's nodejs brings npm and conflicts with Debian's npm.
command -v npm > /dev/null || packages+=(npm)

if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
  {
    echo "install_dependencies.sh: this is not Debian or Ubuntu (no dpkg-query or no apt-get)."
    echo "Install the equivalents of these Debian 12 packages yourself:"
    printf '  %s\n' "${packages[@]}"
  } >&2
  exit 69
fi

missing=()
installed=" $(dpkg-query -W -f '${Package}=${db:Status-Status} ' "${packages[@]}" 2> /dev/null || true)"
for package in "${packages[@]}"; do
  [[ $installed == *" $package=installed "* ]] || missing+=("$package")
done

if [[ -n $list ]]; then
  ((${#missing[@]} == 0)) || printf '%s\n' "${missing[@]}"
  exit 0
fi
((${#missing[@]} > 0)) || exit 0

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo > /dev/null; then
    echo "install_dependencies.sh: missing ${missing[*]}; run this as root, or install sudo" >&2
    exit 77
  fi
  as_root=(sudo)
fi
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >&2
}

echo "install_dependencies.sh: installing ${missing[*]}" >&2
# The package lists on the machine may be absent or too old for what the mirror still carries:
# fetch them only when the first attempt fails.
if ! apt install --no-install-recommends "${missing[@]}"; then
  apt update
  apt install --no-install-recommends "${missing[@]}"
fi
