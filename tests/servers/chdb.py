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
import pathlib
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from . import ports, process


class ChdbError(Exception):
    """An answer other than 200; its text is ClickHouse's message."""

    def __init__(self, status: int, code: int, message: str):
        super().__init__(f"HTTP {status}, code {code}: {message}")
        self.status = status
        self.code = code  # ClickHouse's own number, 0 when it gave none.


class Chdb:
    def __init__(self, folder, port: int = 0, *, password: str | None = None):
        """`folder` keeps data and logs. Port 0 takes a free one, which the server keeps."""
        self._folder = pathlib.Path(folder).resolve()
        self._reserved = [] if port else ports.reserve()
        self.port = port or self._reserved[0]
        self._password = password
        self._child: subprocess.Popen | None = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self) -> None:
        """Kills the server and gives its port back; the data stays."""
        self.kill()
        for port in self._reserved:
            ports.release(port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError(f"cphost-chdb on port {self.port} does not run")
        return self._child.pid

    def start(self) -> None:
        """Returns when the server answers."""
        binary = os.environ.get("CPHOST_CHDB_BIN")
        if not binary:
            raise RuntimeError("CPHOST_CHDB_BIN is not set to the path of cphost-chdb")
        if self._child is not None and self._child.poll() is None:
            raise RuntimeError(f"cphost-chdb on port {self.port} runs already")
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [binary, "--path", self._folder / "data", "--port", self.port,
                   "--exit-with-stdin"]
        if self._password is not None:
            password_file = self._folder / "password"
            password_file.touch(mode=0o600)
            password_file.write_text(self._password)
            command += ["--password-file", password_file]
        output = self._folder / "chdb.out"
        with open(output, "wb") as file:
            self._child = process.spawn(command, stdin=subprocess.PIPE, stdout=file,
                                        stderr=subprocess.STDOUT)
        announcement = f"cphost-chdb listening on 127.0.0.1:{self.port}".encode()
        process.await_ready(self._child, lambda: announcement in output.read_bytes(), 60, [output])

    def stop(self, timeout: float = 60) -> None:
        """Ends the server's standard input, at which it stops cleanly."""
        if self._child is None:
            return
        self._child.stdin.close()
        try:
            self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill(self._child)
            raise TimeoutError(f"cphost-chdb still ran {timeout} s after its input ended") from None
        finally:
            self._child = None

    def kill(self) -> None:
        """kill -9."""
        if self._child is not None:
            process.kill(self._child)
            self._child.stdin.close()
            self._child = None

    def restart(self) -> None:
        """Starts on the same data and port; stops cleanly first when it still runs."""
        self.stop()
        self.start()

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
