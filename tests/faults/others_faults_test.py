# SPDX-License-Identifier: Apache-2.0
"""What makes other loaders lose rows, stop or store zeros: bad messages among good ones, a server that only answers 500, a
table that is away for a while. A thousand good records, the fault, a thousand good records.

    CPHOST_FAULT_SECONDS=15 python3 -m pytest tests/faults/others_faults_test.py    # how long servers fail; 3 by default
"""

import os
import time

import pytest

from pipes import Pipe, clickhouse_sink, kafka_source, wait_until
from servers.fault_proxy import FaultProxy
from servers.proxied import Inserts
from tables import ORACLE, Ledger

SECONDS = float(os.environ.get("CPHOST_FAULT_SECONDS", "3"))


@pytest.fixture
def proxy(servers):
    with FaultProxy(servers.chdb.port, Inserts) as running:
        yield running


@pytest.fixture
def topic(request):
    return request.node.name.removeprefix("test_")


@pytest.fixture
def begin(servers, topic, tmp_path):
    """Starts a host that writes to `url`; it ends with the test."""
    hosts = []

    def start(url):
        servers.heal()
        servers.broker.create_topic(topic, partitions=4)
        servers.chdb.query(ORACLE.format(name=topic))
        sink = {**clickhouse_sink(servers.chdb, topic), "url": url}
        pipe = Pipe(tmp_path, source=kafka_source(servers.broker, topic, topic), sink=sink, batch={"max_wait": "100ms"})
        hosts.append(pipe.start())
        return hosts[0]

    yield start
    for host in hosts:
        if host.running():
            host.kill()


def expect_all(servers, topic, host, records) -> Ledger:
    wait_until(lambda: len(Ledger(servers.chdb, topic).target) + len(Ledger(servers.chdb, topic).rejected) >= records, timeout=90,
               what=f"{records} records")
    outcome = host.stop()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    ledger = Ledger(servers.chdb, topic)
    lost = ledger.lost({p: (0, end) for p, end in servers.broker.end_offsets(topic).items()})
    print(f"lost {len(lost)}, doubled {len(ledger.doubled())}, in the error table {len(ledger.rejected)}")
    assert not lost and not ledger.doubled() and ledger.damaged == 0
    return ledger


@pytest.mark.slow
def test_bad_messages(servers, topic, begin):
    """No JSON, and values of a wrong type: into the error table, and their neighbours into the table."""
    host = begin(servers.chdb.url)
    servers.broker.load_oracle(topic, 1_000)
    bad = servers.broker.load_oracle(topic, 1_000, malformed=0.02, seed=7).malformed
    servers.broker.load_oracle(topic, 1_000)
    ledger = expect_all(servers, topic, host, 3_000)
    assert len({record["damage"] for record in bad}) > 1
    assert ledger.rejected == {(record["partition"], record["offset"]): 1 for record in bad}
    kept = servers.chdb.query(f"SELECT hex(raw) FROM {topic}_errors ORDER BY partition, offset FORMAT TSV").splitlines()
    assert kept == [r["value"].hex().upper() for r in sorted(bad, key=lambda r: (r["partition"], r["offset"]))]


@pytest.mark.slow
def test_a_server_that_answers_500(servers, proxy, topic, begin):
    host = begin(proxy.url)
    servers.broker.load_oracle(topic, 1_000)
    wait_until(lambda: len(Ledger(servers.chdb, topic).target) == 1_000, what="the first thousand")
    end, asked = time.monotonic() + SECONDS, 0
    trap = proxy.trap("asked")
    servers.broker.load_oracle(topic, 1_000)
    while time.monotonic() < end:
        trap.wait()
        again = proxy.trap("asked")
        trap.answer(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
        trap, asked = again, asked + 1
    proxy.heal()
    ledger = expect_all(servers, topic, host, 2_000)
    print(f"answered {asked} times with 500 in {SECONDS} s")
    assert not ledger.rejected


@pytest.mark.slow
def test_a_table_that_is_away(servers, topic, begin):
    host = begin(servers.chdb.url)
    servers.broker.load_oracle(topic, 1_000)
    wait_until(lambda: len(Ledger(servers.chdb, topic).target) == 1_000, what="the first thousand")
    servers.chdb.query(f"RENAME TABLE {topic} TO {topic}_away")
    servers.broker.load_oracle(topic, 1_000)
    wait_until(lambda: "will be tried again" in host.log(), what="the log to say what is wrong")
    time.sleep(SECONDS)  # how long it is away
    servers.chdb.query(f"RENAME TABLE {topic}_away TO {topic}")
    ledger = expect_all(servers, topic, host, 2_000)
    assert not ledger.rejected
