# SPDX-License-Identifier: Apache-2.0
"""A server that takes connections and never answers holds no stop for longer than a drain lasts."""

import time

import pytest

from pipes import Pipe, clickhouse_sink, kafka_source
from servers.fault_proxy import FaultProxy
from tables import ORACLE


@pytest.fixture
def gate(chdb):
    with FaultProxy(chdb.port) as proxy:
        yield proxy


def stops_within(seconds, host) -> None:
    began = time.monotonic()
    outcome = host.stop()
    took = time.monotonic() - began
    print(f"stopped after {took:.1f} s")
    assert outcome.code == 0 and took < seconds, outcome.log


def test_a_stop_while_the_target_is_asked_at_start(gate, tmp_path):
    gate.close_gate()
    (tmp_path / "rows.jsonl").write_text('{"x": 1}\n')
    sink = {"plugin": "clickhouse", "url": gate.url, "table": "t"}
    host = Pipe(tmp_path, source={"plugin": "file", "path": [str(tmp_path / "rows.jsonl")]}, sink=sink).start()
    gate.wait_for_a_victim()
    stops_within(10, host)  # The default of drain_timeout.


def test_a_stop_while_a_writer_is_opened(broker, chdb, gate, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    broker.create_topic(name)
    host = Pipe(tmp_path, source=kafka_source(broker, name, name), sink={**clickhouse_sink(chdb, name), "url": gate.url},
                batch={"max_wait": "100ms"}, drain_timeout="2s").start()
    while f"{name}_errors" not in chdb.query("SHOW TABLES"):  # What the start asks for last.
        assert host.running(), host.log()
        time.sleep(0.02)  # between two looks at the tables
    gate.close_gate()
    broker.load_oracle(name, 100)
    gate.wait_for_a_victim()
    stops_within(4, host)  # The sink's question alone would last longer.
