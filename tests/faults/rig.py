# SPDX-License-Identifier: Apache-2.0
"""A broker and a ClickHouse, each behind a fault proxy, and pipes between them.

A fault is a function of a Rig: it makes one round of it while records flow, and leaves all healed.
"""

import os
import pathlib
import random
import time

from matrix import Row
from pipes import Pipe, clickhouse_sink, kafka_source, wait_until
from servers.chdb import Chdb
from servers.fault_proxy import FaultProxy
from servers.kafka import KafkaBroker
from servers.proxied import Commits, Inserts
from tables import ORACLE, Ledger

ROUNDS = int(os.environ.get("CPHOST_FAULT_ROUNDS", "0"))
SEED = int(os.environ.get("CPHOST_SEED", time.time_ns() % 1_000_000))
RECORDS = 4_000  # That each round adds.
BLOCK = 500
WINDOW = " SETTINGS non_replicated_deduplication_window = 10000"


class Servers:
    """The broker tells its clients the proxy's address; the engine's is told by the pipe file."""

    def __init__(self, folder):
        self.to_broker = FaultProxy(None, Commits)
        self.broker = KafkaBroker(folder / "kafka", properties={
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.to_broker.port}"})
        self.to_broker.serve(self.broker.port)
        self.chdb = Chdb(folder / "chdb")
        self.to_chdb = FaultProxy(self.chdb.port, Inserts)

    def __enter__(self):
        self.broker.start()
        self.chdb.start()
        return self

    def __exit__(self, *exception):
        for each in (self.to_broker, self.to_chdb, self.broker, self.chdb):
            each.close()

    def heal(self) -> None:
        self.to_broker.heal()
        self.to_chdb.heal()


class Rig:
    """One topic, one table, and the hosts between them, which may be killed: `hosts` are those that
    live. They end with it."""

    def __init__(self, servers: Servers, folder, name: str, delivery: str, hosts: int = 1, request_timeout: str = "20s", **source):
        """`source`: options of the kafka source."""
        self.servers, self.name, self.delivery = servers, name, delivery
        self.to_broker, self.to_chdb = servers.to_broker, servers.to_chdb
        self.random = random.Random(f"{SEED} {name} {delivery}")
        self._folder = folder
        self._request_timeout, self._source = request_timeout, source
        self._spans: dict[int, tuple[int, int]] = {}
        self._malformed = 0
        servers.heal()
        servers.broker.create_topic(name, partitions=4)
        servers.chdb.query(ORACLE.format(name=name) + (WINDOW if delivery == "exactly_once" else ""))
        self._running = self._pipe()
        self.hosts = [self._running.start() for _ in range(hosts)]
        wait_until(lambda: any("streams assigned" in host.log() for host in self.hosts), what="partitions")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for host in self.hosts:
            if host and host.running():
                host.kill()

    def owner_of(self, port: int) -> int:
        """The index of the host whose connection has this port at its end."""
        for index, host in enumerate(self.hosts):
            if _has_socket(host.pid, port):
                return index
        raise RuntimeError(f"no host has a connection from port {port}")

    def load(self) -> None:
        """A round's records. The broker must be healthy."""
        load = self.servers.broker.load_oracle(self.name, RECORDS, malformed=0.001,
                                               seed=self.random.randrange(1 << 30))
        for partition, (first, end) in load.spans.items():
            self._spans[partition] = (self._spans.get(partition, (first, end))[0], end)
        self._malformed += len(load.malformed)

    def kill(self, index: int = 0) -> None:
        self.hosts[index].kill()
        self.hosts[index] = None

    def start_again(self, index: int = 0) -> None:
        self.hosts[index] = self._running.start()

    def wait_for_rows(self) -> None:
        """All that was loaded is in the table, or rejected."""
        records = sum(end - first for first, end in self._spans.values())
        wait_until(lambda: self._places() >= records, timeout=120,
                   what=f"the rest of {records} records ({self._log_tail()})")

    def finish(self) -> Ledger:
        self.servers.heal()
        for host in self.hosts:
            outcome = host.stop()
            assert outcome.code == 0 and outcome.balanced, outcome.log
        self.servers.broker.wait_group_empty(self.name)
        outcome = self._pipe(stop="end").run(timeout=120)
        assert outcome.code == 0 and outcome.balanced, outcome.log
        return Ledger(self.servers.chdb, self.name)

    def row(self, fault: str, rounds: int, ledger: Ledger, seconds: float) -> Row:
        records = sum(end - first for first, end in self._spans.values())
        return Row(fault, self.delivery, rounds, records, len(ledger.lost(self._spans)),
                   len(ledger.doubled()), seconds)

    @property
    def malformed(self) -> int:
        return self._malformed

    def _pipe(self, **source) -> Pipe:
        sink = {**clickhouse_sink(self.servers.chdb, self.name), "url": self.to_chdb.url,
                "request_timeout": self._request_timeout, "connect_timeout": "2s"}
        return Pipe(self._folder, delivery=self.delivery, sink=sink,
                    source=kafka_source(self.servers.broker, self.name, self.name, session_timeout="2s", **{**self._source, **source}),
                    batch={"max_rows": BLOCK, "max_wait": "100ms"})

    def _places(self) -> int:
        errors = f"{self.name}_errors"
        sql = f"SELECT uniqExact(_partition, _offset) FROM {self.name}"
        rows = int(self.servers.chdb.query(sql))
        return rows + int(self.servers.chdb.query(f"SELECT uniqExact(partition, offset) FROM {errors}"))

    def _log_tail(self) -> str:
        return " / ".join(host.log()[-300:] for host in self.hosts if host)


def _has_socket(pid: int, port: int) -> bool:
    sockets = (line.split() for line in open(f"/proc/{pid}/net/tcp", encoding="ascii").readlines()[1:])
    inodes = {f"socket:[{line[9]}]" for line in sockets if int(line[1].split(":")[1], 16) == port}
    return any(os.readlink(fd) in inodes for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir())
