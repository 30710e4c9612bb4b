# SPDX-License-Identifier: Apache-2.0
"""Free ports on 127.0.0.1 that stay ours until this process ends.

A server that is killed and started again needs the very same port, so a port is not merely found
but reserved: outside the range from which the kernel picks ports for outgoing connections, and with
a lock that other test processes respect and the kernel drops with this process.
"""

import fcntl
import os
import random
import socket
import tempfile
import threading

_FIRST, _LAST = 15000, 32767
_FEWEST = 1000  # A smaller range below the kernel's own is not worth keeping to.

_lock = threading.Lock()
_held: dict[int, int] = {}  # Port -> descriptor of the lock file.


def reserve(count: int = 1) -> list[int]:
    """Returns `count` ports that nobody listens on."""
    candidates = list(_range())
    random.shuffle(candidates)
    ports: list[int] = []
    with _lock:
        for port in candidates:
            if len(ports) == count:
                break
            if port not in _held and _take(port):
                ports.append(port)
    if len(ports) < count:
        raise RuntimeError(f"only {len(ports)} of {count} free ports in {_range()}")
    return ports


def release(port: int) -> None:
    """Gives a reserved port back before the process ends."""
    with _lock:
        descriptor = _held.pop(port, None)
        if descriptor is not None:
            os.close(descriptor)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _range() -> range:
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        kernel_first = int(file.read().split()[0])
    last = min(_LAST, kernel_first - 1)
    return range(_FIRST, last + 1) if last - _FIRST >= _FEWEST else range(_FIRST, _LAST + 1)


def _take(port: int) -> bool:
    folder = os.path.join(tempfile.gettempdir(), f"cphost-ports-{os.getuid()}")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    descriptor = os.open(os.path.join(folder, str(port)), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError:
        os.close(descriptor)
        return False
    _held[port] = descriptor
    return True
