# SPDX-License-Identifier: Apache-2.0
"""Child processes that cannot outlive the tests.

The kernel kills a child when the thread that started it ends (PR_SET_PDEATHSIG), which holds also
when the test process itself is killed with SIGKILL. So that the end of some thread of a test does
not count, one thread starts all children; it lives as long as the process.
"""

import concurrent.futures
import pathlib
import signal
import subprocess
import tempfile
import time
from typing import Callable

_BIND = ["setpriv", "--pdeathsig", "KILL", "--"]
_BOUND = len(_BIND)  # Where the command itself begins.
_starter = concurrent.futures.ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


def spawn(command: list, **options) -> subprocess.Popen:
    """subprocess.Popen whose process is killed when this one ends."""
    return _starter.submit(subprocess.Popen, [*_BIND, *map(str, command)], **options).result()


class Job:
    """A command that ends by itself and whose output matters.

    The output goes to files: nobody has to read it while the command runs.
    """

    def __init__(self, command: list):
        # pylint: disable=consider-using-with
        self._output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogateescape")
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self.child = spawn(command, stdin=subprocess.DEVNULL, stdout=self._output,
                           stderr=self._errors)

    def finish(self, timeout: float) -> str:
        """Waits and returns what the command printed; raises with its errors when it failed."""
        name = " ".join(self.child.args[_BOUND:])
        try:
            self.child.wait(timeout)
        except subprocess.TimeoutExpired:
            kill(self.child)
            raise TimeoutError(f"{name}: not done in {timeout} s: {self._read_errors()}") from None
        if self.child.returncode != 0:
            raise RuntimeError(f"{name}: exit {self.child.returncode}: {self._read_errors()}")
        self._output.seek(0)
        return self._output.read()

    def _read_errors(self) -> str:
        self._errors.seek(0)
        return self._errors.read().strip()


def run(command: list, timeout: float) -> str:
    return Job(command).finish(timeout)


def terminate(child: subprocess.Popen, timeout: float) -> None:
    """SIGTERM, then SIGKILL when that did not end it in time."""
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        await_end(child, timeout, "SIGTERM")


def await_end(child: subprocess.Popen, timeout: float, cause: str) -> None:
    """Waits for a process that `cause` ends; kills it and raises when that did not in time."""
    try:
        child.wait(timeout)
    except subprocess.TimeoutExpired:
        kill(child)
        raise TimeoutError(f"{child.args[_BOUND]} still ran {timeout} s after {cause}") from None


def kill(child: subprocess.Popen) -> None:
    """SIGKILL: no clean-up of any kind."""
    if child.poll() is None:
        child.kill()
    child.wait()


def await_ready(child: subprocess.Popen, ready: Callable[[], bool], timeout: float,
                logs: list[pathlib.Path]) -> None:
    """Returns once `ready` says so; raises with the end of the logs when the child dies first."""
    name = child.args[_BOUND]
    end = time.monotonic() + timeout
    while not ready():
        if child.poll() is not None:
            raise RuntimeError(f"{name} ended with {child.returncode}\n{_tails(logs)}")
        if time.monotonic() > end:
            kill(child)
            raise TimeoutError(f"{name} not ready after {timeout} s\n{_tails(logs)}")
        time.sleep(0.02)


def _tails(logs: list[pathlib.Path]) -> str:
    tails = []
    for log in logs:
        if log.exists():
            lines = log.read_text(errors="replace").splitlines()[-20:]
            tails.append("\n".join([f"--- {log}", *lines]))
    return "\n".join(tails)
