# SPDX-License-Identifier: Apache-2.0
"""Starts cphost-chdb and speaks to it, for the tests beside this file.

CPHOST_CHDB_BIN names the program; the engine's library must be where scripts/fetch_chdb.sh puts
it, or where CPHOST_LIBCHDB says.
"""

import http.client
import os
import pathlib
import select
import signal
import struct
import subprocess
import time
import urllib.parse

BINARY = os.environ.get("CPHOST_CHDB_BIN", "")
CACHE = os.environ.get("CPHOST_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "cphost")
LIBRARY = os.environ.get("CPHOST_LIBCHDB") or os.path.join(CACHE, "chdb-26.7.3/libchdb.so")
IS_HERE = os.path.isfile(BINARY) and os.path.isfile(LIBRARY)

PATIENCE = 60


def await_condition(condition, what, patience=PATIENCE):
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what}: not within {patience} s"
        time.sleep(0.02)


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def code(self):
        return int(self.headers.get("X-ClickHouse-Exception-Code", 0))


class Server:
    def __init__(self, path, *options):
        self.path, self.options = path, options
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [BINARY, "--path", str(self.path), *self.options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        readable, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert readable, "no ready line"
        line = self.process.stdout.readline().decode()
        assert line.startswith("cphost-chdb listening on 127.0.0.1:"), (
            line + self.process.stderr.read().decode())
        self.port = int(line.rsplit(":", 1)[1])

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, self.log = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def send(self, body=b"", query=None, method="POST", headers=None, path="/", connection=None,
             chunked=False, **parameters):
        if query is not None:
            parameters["query"] = query
        target = path + ("?" + urllib.parse.urlencode(parameters) if parameters else "")
        client = connection or self.connection()
        client.request(method, target, body=body, headers=headers or {}, encode_chunked=chunked)
        answer = client.getresponse()
        reply = Reply(answer.status, answer.headers, answer.read())
        if connection is None:
            client.close()
        return reply

    def ask(self, query, **parameters):
        reply = self.send(query.encode(), **parameters)
        assert reply.status == 200, reply.text
        return reply.text.rstrip("\n")

    def memory(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")


def varuint(number):
    encoded = b""
    while number > 127:
        encoded += bytes([number & 127 | 128])
        number >>= 7
    return encoded + bytes([number])


def name(text):
    return varuint(len(text)) + text.encode()


def native(first, count, text=b"abc"):
    """One block of (a UInt64, s String)."""
    return (varuint(2) + varuint(count) + name("a") + name("UInt64") +
            struct.pack(f"<{count}Q", *range(first, first + count)) +
            name("s") + name("String") + (varuint(len(text)) + text) * count)
