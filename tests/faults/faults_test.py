# SPDX-License-Identifier: Apache-2.0
"""Faults at every point of the delivery protocol, in both deliveries: nothing is lost; nothing is doubled exactly once, nor
at least once where nobody can be in doubt of what the server did.

    python3 -m pytest tests/faults                             # each once, in one pipe
    CPHOST_FAULT_ROUNDS=200 python3 -m pytest tests/faults     # each alone, so many times
"""

import signal
import time
import zlib

import pytest

from pipes import wait_until
from rig import ROUNDS, SEED, Rig


# The host dies at a point of the protocol.

def kill_at(proxy, point):
    def fault(rig):
        trap = getattr(rig, proxy).trap(point)
        rig.load()
        trap.wait()
        rig.kill()
        # What it had sent may arrive all the same, after its end.
        (trap.let_go if rig.random.random() < 0.5 else trap.cut)()
        rig.start_again()

    return fault


# The network does something to one request, or to all connections at once.

def at_request(proxy, point, what):
    def fault(rig):
        trap = getattr(rig, proxy).trap(point)
        rig.load()
        trap.wait()
        getattr(trap, what)()

    return fault


def to_all(proxy, what):
    def fault(rig):
        rig.load()
        time.sleep(rig.random.uniform(0, 0.1))  # the random moment
        getattr(getattr(rig, proxy), what)()

    return fault


def for_a_while(proxy, seconds, what, *arguments):
    def fault(rig):
        rig.load()
        getattr(getattr(rig, proxy), what)(*arguments)
        time.sleep(seconds)  # how long the fault lasts
        getattr(rig, proxy).cut()
        getattr(rig, proxy).heal()

    return fault


# Others.

def zombie(rig):
    """A host freezes while it inserts, the other takes its partitions over, and it wakes up again."""
    for host in rig.hosts:
        wait_until(lambda: '"streams":"2"' in _last_assignment(host), what="two partitions for each host")
    trap = rig.to_chdb.trap("asked")
    rig.load()
    trap.wait()
    frozen = rig.owner_of(trap.client_port)
    other = rig.hosts[1 - frozen]
    rig.hosts[frozen].child.send_signal(signal.SIGSTOP)
    trap.let_go()
    wait_until(lambda: '"streams":"4"' in _last_assignment(other), what="the partitions of the frozen host")
    rig.load()
    rig.hosts[frozen].child.send_signal(signal.SIGCONT)


def _last_assignment(host) -> str:
    return next((line for line in reversed(host.log().splitlines()) if "streams assigned" in line), "")


def storm(rig):
    """Hosts leave, are killed and come back while records flow, so that the group is hardly ever at rest."""
    for _ in range(4):
        rig.load()
        index = rig.random.randrange(len(rig.hosts))
        if rig.random.random() < 0.5:
            outcome = rig.hosts[index].stop()
            assert outcome.code == 0 and outcome.balanced, outcome.log
        else:
            rig.kill(index)
        rig.start_again(index)


def slow_insert(rig):
    """An answer that takes longer than the session of the consumer."""
    trap = rig.to_chdb.trap("answered")
    rig.load()
    trap.wait()
    time.sleep(4)  # the fault itself
    trap.let_go()


# What a server says when it is not the data's fault: too many parts, memory, read-only, quorum, unknown status of an insert,
# too many queries, a full disk, a timeout.
NOT_THE_DATAS_FAULT = (252, 241, 242, 286, 319, 202, 243, 209)


def server_error(rig):
    trap = rig.to_chdb.trap("asked")
    rig.load()
    trap.wait()
    code = rig.random.choice(NOT_THE_DATAS_FAULT)
    text = f"Code: {code}. DB::Exception: made by a test"
    trap.answer((f"HTTP/1.1 500 Internal Server Error\r\nX-ClickHouse-Exception-Code: {code}\r\n"
                 f"Content-Length: {len(text)}\r\n\r\n{text}").encode())


def stop_under_load(rig):
    rig.load()
    time.sleep(rig.random.uniform(0, 0.1))  # the random moment
    outcome = rig.hosts[0].stop()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    rig.start_again()


