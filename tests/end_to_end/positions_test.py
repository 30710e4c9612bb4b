# SPDX-License-Identifier: Apache-2.0
"""cphost positions: where a pipe that does not run goes on, shown and changed."""

import subprocess

import pytest

from pipes import CPHOST, PLUGINS, Pipe, clickhouse_sink, kafka_source, wait_until
from tables import ORACLE

WINDOW = " SETTINGS non_replicated_deduplication_window = 10000"


def positions(pipe, *words):
    """Exit code and what was printed."""
    command = [CPHOST, "--plugins", PLUGINS, "positions", *words, "--pipe", pipe.file, "--state", pipe.folder / "state"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def rows_of(text):
    """Stream -> the cells behind its name."""
    return {cells[0]: cells[1:] for cells in map(str.split, text.splitlines()[1:]) if "/" in cells[0]}


def once(folder, broker, chdb, name, **more):
    more = {"delivery": "at_least_once", **more}
    return Pipe(folder, source=kafka_source(broker, name, name, stop="end", session_timeout="2s"), sink=clickhouse_sink(chdb, name), **more)


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_a_pipe_reads_again_from_where_it_was_set_to(broker, chdb, name, tmp_path, delivery):
    chdb.query(ORACLE.format(name=name) + WINDOW)
    broker.load_oracle(name, 1_000, partitions=2)
    pipe = once(tmp_path, broker, chdb, name, delivery=delivery)
    code, fresh = positions(pipe, "show")
    assert code == 0 and rows_of(fresh) == {f"{name}/{p}": ["-", "0", "500", "-", "-"] for p in (0, 1)}
    assert pipe.run(timeout=60).code == 0
    code, read = positions(pipe, "show")
    assert code == 0 and rows_of(read)[f"{name}/0"] == ["500", "0", "500", "0", "-"]

    code, told = positions(pipe, "set", f"{name}/0=400", "--dry-run")
    assert code == 0 and rows_of(told) == {f"{name}/0": ["500", "400"]} and "--dry-run" in told
    assert broker.committed(name, name)[0].offset == 500
    assert positions(pipe, "set", f"{name}/0=400")[0] == 0
    assert broker.committed(name, name)[0].offset == 400
    assert pipe.run(timeout=60).code == 0
    again = f"SELECT count(), uniqExact(_partition, _offset), countIf(_partition = 0) FROM {name} FORMAT TSV"
    assert chdb.query(again) == "1100\t1000\t600\n"

    assert positions(pipe, "set", "--to", "earliest")[0] == 0
    assert rows_of(positions(pipe, "show")[1])[f"{name}/1"] == ["0", "0", "500", "500", "-"]
    assert positions(pipe, "set", "--to=-1h")[1] == "nothing to change\n"
    assert positions(pipe, "set", "--to", "latest")[0] == 0
    assert pipe.run(timeout=60).counters["in"] == 0


def test_positions_are_not_changed_under_a_pipe_that_runs(broker, chdb, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    broker.load_oracle(name, 100, partitions=1)
    pipe = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=clickhouse_sink(chdb, name), batch={"max_wait": "100ms"})
    host = pipe.start()
    wait_until(lambda: broker.committed(name, name).get(0, (0,))[0] == 100, what="a commit")
    code, told = positions(pipe, "set", "--to", "earliest")
    assert code == 78 and "Stop the pipe on every host first" in told, told
    assert broker.committed(name, name)[0].offset == 100
    assert host.stop().code == 0
    assert positions(pipe, "set", "--to", "earliest")[0] == 0
    code, told = positions(pipe, "set", f"{name}/0=101")
    assert code == 78 and "there is 0 to 100" in told
    assert positions(pipe, "set", f"{name}/7=1")[0] == 78


def test_blocks_that_are_open_are_not_forgotten_by_the_way(broker, chdb, name, tmp_path):
    chdb.query(ORACLE.format(name=name) + WINDOW)
    broker.load_oracle(name, 200_000, partitions=1)
    pipe = once(tmp_path, broker, chdb, name, delivery="exactly_once", batch={"max_rows": 3_000})
    host = pipe.start()
    wait_until(lambda: int(chdb.query(f"SELECT count() FROM {name}")) > 0, what="a block")
    chdb.pause()
    try:
        wait_until(lambda: broker.committed(name, name)[0].metadata.startswith("cp1 "), what="a note of an open block")
        host.kill()
    finally:
        chdb.resume()
    broker.wait_group_empty(name)
    note = broker.committed(name, name)[0]
    shown = rows_of(positions(pipe, "show")[1])[f"{name}/0"]
    assert shown[0] == str(note.offset) and shown[4:6] == ["up", "to"]
    code, told = positions(pipe, "set", "--to", "latest")
    assert code == 78 and "--drop-pending" in told and f"{name}/0: open behind" in told
    assert broker.committed(name, name)[0] == note
    assert positions(pipe, "set", "--to", "latest", "--drop-pending")[0] == 0
    assert broker.committed(name, name)[0] == (200_000, "")


def test_positions_of_files_are_in_the_journal(chdb, name, tmp_path):
    chdb.query(f"CREATE TABLE {name} (a Int32) ENGINE = MergeTree ORDER BY a")
    file = tmp_path / "lines.json"
    file.write_text('{"a": 1}\n{"a": 2}\n')
    pipe = Pipe(tmp_path, source={"plugin": "file", "path": [str(file)]}, sink=clickhouse_sink(chdb, name))
    assert pipe.run(timeout=60).counters["in"] == 2
    assert pipe.run(timeout=60).counters["in"] == 0
    code, shown = positions(pipe, "show")
    assert code == 0 and str(file) in shown
    assert positions(pipe, "set", "--to", "latest")[0] == 78
    assert positions(pipe, "set", "--to", "earliest")[0] == 0
    assert pipe.run(timeout=60).counters["in"] == 2
