# SPDX-License-Identifier: Apache-2.0
"""The servers themselves: that they start, keep data over a kill, and never outlive their test."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import zlib

import pytest

from . import kafka_dist, ports, process
from .chdb import Chdb, ChdbError
from .kafka import KafkaBroker

needs_chdb = pytest.mark.skipif("CPHOST_CHDB_BIN" not in os.environ,
                                reason="CPHOST_CHDB_BIN is not set")


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with KafkaBroker(tmp_path_factory.mktemp("kafka")) as running:
        yield running


def test_ports_are_reserved_once():
    first = ports.reserve(50)
    second = ports.reserve(50)
    assert len(set(first + second)) == 100
    for port in first + second:
        ports.release(port)


def test_port_held_by_another_process_is_not_given_out():
    port = ports.reserve()[0]
    folder = str(pathlib.Path(__file__).parents[1])
    code = f"from servers import ports; print(ports._take({port}))"
    ask = [sys.executable, "-c", code]
    assert subprocess.check_output(ask, cwd=folder, text=True).strip() == "False"
    ports.release(port)
    assert subprocess.check_output(ask, cwd=folder, text=True).strip() == "True"


def test_topic_has_the_partitions_and_properties_asked_for(broker):
    broker.create_topic("shaped", partitions=3, max_message_bytes=1000)
    assert broker.end_offsets("shaped") == {0: 0, 1: 0, 2: 0}
    with pytest.raises(RuntimeError, match="Message size too large"):
        broker.load("shaped", 20, rows_per_record=20)


def test_loaded_rows_are_counted_by_partition(broker):
    load = broker.load("counted", 10_001, partitions=4, codec="zstd", shape="wide")
    assert (load.rows, load.records) == (10_001, 10_001)
    assert broker.end_offsets("counted") == {0: 2501, 1: 2500, 2: 2500, 3: 2500}
    assert load.spans == broker.offsets("counted")


def test_rows_of_one_record_are_counted_apart(broker):
    load = broker.load("packed", 1_000, partitions=1, rows_per_record=300)
    assert (load.rows, load.records) == (1_000, 4)
    assert broker.end_offsets("packed") == {0: 4}


def test_partition_count_that_differs_is_refused(broker):
    broker.create_topic("two", partitions=2)
    with pytest.raises(RuntimeError, match="has 2 partitions, not 8"):
        broker.load("two", 1, partitions=8)


def test_oracle_names_every_malformed_record(broker):
    first = broker.load_oracle("oracle", 5_000, partitions=2, malformed=0.1, seed=7)
    second = broker.load_oracle("oracle", 5_000, malformed=0.1, seed=7)
    assert first.spans == {0: (0, 2_500), 1: (0, 2_500)}
    assert second.spans == {0: (2_500, 5_000), 1: (2_500, 5_000)}
    assert 350 < len(first.malformed) < 650

    malformed = {(record["partition"], record["offset"]): record["value"]
                 for record in first.malformed + second.malformed}
    consumed = consume(broker, "oracle", partitions=2, end=5_000)
    assert len(consumed) == 10_000
    for place, value in consumed.items():
        if place in malformed:
            assert malformed[place] == value
            assert not is_good_oracle_record(place, value)
        else:
            assert is_good_oracle_record(place, value), value


def test_paced_load_stops_when_told(broker):
    begin = time.monotonic()
    running = broker.start_load("paced", 1_000_000, partitions=1, rate=2_000)
    await_condition(lambda: broker_has(broker, "paced", 500))
    load = running.stop()
    seconds = time.monotonic() - begin
    assert 500 <= load.rows <= 2_000 * seconds + 1
    assert broker.end_offsets("paced") == {0: load.rows}


def test_committed_offsets_are_read_back(broker):
    broker.load("read", 1_000, partitions=2)
    assert broker.committed("reader", "read") == {}
    broker.wait_group_empty("reader")
    run_consumer(broker, "--topic", "read", "--group", "reader", "--from-beginning",
                 "--max-messages", 1_000)
    broker.wait_group_empty("reader")
    committed = broker.committed("reader", "read")
    assert {partition: one.offset for partition, one in committed.items()} == {0: 500, 1: 500}


def test_group_with_a_member_is_not_empty(broker):
    broker.create_topic("watched", partitions=1)
    watcher = process.spawn(consumer_command(broker, "--topic", "watched", "--group", "watchers"),
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    await_condition(lambda: not group_is_empty(broker, "watchers"))
    process.kill(watcher)
    broker.wait_group_empty("watchers", timeout=60)


def test_data_survives_kill_and_restart(tmp_path):
    with KafkaBroker(tmp_path) as broker:
        broker.load("kept", 20_000, partitions=2)
        port = broker.port
        broker.kill()
        assert not ports.is_listening(port)
        broker.start()
        assert broker.port == port
        assert broker.end_offsets("kept") == {0: 10_000, 1: 10_000}
        broker.restart()
        assert broker.end_offsets("kept") == {0: 10_000, 1: 10_000}


def test_paused_broker_hangs_until_resumed(tmp_path):
    with KafkaBroker(tmp_path) as broker:
        broker.load("held", 100, partitions=1)
        broker.pause()
        with pytest.raises(RuntimeError, match="imed out|no answer|transport failure"):
            broker._tool("offsets", "--topic", "held", "--timeout", 1)
        assert ports.is_listening(broker.port)
        broker.resume()
        assert broker.end_offsets("held") == {0: 100}


def test_load_goes_on_over_a_killed_broker(tmp_path):
    with KafkaBroker(tmp_path) as broker:
        broker.create_topic("flow", partitions=2)
        running = broker.start_load_oracle("flow", 20_000, rate=10_000)
        await_condition(lambda: broker_has(broker, "flow", 2_000))
        broker.kill()
        broker.start()
        load = running.finish()
        assert load.records == 20_000
        assert broker.end_offsets("flow") == {0: 10_000, 1: 10_000}


def test_broker_dies_with_a_killed_test(tmp_path):
    code = ("import sys, time; from servers.kafka import KafkaBroker\n"
            f"broker = KafkaBroker({str(tmp_path)!r}); broker.start()\n"
            "print(broker.pid, flush=True); time.sleep(600)")
    with subprocess.Popen([sys.executable, "-c", code], cwd=pathlib.Path(__file__).parents[1],
                          stdout=subprocess.PIPE, text=True) as test:
        try:
            pid = int(test.stdout.readline())
            assert pathlib.Path(f"/proc/{pid}").exists()
        finally:
            test.send_signal(signal.SIGKILL)
    await_condition(lambda: not is_alive(pid))


@needs_chdb
def test_chdb_answers_and_keeps_data(tmp_path):
    with Chdb(tmp_path) as chdb:
        chdb.query("CREATE TABLE t (x Int64) ENGINE = MergeTree ORDER BY x")
        chdb.query("INSERT INTO t FORMAT CSV", data=b"1\n2\n")
        assert chdb.query("SELECT sum(x) FROM t") == "3\n"
        with pytest.raises(ChdbError) as error:
            chdb.query("SELECT * FROM missing")
        assert error.value.code == 60
        chdb.kill()
        chdb.start()
        assert chdb.query("SELECT sum(x) FROM t") == "3\n"
        chdb.restart()
        assert chdb.query("SELECT sum(x) FROM t") == "3\n"


@needs_chdb
def test_chdb_with_a_password_refuses_a_wrong_one(tmp_path):
    with Chdb(tmp_path, password="secret") as chdb:
        assert chdb.query("SELECT 1") == "1\n"
        chdb._password = "wrong"
        with pytest.raises(ChdbError) as error:
            chdb.query("SELECT 1")
        assert error.value.code == 516


def consumer_command(broker, *options) -> list[str]:
    """Kafka's own console consumer: a client that is not ours."""
    return kafka_dist.java("org.apache.kafka.tools.consumer.ConsoleConsumer",
                           "--bootstrap-server", broker.address,
                           "--command-property", "session.timeout.ms=2000",
                           "--command-property", "heartbeat.interval.ms=500", *options)


