# SPDX-License-Identifier: Apache-2.0
"""A relay in front of a server that does to connections what networks do to them.

    with FaultProxy(chdb.port, INSERTS) as proxy:     # or COMMITS, in front of a broker
        proxy.cut(), proxy.reset()                    # all connections of this moment
        proxy.refuse(), proxy.close_gate(), proxy.slow_down(1000)    # until heal()
        trap = proxy.trap("answered")                 # the next insert, once the server has answered
        trap.wait()                                   # it has, and nobody got the answer
        trap.cut()                                    # or reset(), let_go(), or answer(...) instead of the server

A trap takes one request, at one point of its way: "asked" (nothing of it has reached the server),
"midway" (half of its body has), "answered" (the server has done it; the client doesn't know).
"""

import socket
import threading
import time

from . import ports
from .proxied import CHUNK, Bytes, Connection


class Trap:
    """Holds the connection that has sprung it, until it is told what becomes of it."""

    def __init__(self, point: str):
        self.point = point
        self._sprung = threading.Event()
        self._decided = threading.Event()
        self._connection: Connection | None = None

    def wait(self, timeout: float = 60) -> None:
        if not self._sprung.wait(timeout):
            raise TimeoutError(f'nothing came to the point "{self.point}" in {timeout} s')

    @property
    def client_port(self) -> int:
        """Of the connection that has sprung it, at its client's end."""
        return self._connection.client.getpeername()[1]

    def let_go(self) -> None:
        self._decided.set()

    def cut(self) -> None:
        self._connection.close()
        self._decided.set()

    def reset(self) -> None:
        self._connection.close(reset=True)
        self._decided.set()

    def answer(self, answer: bytes) -> None:
        """At the point "asked" of an insert: the server never gets it, the client gets this."""
        self._connection.own_answer = answer
        self._decided.set()

    def spring(self, connection: Connection) -> None:
        self._connection = connection
        self._sprung.set()
        self._decided.wait()


class FaultProxy:
    def __init__(self, server_port: int | None, protocol=Bytes):
        """Keeps a port of its own. `protocol` knows what traps wait for; Bytes knows nothing.
        A port that is given later (`serve`) lets the server name this one before it starts."""
        self.port = ports.reserve()[0]
        self._server_port = server_port
        self._protocol = protocol
        self._lock = threading.Condition()
        self._listener: socket.socket | None = None
        self._connections: set[Connection] = set()
        self._trap: Trap | None = None
        self._sprung: list[Trap] = []
        self._gate_open = True
        self._bytes_per_second = 0
        self._swallowed = threading.Event()
        self._listen()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, server_port: int) -> None:
        self._server_port = server_port

    def close(self) -> None:
        self.heal()
        self._stop_listening()
        self.cut()
        ports.release(self.port)

    # Faults

    def cut(self, reset: bool = False) -> None:
        for connection in self._living():
            connection.close(reset)

    def reset(self) -> None:
        self.cut(reset=True)

    def refuse(self) -> None:
        """No connection is let in, and those of this moment end."""
        self._stop_listening()
        self.cut()

    def close_gate(self) -> None:
        """A black hole: connections live and are let in, and nothing passes."""
        with self._lock:
            self._gate_open = False

    def slow_down(self, bytes_per_second: int) -> None:
        with self._lock:
            self._bytes_per_second = bytes_per_second

    def trap(self, point: str) -> Trap:
        with self._lock:
            self._trap = Trap(point)
            return self._trap

    def heal(self) -> None:
        with self._lock:
            self._trap = None
            sprung, self._sprung = self._sprung, []
            self._gate_open, self._bytes_per_second = True, 0
            self._lock.notify_all()
        for trap in sprung:
            trap.let_go()
        if self._listener is None:
            self._listen()

    def wait_for_a_victim(self, timeout: float = 30) -> None:
        """Something came to the closed gate."""
        assert self._swallowed.wait(timeout), "nothing came to the gate"

    # What connections ask

    def pass_gate(self, size: int) -> None:
        """Returns when so many bytes may pass."""
        with self._lock:
            if not self._gate_open:
                self._swallowed.set()
            self._lock.wait_for(lambda: self._gate_open)
            rate = self._bytes_per_second
        if rate:
            time.sleep(size / rate)  # the fault itself

    def chunk_size(self) -> int:
        return max(1, self._bytes_per_second // 10) if self._bytes_per_second else CHUNK

    def at(self, point: str, connection) -> None:
        with self._lock:
            trap = self._trap
            if trap is None or trap.point != point:
                return
            self._trap = None
            self._sprung.append(trap)
        trap.spring(connection)

    def forget(self, connection) -> None:
        with self._lock:
            self._connections.discard(connection)

    # Its own work

    def _living(self) -> list:
        with self._lock:
            return list(self._connections)

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _stop_listening(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)  # Wakes the thread that accepts.
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                if listener is not self._listener:
                    return
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:
                client.close()
                continue
            connection = self._protocol(self, client, server)
            with self._lock:
                self._connections.add(connection)
            connection.start()
