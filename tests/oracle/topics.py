# SPDX-License-Identifier: Apache-2.0
"""Topics with given records, byte for byte: what a file of lines cannot hold.

The broker is started when the first topic is asked for. Records go by Kafka's own protocol
(Produce, version 3; a record batch of version 2), because no tool writes arbitrary bytes.
"""

import itertools
import socket
import struct

from servers.kafka import KafkaBroker

_PRODUCE, _VERSION = 0, 3


class Topics:
    def __init__(self, folder):
        self._folder = folder
        self._broker = None
        self._names = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self._broker is not None:
            self._broker.close()

    @property
    def address(self) -> str:
        return self._broker.address

    def produce(self, records: list[bytes]) -> str:
        """Makes a topic of one partition with these records, in their order, and returns its name."""
        if self._broker is None:
            self._broker = KafkaBroker(self._folder)
            self._broker.start()
        topic = f"oracle-{next(self._names)}"
        self._broker.create_topic(topic, partitions=1, max_message_bytes=67_108_864)
        host, port = self._broker.address.split(":")
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            for some in _batches(records):
                _send(connection, topic, some)
        return topic


def _batches(records: list[bytes], limit: int = 1_000_000):
    some: list[bytes] = []
    for record in records:
        if some and sum(map(len, some)) + len(record) > limit:
            yield some
            some = []
        some.append(record)
    if some:
        yield some


def _send(connection: socket.socket, topic: str, records: list[bytes]) -> None:
    batch = _record_batch(records)
    request = (struct.pack(">hhi", _PRODUCE, _VERSION, 1) + _string("oracle")
               + struct.pack(">hhii", -1, -1, 60_000, 1) + _string(topic)
               + struct.pack(">iii", 1, 0, len(batch)) + batch)
    connection.sendall(struct.pack(">i", len(request)) + request)
    size = struct.unpack(">i", _receive(connection, 4))[0]
    answer = _receive(connection, size)
    # correlation, topics, name, partitions, partition, error
    at = 8 + 2 + len(topic) + 4 + 4
    error = struct.unpack(">h", answer[at:at + 2])[0]
    if error:
        raise RuntimeError(f"the broker refused records of {topic}: error {error}")


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        some = connection.recv(size - len(data))
        if not some:
            raise RuntimeError("the broker closed the connection")
        data += some
    return data


def _string(text: str) -> bytes:
    return struct.pack(">h", len(text)) + text.encode()


def _record_batch(records: list[bytes]) -> bytes:
    body = b""
    for i, value in enumerate(records):
        record = b"\0" + _varint(0) + _varint(i) + _varint(-1) + _varint(len(value)) + value + _varint(0)
        body += _varint(len(record)) + record
    # attributes, last offset, timestamps, producer (none), records
    covered = struct.pack(">hiqqqhii", 0, len(records) - 1, 0, 0, -1, -1, -1, len(records)) + body
    rest = struct.pack(">ibI", -1, 2, _crc32c(covered)) + covered
    return struct.pack(">qi", 0, len(rest)) + rest


def _varint(value: int) -> bytes:
    value = (value << 1) ^ (value >> 63)
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_CRC = _crc_table()


def _crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF
