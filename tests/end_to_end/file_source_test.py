# SPDX-License-Identifier: Apache-2.0
"""Files and standard input into ClickHouse, positions in the host's journal."""

import json
import subprocess

from pipes import Host, Pipe, clickhouse_sink

TABLE = "CREATE TABLE {name} (id UInt64, text String) ENGINE = MergeTree ORDER BY id"


def write_rows(file, first, count):
    with open(file, "a", encoding="utf-8") as out:
        out.writelines(json.dumps({"id": i, "text": f"row {i}"}) + "\n" for i in range(first, first + count))


def ids(chdb, name):
    return chdb.query(f"SELECT count(), uniqExact(id), min(id), max(id) FROM {name}").split()


def test_a_file_is_read_once_and_gone_on_with(chdb, name, tmp_path):
    chdb.query(TABLE.format(name=name))
    data = tmp_path / "rows.jsonl"
    write_rows(data, 0, 10_000)
    pipe = Pipe(tmp_path, source={"plugin": "file", "path": [str(tmp_path / "*.jsonl")]}, sink=clickhouse_sink(chdb, name))
    first = pipe.run()
    assert first.code == 0 and first.balanced and first.counters["inserted"] == 10_000, first.log
    write_rows(data, 10_000, 500)
    second = pipe.run()
    assert second.code == 0 and second.counters["inserted"] == 500, second.log
    assert pipe.run().counters["in"] == 0
    assert ids(chdb, name) == ["10500", "10500", "0", "10499"]


def test_a_line_over_the_limit_is_rejected_and_the_next_one_read(chdb, name, tmp_path):
    chdb.query(TABLE.format(name=name))
    data = tmp_path / "rows.jsonl"
    write_rows(data, 0, 10)
    with open(data, "a", encoding="utf-8") as out:
        out.write(json.dumps({"id": 99, "text": "x" * 5_000}) + "\n")
    write_rows(data, 10, 10)
    outcome = Pipe(tmp_path, source={"plugin": "file", "path": [str(data)], "max_line": "1KiB"},
                   sink=clickhouse_sink(chdb, name)).run()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    assert outcome.counters["rejected"] == 1 and ids(chdb, name) == ["20", "20", "0", "19"]
    assert chdb.query(f"SELECT stage, raw_size > 5000, startsWith(raw, '{{\"id\": 99') FROM {name}_errors") == "source\t1\t1\n"


def test_standard_input(chdb, name, tmp_path):
    chdb.query(TABLE.format(name=name))
    pipe = Pipe(tmp_path, source={"plugin": "file", "path": ["-"]}, sink=clickhouse_sink(chdb, name))
    host = Host(pipe, [], None, stdin=subprocess.PIPE)
    host.child.stdin.write(b'{"id": 1, "text": "a"}\n{"id": 2, "text": "b"}')
    host.child.stdin.close()
    outcome = host.wait()
    assert outcome.code == 0 and outcome.balanced and outcome.counters["inserted"] == 2, outcome.log


def test_a_pipe_that_rejects_too_much_stops_and_goes_on_when_it_is_mended(chdb, name, tmp_path):
    chdb.query(TABLE.format(name=name).replace("ORDER BY id", "ORDER BY tuple()"))
    data = tmp_path / "rows.jsonl"
    write_rows(data, 0, 30_000)
    with open(data, "a", encoding="utf-8") as out:
        out.writelines(json.dumps({"id": f"order-{i}", "text": "of another schema"}) + "\n" for i in range(30_000))
    source, sink = {"plugin": "file", "path": [str(data)]}, clickhouse_sink(chdb, name)
    outcome = Pipe(tmp_path, source=source, sink=sink, errors={"stop_at": "10%/1m"}).run()
    assert outcome.code == 78 and 'stop_at = \\"10%/1m\\"' in outcome.log and "id" in outcome.log, outcome.log
    rejects = int(chdb.query(f"SELECT count() FROM {name}_errors"))
    assert 100 < rejects < 25_000  # those of the batches read by then, which are written as at a stop
    chdb.query(f"ALTER TABLE {name} MODIFY COLUMN id String")
    assert Pipe(tmp_path, source=source, sink=sink, errors={"stop_at": "10%/1m"}).run().code == 0
    rest = 60_000 - rejects
    assert chdb.query(f"SELECT count(), uniqExact(id) FROM {name} FORMAT TSV") == f"{rest}\t{rest}\n"


def test_errors_false_stops_the_pipe_at_a_reject(chdb, name, tmp_path):
    chdb.query(TABLE.format(name=name))
    data = tmp_path / "rows.jsonl"
    data.write_text('{"id": 1}\nnot json\n')
    outcome = Pipe(tmp_path, source={"plugin": "file", "path": [str(data)]}, sink=clickhouse_sink(chdb, name),
                   errors=False).run()
    assert outcome.code == 78 and "errors = false" in outcome.log
