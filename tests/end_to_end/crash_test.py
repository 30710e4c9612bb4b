# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments: nothing lost, doubled at most what came after the last commit."""

import os
import random
import signal
import time

import pytest

from pipes import Pipe, clickhouse_sink, kafka_source, wait_until
from tables import ORACLE, Ledger, ends_in_table

ROUNDS = int(os.environ.get("CPHOST_KILL_ROUNDS", "20"))
ROWS = 2_000_000
BLOCK = 10_000


def in_flight(chdb, table):
    return int(chdb.query(f"SELECT count() FROM system.processes WHERE query ILIKE 'INSERT%{table}%'"))


def committed(broker, name):
    return {partition: c.offset for partition, c in broker.committed(name, name).items()}


def stop_during_an_insert(chdb, name, host, random_) -> bool:
    """Stops the host where it stands, if possible during an insert of its; True if there is one."""
    for _ in range(200):
        host.child.send_signal(signal.SIGSTOP)
        if in_flight(chdb, name):
            return True
        host.child.send_signal(signal.SIGCONT)
        time.sleep(random_.uniform(0, 0.02))  # so that each look is at another moment
        assert host.running(), host.log()
    return False


@pytest.mark.slow
def test_kill_nine_loses_nothing(broker, chdb, name, tmp_path):
    """Each round starts a host, kills it at a random moment while it writes, and notes per
    partition what stood in the table beyond the last acknowledged commit: those rows, and no
    others, may come twice."""
    seed = int(os.environ.get("CPHOST_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed} (repeat with CPHOST_SEED={seed})")
    random_ = random.Random(seed)
    load = broker.load_oracle(name, ROWS, partitions=8, malformed=0.001, seed=seed)
    chdb.query(ORACLE.format(name=name))
    pipe = Pipe(tmp_path, source=kafka_source(broker, name, name, session_timeout="1s"),
                sink=clickhouse_sink(chdb, name), batch={"max_rows": BLOCK})
    during_insert, windows = 0, []
    for _ in range(ROUNDS):
        host = pipe.start()
        rows = int(chdb.query(f"SELECT count() FROM {name}"))
        wait_until(lambda: int(chdb.query(f"SELECT count() FROM {name}")) > rows or not host.running(),
                   what="the first block of a round")
        time.sleep(random_.uniform(0, 0.3))  # the random moment
        during_insert += stop_during_an_insert(chdb, name, host, random_)
        host.kill()
        wait_until(lambda: not in_flight(chdb, name), what="the engine to be done with the dead host's insert")
        acknowledged = committed(broker, name)
        windows.append({p: (acknowledged.get(p, 0), end) for p, end in ends_in_table(chdb, name).items()})
    broker.wait_group_empty(name)
    last = Pipe(tmp_path, name="last", source=kafka_source(broker, name, name, stop="end"),
                sink=clickhouse_sink(chdb, name)).run(timeout=300)
    assert last.code == 0 and last.balanced, last.log
    ledger = Ledger(chdb, name)
    lost, doubled = ledger.lost(load.spans), ledger.doubled()
    beyond = [(p, o) for p, o in doubled
              if not any(p in w and w[p][0] <= o < w[p][1] for w in windows)]
    print(f"{ROUNDS} kills, {during_insert} of them during an insert; {ROWS} records: lost {len(lost)}, doubled {len(doubled)}, "
          f"of these not behind the last acknowledged commit {len(beyond)}")
    assert not lost and not beyond and ledger.damaged == 0
    assert len(ledger.rejected) == len(load.malformed)
    assert during_insert >= ROUNDS * 3 // 4