# Name -> the fault, and whether it may double what is delivered at least once.
FAULTS = {
    "killed before a commit": (kill_at("to_broker", "asked"), True),
    "killed after a commit": (kill_at("to_broker", "answered"), True),
    "killed before an insert": (kill_at("to_chdb", "asked"), True),
    "killed amid an insert": (kill_at("to_chdb", "midway"), True),
    "killed after an insert": (kill_at("to_chdb", "answered"), True),
    "commit not sent": (at_request("to_broker", "asked", "cut"), True),
    "commit's answer lost": (at_request("to_broker", "answered", "cut"), True),
    "commit's answer lost, reset": (at_request("to_broker", "answered", "reset"), True),
    "insert not sent": (at_request("to_chdb", "asked", "cut"), False),
    "insert cut midway": (at_request("to_chdb", "midway", "cut"), False),
    "insert reset midway": (at_request("to_chdb", "midway", "reset"), False),
    "insert's answer lost": (at_request("to_chdb", "answered", "cut"), True),
    "insert's answer lost, reset": (at_request("to_chdb", "answered", "reset"), True),
    "answer slow": (slow_insert, False),
    "ClickHouse: an error": (server_error, False),
    "ClickHouse: all cut": (to_all("to_chdb", "cut"), True),
    "ClickHouse: all reset": (to_all("to_chdb", "reset"), True),
    "ClickHouse: refuses 1 s": (for_a_while("to_chdb", 1, "refuse"), True),
    "ClickHouse: black hole 3 s": (for_a_while("to_chdb", 3, "close_gate"), True),
    "ClickHouse: 1 KB/s 3 s": (for_a_while("to_chdb", 3, "slow_down", 1000), True),
    "broker: all cut": (to_all("to_broker", "cut"), True),
    "broker: all reset": (to_all("to_broker", "reset"), True),
    "broker: refuses 1 s": (for_a_while("to_broker", 1, "refuse"), True),
    "broker: black hole 3 s": (for_a_while("to_broker", 3, "close_gate"), True),
    "broker: 1 KB/s 3 s": (for_a_while("to_broker", 3, "slow_down", 1000), True),
    "stopped under load": (stop_under_load, False),
}


# Those that need several hosts: the fault, and how many.
OF_GROUPS = {"zombie": (zombie, 2), "rebalance storm": (storm, 4)}


def expect_no_harm(rig, row, ledger, may_double) -> None:
    assert row.lost == 0 and ledger.damaged == 0
    assert len(ledger.rejected) == rig.malformed
    if rig.delivery == "exactly_once" or not may_double:
        assert row.doubled == 0


def run(rig, matrix, name, faults, may_double) -> None:
    print(f"seed {SEED} (repeat with CPHOST_SEED={SEED})")
    began = time.monotonic()
    with rig:
        for fault in faults:
            fault(rig)
            rig.wait_for_rows()
        ledger = rig.finish()
    row = rig.row(name, len(faults), ledger, time.monotonic() - began)
    matrix.add(row)
    expect_no_harm(rig, row, ledger, may_double)


@pytest.mark.slow
@pytest.mark.skipif(ROUNDS > 0, reason="each fault comes alone")
def test_all_faults_in_turn(servers, matrix, tmp_path):
    rig = Rig(servers, tmp_path, "in_turn", "exactly_once", request_timeout="2s")
    faults = [fault for fault, _ in FAULTS.values()]
    rig.random.shuffle(faults)
    run(rig, matrix, "all in turn", faults, may_double=False)


@pytest.mark.slow
@pytest.mark.skipif(ROUNDS > 0, reason="it comes more often")
@pytest.mark.parametrize("name", OF_GROUPS)
def test_a_group(servers, matrix, tmp_path, name):
    fault, hosts = OF_GROUPS[name]
    rig = Rig(servers, tmp_path, name.replace(" ", "_"), "exactly_once", hosts)
    run(rig, matrix, name, [fault], may_double=False)


@pytest.mark.slow
@pytest.mark.skipif(ROUNDS == 0, reason="CPHOST_FAULT_ROUNDS is not set")
@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
@pytest.mark.parametrize("name", [*FAULTS, *OF_GROUPS])
def test_fault(servers, matrix, tmp_path, name, delivery):
    fault, may_double = FAULTS.get(name, (None, True))
    hosts = 1
    if fault is None:
        fault, hosts = OF_GROUPS[name]
    # What lasts for 3 s is to be ended by this limit, the rest is not.
    request_timeout = "2s" if name.endswith("3 s") else "20s"
    rig = Rig(servers, tmp_path, f"f{zlib.crc32(name.encode())}_{delivery}", delivery, hosts, request_timeout)
    run(rig, matrix, name, [fault] * ROUNDS, may_double)


@pytest.mark.slow
@pytest.mark.skipif(ROUNDS == 0, reason="CPHOST_FAULT_ROUNDS is not set")
def test_a_slow_sink_keeps_its_place_in_the_group(servers, tmp_path):
    """Polling goes on, though an insert takes longer than max_poll_interval."""
    with Rig(servers, tmp_path, "slow_sink", "at_least_once", request_timeout="60s", max_poll_interval="3s") as rig:
        trap = rig.to_chdb.trap("answered")
        rig.load()
        trap.wait()
        time.sleep(10)  # the fault itself
        trap.let_go()
        rig.wait_for_rows()
        assert rig.hosts[0].log().count("streams assigned") == 1, rig.hosts[0].log()
        ledger = rig.finish()
        assert not ledger.doubled()
