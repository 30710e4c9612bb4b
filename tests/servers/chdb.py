# SPDX-License-Identifier: Apache-2.0
"""An embedded ClickHouse that serves ClickHouse's HTTP interface, for tests.

    with Chdb(tmp_path) as chdb:
        chdb.query("CREATE TABLE t (x Int64) ENGINE = MergeTree ORDER BY x")
        chdb.query("INSERT INTO t VALUES (1), (2)")
        assert chdb.query("SELECT sum(x) FROM t") == "3\\n"

It runs the binary that CPHOST_CHDB_BIN names (cphost-chdb) and ends with this process at the
latest.
"""

import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from . import ports, process
from .server import Server


class ChdbError(Exception):
    """An answer other than 200; its text is ClickHouse's message."""

    def __init__(self, status: int, code: int, message: str):
        super().__init__(f"HTTP {status}, code {code}: {message}")
        self.status = status
        self.code = code  # ClickHouse's own number, 0 when it gave none.


class Chdb(Server):
    name = "cphost-chdb"

    def __init__(self, folder, port: int = 0, *, password: str | None = None):
        """`folder` keeps data and logs. Port 0 takes a free one, which the server keeps."""
        reserved = [] if port else ports.reserve()
        super().__init__(folder, reserved)
        self._port = port or reserved[0]
        self._password = password

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        binary = os.environ.get("CPHOST_CHDB_BIN")
        if not binary:
            raise RuntimeError("CPHOST_CHDB_BIN is not set to the path of cphost-chdb")
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [binary, "--path", self._folder / "data", "--port", self.port,
                   "--exit-with-stdin"]
        if self._password is not None:
            password_file = self._folder / "password"
            password_file.touch(mode=0o600)
            password_file.write_text(self._password)
            command += ["--password-file", password_file]
        output = self._folder / "chdb.out"
        announcement = f"cphost-chdb listening on 127.0.0.1:{self.port}".encode()
        self._launch(command, output, lambda: announcement in output.read_bytes(), 60,
                     stdin=subprocess.PIPE)

    def _end(self, child: subprocess.Popen, timeout: float) -> None:
        child.stdin.close()
        process.await_end(child, timeout, "the end of its input")

    def query(self, sql: str, data: bytes | None = None, timeout: float = 120, **settings) -> str:
        """Runs one statement and returns the answer's text; `data` follows the statement.

        Settings as keywords; also ClickHouse's parameters: query(..., param_x=1).
        """
        parameters = {"query": sql, **{key: str(value) for key, value in settings.items()}}
        headers = {}
        if self._password is not None:
            headers = {"X-ClickHouse-User": "default", "X-ClickHouse-Key": self._password}
        request = urllib.request.Request(f"{self.url}/?{urllib.parse.urlencode(parameters)}",
                                         data=data or b"", headers=headers, method="POST")
        try:
            with _opener.open(request, timeout=timeout) as answer:
                return answer.read().decode(errors="surrogateescape")
        except urllib.error.HTTPError as error:
            code = error.headers.get("X-ClickHouse-Exception-Code", "0")
            raise ChdbError(error.code, int(code), error.read().decode(errors="replace")) from None


# A proxy that the environment names is not for 127.0.0.1.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