def run_consumer(broker, *options) -> bytes:
    command = consumer_command(broker, *options, "--timeout-ms", 30_000)
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def consume(broker, topic, partitions, end) -> dict[tuple[int, int], bytes]:
    consumed = {}
    for partition in range(partitions):
        output = run_consumer(broker, "--topic", topic, "--partition", partition,
                              "--offset", "earliest", "--max-messages", end,
                              "--formatter-property", "print.offset=true",
                              "--formatter-property", "line.separator=\x01\n")
        for line in output.split(b"\x01\n")[:-1]:
            offset, value = line.split(b"\t", 1)
            consumed[partition, int(offset.removeprefix(b"Offset:"))] = value
    return consumed


def is_good_oracle_record(place, value: bytes) -> bool:
    with contextlib.suppress(ValueError):
        record = json.loads(value.decode())
        covered = f"{record['p']}:{record['o']}:{record['pad']}".encode()
        return (record["p"], record["o"]) == place and zlib.crc32(covered) == record["crc"]
    return False


def broker_has(broker, topic, records) -> bool:
    try:
        return sum(broker.end_offsets(topic).values()) >= records
    except RuntimeError:
        return False  # The load has not created the topic yet.


def group_is_empty(broker, group) -> bool:
    try:
        broker.wait_group_empty(group, timeout=1)
    except RuntimeError as error:
        assert "still has members" in str(error), error
        return False
    return True


def is_alive(pid) -> bool:
    try:
        status = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return status.rsplit(")", 1)[1].split()[0] not in "ZX"


def await_condition(condition, timeout: float = 30):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, "the condition never came true"
        time.sleep(0.02)
