# SPDX-License-Identifier: Apache-2.0
"""A connection through a FaultProxy: a thread for either direction, and what of the protocol a trap waits for."""

import socket
import struct
import threading

CHUNK = 65536


class Connection:
    """Two sockets; protocols say what passes between them. `proxy` is the FaultProxy."""

    def __init__(self, proxy, client: socket.socket, server: socket.socket):
        self.proxy = proxy
        self.client, self.server = client, server
        self._ends = threading.Semaphore(1)  # The second direction to end closes both sockets.
        for each in (client, server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def start(self) -> None:
        for direction, other in ((self.to_server, self.server), (self.to_client, self.client)):
            threading.Thread(target=self._run, args=(direction, other), daemon=True).start()

    def to_server(self) -> None:
        raise NotImplementedError

    def to_client(self) -> None:
        raise NotImplementedError

    def receive(self, source: socket.socket, size: int) -> bytes:
        return source.recv(min(size, self.proxy.chunk_size()))

    def send(self, target: socket.socket, data: bytes) -> None:
        self.proxy.pass_gate(len(data))
        target.sendall(data)

    def close(self, reset: bool = False) -> None:
        for each in (self.client, self.server):
            try:
                if reset:
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                # Wakes the thread that receives; the end itself is sent by the close of a reset.
                each.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
            except OSError:
                pass  # It has ended by itself.
            each.close()
        self.proxy.forget(self)

    def _run(self, direction, other: socket.socket) -> None:
        try:
            direction()
            other.shutdown(socket.SHUT_WR)
        except OSError:
            self.close()  # Either end has gone.
            return
        if not self._ends.acquire(blocking=False):
            self.close()


class Bytes(Connection):
    def to_server(self) -> None:
        self._pump(self.client, self.server)

    def to_client(self) -> None:
        self._pump(self.server, self.client)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        while data := self.receive(source, CHUNK):
            self.send(target, data)


class Inserts(Connection):
    """HTTP/1.1 with one request at a time, whose length is told; traps wait for INSERTs."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._is_insert = False
        self.own_answer = b""

    def to_server(self) -> None:
        while head := self._head():
            self._is_insert = b"INSERT" in head.split(b"\r\n", 1)[0]
            length = _content_length(head)
            self._at("asked")
            if self.own_answer:
                self._pass_body(length, lambda data: None)
                self.client.sendall(self.own_answer)
                self.own_answer = b""
                continue
            self._to_server(head)
            self._pass_body(length // 2, self._to_server)
            self._at("midway")
            self._pass_body(length - length // 2, self._to_server)

    def _to_server(self, data: bytes) -> None:
        self.send(self.server, data)

    def _pass_body(self, size: int, pass_on) -> None:
        while size > 0 and (data := self.receive(self.client, size)):
            size -= len(data)
            pass_on(data)

    def to_client(self) -> None:
        while data := self.receive(self.server, CHUNK):
            self._at("answered")
            self.send(self.client, data)

    def _at(self, point: str) -> None:
        if self._is_insert:
            self.proxy.at(point, self)

    def _head(self) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.client.recv(1)  # The body begins right behind it.
            if not byte:
                return b""
            head += byte
        return head


class Commits(Connection):
    """Kafka's frames; traps wait for OffsetCommit requests."""

    _OFFSET_COMMIT = 8

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._commits: set[int] = set()  # Correlation ids that are not answered yet.

    def to_server(self) -> None:
        while frame := self._frame(self.client):
            api, _, correlation = struct.unpack(">hhi", frame[4:12])
            if api == self._OFFSET_COMMIT:
                self.proxy.at("asked", self)
                self._commits.add(correlation)
            self._send(self.server, frame)

    def to_client(self) -> None:
        while frame := self._frame(self.server):
            (correlation,) = struct.unpack(">i", frame[4:8])
            if correlation in self._commits:
                self._commits.discard(correlation)
                self.proxy.at("answered", self)
            self._send(self.client, frame)

    def _send(self, target: socket.socket, frame: bytes) -> None:
        size = self.proxy.chunk_size()
        for at in range(0, len(frame), size):
            self.send(target, frame[at:at + size])

    def _frame(self, source: socket.socket) -> bytes:
        size = self._exactly(source, 4)
        return size and size + self._exactly(source, struct.unpack(">i", size)[0])

    def _exactly(self, source: socket.socket, size: int) -> bytes:
        parts = []
        while size > 0:
            data = source.recv(min(size, CHUNK))
            if not data:
                return b""
            parts.append(data)
            size -= len(data)
        return b"".join(parts)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
