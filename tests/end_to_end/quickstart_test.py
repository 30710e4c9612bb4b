# SPDX-License-Identifier: Apache-2.0
"""What the README asks a newcomer to run first."""

import os
import re
import subprocess

import pytest

from pipes import BUILD, ROOT

SCRIPT = ROOT / "scripts" / "quickstart.sh"


def quickstart(*arguments) -> str:
    run = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=120,
                         env={**os.environ, "CPHOST_BUILD": str(BUILD.resolve())})
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def events_in_table(out: str) -> int:
    """The sum of the events by country, as the SELECT at the end prints them."""
    return sum(int(n) for n in re.findall(r"│ [A-Z]{2} +│ +(\d+) │", out))


@pytest.mark.slow
def test_it_fills_a_table_before_the_readers_eyes():
    out = quickstart()
    assert "inserted 1,000,000" in out and events_in_table(out) == 1_000_000, out


@pytest.mark.slow
def test_on_a_real_broker_it_begins_anew_or_goes_on(broker, name):
    there = ("--brokers", broker.address, "--topic", name)
    broker.load(name, 10_000, partitions=2)
    assert events_in_table(quickstart(*there)) == 10_000
    assert events_in_table(quickstart(*there)) == 10_000
    broker.load(name, 5_000)
    assert events_in_table(quickstart(*there, "--keep")) == 15_000
