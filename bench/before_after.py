#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is the new build faster? Runs two builds of one bench in turn, so that both see the same noise.

    bench/before_after.py OLD/build/release/bench/json_decode build/release/bench/json_decode

Prints the least time a row of each, and the median over the rounds of their ratio.
"""

import argparse
import json
import statistics
import subprocess


def times_of(binary: str, arguments: list[str]) -> dict[str, float]:
    """Benchmark -> seconds of CPU a row. Older builds tell nanoseconds, as a counter of another name."""
    output = subprocess.run([binary, "--benchmark_format=json", *arguments], check=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    times = {}
    for run in json.loads(output)["benchmarks"]:
        if "row" in run:
            times[run["name"]] = run["row"]
        elif "ns/row" in run:
            times[run["name"]] = run["ns/row"] / 1e9
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.3, help="of each benchmark, a round")
    options = parser.parse_args()
    arguments = [f"--benchmark_min_time={options.seconds}"]
    rounds = [(times_of(options.before, arguments), times_of(options.after, arguments))
              for _ in range(options.rounds)]
    print(f"{'':18}{'before':>10}{'after':>10}{'ratio':>8}   ns a row, least of {options.rounds}")
    for name in [name for name in rounds[0][1] if name in rounds[0][0]]:
        before, after = ([times[i][name] for times in rounds] for i in (0, 1))
        ratio = statistics.median(b / a for a, b in zip(before, after))
        print(f"{name:18}{min(before) * 1e9:10.1f}{min(after) * 1e9:10.1f}{ratio:8.2f}")


if __name__ == "__main__":
    main()
