# SPDX-License-Identifier: Apache-2.0
"""Several hosts in one consumer group."""

from pipes import Pipe, clickhouse_sink, kafka_source, wait_until
from tables import ORACLE, Ledger


def test_two_hosts_share_a_group_and_one_leaves(broker, chdb, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    broker.create_topic(name, partitions=6)
    pipes = [Pipe(tmp_path / host, source=kafka_source(broker, name, name), sink=clickhouse_sink(chdb, name),
                  batch={"max_wait": "300ms", "max_rows": 5_000}) for host in ("one", "two")]
    load = broker.start_load_oracle(name, 400_000, rate=40_000)
    hosts = [pipe.start() for pipe in pipes]
    for host in hosts:
        wait_until(lambda: "streams assigned" in host.log(), what="a share of the partitions")
    rows = int(chdb.query(f"SELECT count() FROM {name}"))
    wait_until(lambda: int(chdb.query(f"SELECT count() FROM {name}")) > rows + 20_000, what="rows of both")
    left = hosts[0].stop()
    assert left.code == 0 and left.balanced, left.log
    spans = load.finish().spans
    wait_until(lambda: not Ledger(chdb, name).lost(spans), what="the rest by the one that stayed")
    stayed = hosts[1].stop()
    assert stayed.code == 0 and stayed.balanced, stayed.log
    ledger = Ledger(chdb, name)
    assert not ledger.lost(spans) and not ledger.doubled() and ledger.damaged == 0
    assert left.counters["inserted"] > 0 and stayed.counters["inserted"] > 0
