# SPDX-License-Identifier: Apache-2.0
"""A server that takes connections and never answers holds no stop for longer than a drain lasts."""

import socket
import threading
import time

import pytest

from pipes import Pipe, clickhouse_sink, kafka_source
from tables import ORACLE


class Relay:
    """Passes connections on to a port; closed, it takes new ones and does nothing with them."""

    def __init__(self, port: int | None = None):
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        self._swallowed = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close_gate(self) -> None:
        self._port = None

    def wait_for_a_victim(self) -> None:
        assert self._swallowed.wait(30), "nothing connected"

    def end(self) -> None:
        for each in self._sockets:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(client)
            if self._port is None:
                self._swallowed.set()
                continue
            server = socket.create_connection(("127.0.0.1", self._port))
            self._sockets.append(server)
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # Either end has gone.


@pytest.fixture
def relay():
    made = []

    def make(port=None):
        made.append(Relay(port))
        return made[-1]

    yield make
    for each in made:
        each.end()


def stops_within(seconds, host) -> None:
    began = time.monotonic()
    outcome = host.stop()
    took = time.monotonic() - began
    print(f"stopped after {took:.1f} s")
    assert outcome.code == 0 and took < seconds, outcome.log


def test_a_stop_while_the_target_is_asked_at_start(relay, tmp_path):
    hole = relay()
    (tmp_path / "rows.jsonl").write_text('{"x": 1}\n')
    sink = {"plugin": "clickhouse", "url": hole.url, "table": "t"}
    host = Pipe(tmp_path, source={"plugin": "file", "path": [str(tmp_path / "rows.jsonl")]}, sink=sink).start()
    hole.wait_for_a_victim()
    stops_within(10, host)  # The default of drain_timeout.


def test_a_stop_while_a_writer_is_opened(broker, chdb, relay, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    broker.create_topic(name)
    gate = relay(chdb.port)
    host = Pipe(tmp_path, source=kafka_source(broker, name, name), sink={**clickhouse_sink(chdb, name), "url": gate.url},
                batch={"max_wait": "100ms"}, drain_timeout="2s").start()
    while f"{name}_errors" not in chdb.query("SHOW TABLES"):  # What the start asks for last.
        assert host.running(), host.log()
        time.sleep(0.02)  # between two looks at the tables
    gate.close_gate()
    broker.load_oracle(name, 100)
    gate.wait_for_a_victim()
    stops_within(4, host)  # The sink's question alone would last longer.
