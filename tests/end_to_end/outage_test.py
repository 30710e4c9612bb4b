# SPDX-License-Identifier: Apache-2.0
"""Servers that go away and come back: nothing is rejected, lost or doubled, and memory stays within
the budget."""

import time

import pytest

from pipes import SANITIZED, Pipe, clickhouse_sink, kafka_source, wait_until, wait_until_settled
from servers.chdb import Chdb
from servers.kafka import KafkaBroker
from tables import ORACLE, Ledger, ends_in_table

SECONDS_DOWN = 20


@pytest.fixture
def own_chdb(tmp_path):
    with Chdb(tmp_path / "chdb") as running:
        yield running


def count(chdb, table):
    return int(chdb.query(f"SELECT count() FROM {table}"))


@pytest.mark.slow
def test_clickhouse_down_for_twenty_seconds(broker, own_chdb, name, tmp_path):
    budget_mib = 64
    own_chdb.query(ORACLE.format(name=name))
    broker.create_topic(name, partitions=4)
    source = kafka_source(broker, name, name)
    host = Pipe(tmp_path, source=source, sink=clickhouse_sink(own_chdb, name), memory=f"{budget_mib}MiB",
                batch={"max_wait": "500ms"}).start()
    broker.load_oracle(name, 100)
    wait_until(lambda: count(own_chdb, name) == 100, what="the first rows")
    idle_kib = host.rss_kib()
    own_chdb.kill()
    load = broker.start_load_oracle(name, 3_000_000)
    peak_kib = 0
    end = time.monotonic() + SECONDS_DOWN
    while time.monotonic() < end:
        peak_kib = max(peak_kib, host.rss_kib())
        time.sleep(0.05)  # how often memory is looked at
        assert host.running(), host.log()
    own_chdb.start()
    load.finish()
    total = sum(broker.end_offsets(name).values())
    wait_until(lambda: len(Ledger(own_chdb, name).target) == total, timeout=120, what="catching up")
    peak_kib = max(peak_kib, host.rss_kib())
    outcome = host.stop()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    assert outcome.counters["rejected"] == 0 and not Ledger(own_chdb, name).doubled()
    limit_kib = 1.1 * budget_mib * 1024 + idle_kib
    print(f"budget {budget_mib} MiB, idle {idle_kib / 1024:.0f} MiB, peak {peak_kib / 1024:.0f} MiB")
    assert SANITIZED or peak_kib <= limit_kib


def test_a_broker_that_restarts(chdb, name, tmp_path):
    """In the middle of its work: nothing is lost; only what was not committed may come twice."""
    rows = 300_000
    with KafkaBroker(tmp_path / "kafka") as broker:
        chdb.query(ORACLE.format(name=name))
        load = broker.load_oracle(name, rows, partitions=4)
        host = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=clickhouse_sink(chdb, name),
                    memory="32MiB", batch={"max_rows": 1_000}).start()
        wait_until(lambda: count(chdb, name) > 0, what="the first rows")
        committed = {partition: c.offset for partition, c in broker.committed(name, name).items()}
        broker.stop()
        assert count(chdb, name) < rows
        wait_until_settled(lambda: count(chdb, name))
        ends = ends_in_table(chdb, name)
        broker.start()
        wait_until(lambda: len(Ledger(chdb, name).target) == rows, what="the rest")
        outcome = host.stop()
        assert outcome.code == 0 and outcome.balanced, outcome.log
        ledger = Ledger(chdb, name)
        assert not ledger.lost(load.spans) and not ledger.rejected and ledger.damaged == 0
        assert all(committed.get(p, 0) <= o < ends[p] for p, o in ledger.doubled())
        assert {p: c.offset for p, c in broker.committed(name, name).items()} == broker.end_offsets(name)


def test_a_table_that_is_dropped_pauses_the_pipe_until_it_is_back(broker, chdb, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    broker.load_oracle(name, 1_000, partitions=1)
    host = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=clickhouse_sink(chdb, name),
                batch={"max_wait": "100ms"}).start()
    wait_until(lambda: count(chdb, name) == 1_000, what="the first rows")
    chdb.query(f"DROP TABLE {name}")
    broker.load_oracle(name, 1_000)
    wait_until(lambda: "will be tried again" in host.log(), what="the log to say what is wrong")
    # It comes back with another type: what was read is decoded again.
    chdb.query(ORACLE.format(name=name).replace("crc UInt32", "crc UInt64, extra String DEFAULT 'x'"))
    wait_until(lambda: count(chdb, name) == 1_000, what="the second thousand")
    outcome = host.stop()
    assert outcome.code == 0 and outcome.balanced and outcome.counters["rejected"] == 0, outcome.log
    assert chdb.query(f"SELECT countIf(extra = 'x') FROM {name}") == "1000\n"


def test_a_dead_sink_does_not_keep_the_host_from_stopping(broker, own_chdb, name, tmp_path):
    own_chdb.query(ORACLE.format(name=name))
    broker.load_oracle(name, 10_000, partitions=2)
    host = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=clickhouse_sink(own_chdb, name),
                drain_timeout="2s").start()
    wait_until(lambda: count(own_chdb, name) == 10_000, what="the first rows")
    own_chdb.kill()
    broker.load_oracle(name, 10_000)
    wait_until(lambda: "will be tried again" in host.log(), what="the outage in the log")
    began = time.monotonic()
    outcome = host.stop()
    assert outcome.code == 0 and time.monotonic() - began < 10, outcome.log
    assert outcome.balanced and outcome.counters["dropped"] > 0


def test_a_rebalance_while_clickhouse_is_away_doubles_nothing(broker, own_chdb, name, tmp_path):
    own_chdb.query(ORACLE.format(name=name))
    broker.create_topic(name, partitions=4)
    hosts = [Pipe(tmp_path / host, source=kafka_source(broker, name, name), sink=clickhouse_sink(own_chdb, name),
                  drain_timeout="2s", batch={"max_wait": "100ms", "max_rows": 1_000}).start()
             for host in ("one", "two")]
    for host in hosts:
        wait_until(lambda: "streams assigned" in host.log(), what="a share of the partitions")
    broker.load_oracle(name, 100)
    wait_until(lambda: count(own_chdb, name) == 100, what="the first rows")
    own_chdb.kill()
    broker.load_oracle(name, 60_000)
    for host in hosts:
        wait_until(lambda: "will be tried again" in host.log(), what="the outage in the log")
    stayed, left = hosts
    assigned = stayed.log().count("streams assigned")
    outcome = left.stop()
    assert outcome.code == 0 and outcome.balanced and outcome.counters["dropped"] > 0, outcome.log
    wait_until(lambda: stayed.log().count("streams assigned") > assigned, what="the partitions of the one that left")
    own_chdb.start()
    ends = broker.end_offsets(name)
    wait_until(lambda: len(Ledger(own_chdb, name).target) == sum(ends.values()), what="all rows")
    outcome = stayed.stop()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    ledger = Ledger(own_chdb, name)
    assert not ledger.rejected and not ledger.doubled()
