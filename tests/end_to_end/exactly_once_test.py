# SPDX-License-Identifier: Apache-2.0
"""delivery = "exactly_once": whatever is killed, each record is there once, in the table or in the error table."""

import os
import random
import time

import pytest

from pipes import Pipe, clickhouse_sink, kafka_source, wait_until
from tables import ORACLE, Ledger

ROUNDS = int(os.environ.get("CPHOST_KILL_ROUNDS", "5"))
ROWS = max(1_000_000, 50_000 * ROUNDS)
WINDOW = " SETTINGS non_replicated_deduplication_window = 10000"


def once(folder, broker, chdb, name, delivery="exactly_once", **source):
    return Pipe(folder, source=kafka_source(broker, name, name, session_timeout="6s", **source), sink=clickhouse_sink(chdb, name),
                delivery=delivery, batch={"max_rows": 3_000, "max_wait": "200ms"})


def rows_in(chdb, name):
    return int(chdb.query(f"SELECT count() FROM {name}"))


def expect_each(chdb, name, load, delivery="exactly_once"):
    ledger = Ledger(chdb, name)
    lost, doubled = ledger.lost(load.spans), ledger.doubled()
    print(f"lost {len(lost)}, doubled {len(doubled)}")
    assert (lost[:5], ledger.damaged) == ([], 0)
    assert delivery == "at_least_once" or doubled[:5] == []
    assert len(ledger.rejected) == len(load.malformed)


def finish(folder, broker, chdb, name, delivery="exactly_once"):
    broker.wait_group_empty(name)
    outcome = once(folder, broker, chdb, name, delivery, stop="end").run(timeout=300)
    assert outcome.code == 0 and outcome.balanced, outcome.log


@pytest.mark.slow
@pytest.mark.parametrize("delivery", ["exactly_once", pytest.param("at_least_once", marks=pytest.mark.skipif(
    "CPHOST_KILL_ROUNDS" not in os.environ, reason="crash_test.py asks more of it"))])
def test_kill_nine_of_two_hosts(broker, chdb, name, tmp_path, delivery):
    """Two hosts share the group; each round one of them is killed at a random moment while it writes, so that
    what it left open is replayed by the other."""
    seed = int(os.environ.get("CPHOST_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed} (repeat with CPHOST_SEED={seed})")
    random_ = random.Random(seed)
    load = broker.load_oracle(name, ROWS, partitions=8, malformed=0.001, seed=seed)
    chdb.query(ORACLE.format(name=name) + (WINDOW if delivery == "exactly_once" else ""))
    pipe = once(tmp_path, broker, chdb, name, delivery)
    hosts = [pipe.start(), pipe.start()]
    for _ in range(ROUNDS):
        rows = rows_in(chdb, name)
        assert rows < ROWS * 0.95, "too few rows for so many rounds"
        wait_until(lambda: rows_in(chdb, name) > rows, what="a block of a round")
        time.sleep(random_.uniform(0, 0.3))  # the random moment
        victim = random_.randrange(2)
        hosts[victim].kill()
        hosts[victim] = pipe.start()
    wait_until(lambda: rows_in(chdb, name) >= ROWS - len(load.malformed), what="all rows")
    for host in hosts:
        assert host.stop().code == 0, host.log()
    finish(tmp_path, broker, chdb, name, delivery)
    expect_each(chdb, name, load, delivery)


def test_a_block_that_was_cut_off_from_its_answer_is_there_once(broker, chdb, name, tmp_path):
    """The server dies during inserts, so that nobody knows of some blocks whether they were taken."""
    load = broker.load_oracle(name, 200_000, partitions=4, malformed=0.001)
    chdb.query(ORACLE.format(name=name) + WINDOW)
    host = once(tmp_path, broker, chdb, name).start()
    for _ in range(2):
        rows = rows_in(chdb, name)
        wait_until(lambda: rows_in(chdb, name) > rows, what="a block")
        chdb.kill()
        chdb.start()
    wait_until(lambda: rows_in(chdb, name) >= 200_000 - len(load.malformed), what="all rows")
    assert host.stop().code == 0
    finish(tmp_path, broker, chdb, name)
    expect_each(chdb, name, load)


@pytest.mark.parametrize("engine, told", [
    ("MergeTree ORDER BY o", "remembers the tokens of 0 blocks"),
    ("Null", "is a Null table"),
])
def test_a_target_that_forgets_is_refused(broker, chdb, name, tmp_path, engine, told):
    broker.create_topic(name, partitions=1)
    chdb.query(f"CREATE TABLE {name} (p Int32, o Int64, crc UInt32, pad String) ENGINE = {engine}")
    outcome = once(tmp_path, broker, chdb, name).run(timeout=60)
    assert outcome.code == 78 and told in outcome.log, outcome.log
