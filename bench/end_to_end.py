#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a million rows from a real Kafka into the real ClickHouse engine cost: CPU seconds (user +
system) of the cphost process that runs examples/kafka.toml.

    bench/end_to_end.py [--rows N] [--partitions P] [--runs N] [--compression none|lz4]
                        [--delivery at_least_once|exactly_once|both] [--beside 'COMMAND']

COMMAND is a yardstick that is run in turn with cphost; {brokers}, {topic}, {rows} and {partitions}
are filled in. Machines are shared and noisy: only ratios of one run mean something. Needs the
release build (cmake --preset release) and what scripts/test.sh fetches.
"""

import argparse
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("CPHOST_BUILD", ROOT / "build" / "release")).resolve()
os.environ["CPHOST_BUILD"] = str(BUILD)
os.environ.setdefault("CPHOST_CHDB_BIN", str(BUILD / "bin" / "cphost-chdb"))
os.environ.setdefault("CPHOST_LOAD_BIN", str(BUILD / "bin" / "cphost-load"))
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "end_to_end")]

from pipes import CPHOST, PLUGINS, main_example  # noqa: E402
from servers.chdb import Chdb  # noqa: E402
from servers.kafka import KafkaBroker  # noqa: E402


def measure(command) -> tuple[float, float, int, int]:
    """CPU seconds, wall seconds, peak RSS in KiB and exit code of a command."""
    began = time.monotonic()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.stderr.write(errors.decode(errors="replace")[-2000:])
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss, child.returncode


def run_cphost(broker, chdb, options, folder, run, delivery) -> dict:
    table = f"bench{run}_{delivery}"
    text = f'delivery = "{delivery}"\n' + main_example(broker, chdb, "bench", table, table)
    pipe = folder / f"{table}.toml"
    pipe.write_text(text.replace("[sink]\n", f'[sink]\ncompression = "{options.compression}"\n'))
    cpu, wall, rss, code = measure([CPHOST, "--plugins", PLUGINS, "--pipe", pipe, "--state", folder, "--progress", "never"])
    rows = int(chdb.query(f"SELECT count() FROM {table}"))
    unique = int(chdb.query(f"SELECT uniqExact(id) FROM {table}"))
    chdb.query(f"DROP TABLE {table}")
    if code or rows != options.rows or unique != rows:
        sys.exit(f"cphost: exit {code}, {rows} rows, {unique} of them different, {options.rows} were sent")
    return {"cpu": cpu, "wall": wall, "rss": rss}


def run_beside(broker, options) -> dict:
    words = options.beside.format(brokers=broker.address, topic="bench", rows=options.rows, partitions=options.partitions)
    cpu, wall, rss, code = measure(shlex.split(words))
    if code:
        sys.exit(f"{words}: exit {code}")
    return {"cpu": cpu, "wall": wall, "rss": rss}


def report(name, runs, rows) -> float:
    per_million = 1e6 / rows
    cpu = statistics.median(r["cpu"] for r in runs) * per_million
    low, high = (f(r["cpu"] for r in runs) * per_million for f in (min, max))
    wall = statistics.median(r["wall"] for r in runs)
    rss = max(r["rss"] for r in runs) / 1024
    print(f"{name:13} CPU s per 1M rows {cpu:.3f} (of {len(runs)}: {low:.3f} to {high:.3f})   {rows / wall / 1e6:.2f} M rows/s with start and stop   "
          f"peak RSS {rss:.0f} MiB")
    return cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--compression", default="none")
    parser.add_argument("--delivery", default="at_least_once", choices=("at_least_once", "exactly_once", "both"))
    parser.add_argument("--beside")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, KafkaBroker(f"{folder}/kafka", heap_mb=1024) as broker, \
            Chdb(f"{folder}/chdb") as chdb:
        loaded = broker.load("bench", options.rows, partitions=options.partitions)
        print(f"{options.rows} rows of {loaded.bytes / options.rows:.0f} B, {options.partitions} partitions, compression {options.compression}")
        deliveries = ("at_least_once", "exactly_once") if options.delivery == "both" else (options.delivery,)
        ours, theirs = {delivery: [] for delivery in deliveries}, []
        for run in range(options.runs + 1):
            for delivery in deliveries:
                ours[delivery].append(run_cphost(broker, chdb, options, pathlib.Path(folder), run, delivery))
            if options.beside:
                theirs.append(run_beside(broker, options))
        # The first run of each warms the page cache and the broker.
        measured = {**ours, "beside": theirs} if theirs else ours
        costs = {name: report(name, runs[1:], options.rows) for name, runs in measured.items()}
        first, *others = costs
        for other in others:
            print(f"{first} is {costs[first] / costs[other]:.2f} times {other}")


if __name__ == "__main__":
    main()
