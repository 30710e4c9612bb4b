# SPDX-License-Identifier: Apache-2.0
"""The life of a server, the same for all kinds: ports and a folder of its own, one child process.

    with SomeServer(folder) as server:    # start() ... close()
        server.kill()
        server.start()                    # the same data, the same ports
"""

import abc
import pathlib
import signal
import subprocess
from typing import Callable

from . import ports, process


class Server(abc.ABC):
    """A kind of server says how it starts, by way of `_launch`, and how it is told to end."""

    name: str  # Of the program, for messages.

    def __init__(self, folder, reserved: list[int]):
        """`folder` keeps data and logs; the reserved ports are given back at the close."""
        self._folder = pathlib.Path(folder).resolve()
        self._reserved = reserved
        self._child: subprocess.Popen | None = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.close()

    @property
    @abc.abstractmethod
    def port(self) -> int:
        """Where it listens for clients."""

    @property
    def pid(self) -> int:
        return self._running().pid

    @abc.abstractmethod
    def start(self) -> None:
        """Returns when the server answers."""

    def stop(self, timeout: float = 60) -> None:
        """A clean stop; it is killed, and this raises, when that takes too long."""
        if self._child is not None:
            self._end(self._child, timeout)
            self._child = None

    def pause(self) -> None:
        """The server hangs: connections stay open, nothing is answered."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9: what was not on disk yet is up to the page cache, nobody is told."""
        if self._child is not None:
            process.kill(self._child)
            if self._child.stdin is not None:
                self._child.stdin.close()
            self._child = None

    def restart(self) -> None:
        """Starts on the same data and ports; stops cleanly first when it still runs."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Kills the server and gives its ports back; the data stays."""
        self.kill()
        for port in self._reserved:
            ports.release(port)

    def _end(self, child: subprocess.Popen, timeout: float) -> None:
        """Ends the process as systemd would do it."""
        process.terminate(child, timeout)

    def _running(self) -> subprocess.Popen:
        if self._child is None or self._child.poll() is not None:
            raise RuntimeError(f"{self.name} on port {self.port} does not run")
        return self._child

    def _launch(self, command: list, output: pathlib.Path, ready: Callable[[], bool],
                timeout: float, *, stdin: int = subprocess.DEVNULL,
                logs: tuple[pathlib.Path, ...] = ()) -> None:
        """Runs the command and waits until it is ready. `output` takes what it prints; logs that
        it writes besides begin anew."""
        if self._child is not None and self._child.poll() is None:
            raise RuntimeError(f"{self.name} on port {self.port} runs already")
        for log in logs:
            log.unlink(missing_ok=True)
        with open(output, "wb") as file:
            self._child = process.spawn(command, stdin=stdin, stdout=file,
                                        stderr=subprocess.STDOUT)
        process.await_ready(self._child, ready, timeout, [output, *logs])
