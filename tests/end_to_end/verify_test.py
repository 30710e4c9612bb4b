# SPDX-License-Identifier: Apache-2.0
"""`cphost verify`: what is missing, doubled and rejected, named to the position."""

import json
import subprocess

from pipes import CPHOST, PLUGINS, Pipe, clickhouse_sink, kafka_source
from tables import ORACLE


def verify(pipe, *arguments):
    """Exit code, the reports of the streams by name, the report of the pipe."""
    command = [CPHOST, "verify", "--plugins", PLUGINS, "--pipe", pipe.file, "--log-format", "json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    streams = {line["stream"]: line for line in lines if "stream" in line}
    return done.returncode, streams, lines[-1] if lines else done.stderr


def loaded(broker, chdb, name, tmp_path, count=12_000, **sections):
    load = broker.load_oracle(name, count, partitions=3, malformed=0.002, seed=3)
    chdb.query(ORACLE.format(name=name).replace("_offset Int64", "_topic LowCardinality(String), _offset Int64"))
    pipe = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"), sink=clickhouse_sink(chdb, name), **sections)
    outcome = pipe.run()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    return load, pipe


def test_ten_deleted_and_five_doubled_rows_are_named(broker, chdb, name, tmp_path):
    load, pipe = loaded(broker, chdb, name, tmp_path)
    code, streams, total = verify(pipe)
    assert code == 0 and total["complete"], total
    assert total["positions"] == 12_000 and total["rejected"] == len(load.malformed) > 5
    assert {stream: (found["first"], found["last"] + 1) for stream, found in streams.items()} == {
        f"{name}/{partition}": span for partition, span in load.spans.items()}
    for partition in load.spans:
        rejects = {at for first, last in streams[f"{name}/{partition}"]["rejects"] for at in range(first, last + 1)}
        assert rejects == {r["offset"] for r in load.malformed if r["partition"] == partition}

    bad = {(record["partition"], record["offset"]) for record in load.malformed}
    good = [at for at in range(100, 3_900) if not any((partition, at) in bad for partition in load.spans)]
    deleted, doubled = {0: good[:4] + [good[50]], 1: good[70:75]}, {1: good[100:102], 2: good[7:10]}
    for partition, places in deleted.items():
        chdb.query(f"ALTER TABLE {name} DELETE WHERE _partition = {partition} AND _offset IN {tuple(places)}"
                   " SETTINGS mutations_sync = 1")
    for partition, places in doubled.items():
        chdb.query(f"INSERT INTO {name} SELECT * FROM {name} WHERE _partition = {partition} AND _offset IN {tuple(places)}")

    code, streams, total = verify(pipe)
    assert code == 65 and not total["complete"]
    assert total["missing"] == 10 and total["doubled"] == 5 and total["both"] == total["doubled_rejects"] == 0
    for partition in load.spans:
        found = streams[f"{name}/{partition}"]
        missing = [at for first, last in found["missing"] for at in range(first, last + 1)]
        assert missing == deleted.get(partition, []), found
        twice = [at for first, last, times in found["doubled"] for at in range(first, last + 1) if times == 2]
        assert twice == doubled.get(partition, []), found
    assert verify(pipe, "--runs", "3")[0] == 65  # more runs than that: not proven
    # What is missing at the end, too: the group has committed it.
    end = load.spans[2][1]
    chdb.query(f"ALTER TABLE {name} DELETE WHERE _partition = 2 AND _offset >= {end - 30} SETTINGS mutations_sync = 1")
    found = verify(pipe)[1][f"{name}/2"]
    assert found["committed"] == end - 1 and sum(last - first + 1 for first, last in found["missing"]) == 30 - len(
        [at for partition, at in bad if partition == 2 and at >= end - 30])

    chdb.query(f"TRUNCATE TABLE {name}")
    chdb.query(f"TRUNCATE TABLE {name}_errors")
    code, streams, total = verify(pipe)
    assert code == 65 and not streams and not total["complete"]  # nothing is no proof


def test_columns_of_other_names_and_a_record_in_both_tables(broker, chdb, name, tmp_path):
    broker.load(name, 1_000, partitions=1)
    chdb.query(f"CREATE TABLE {name} (id UInt64, shard Int32, at UInt64) ENGINE = MergeTree ORDER BY id")
    pipe = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"), sink=clickhouse_sink(chdb, name),
                columns={"shard": "_partition", "at": "_offset"})
    assert pipe.run().code == 0
    assert verify(pipe)[0] == 0
    for owner, offset, replayed_at in (("test", 7, "NULL"), ("test", 1001, "NULL"), ("other", 8, "NULL"), ("test", 9, "now64(3)")):
        chdb.query(f"INSERT INTO {name}_errors (ts, pipe, topic, partition, offset, replayed_at)"
                   f" VALUES (now64(6), '{owner}', '{name}', 0, {offset}, {replayed_at})")
    code, streams, _ = verify(pipe)
    assert code == 65 and streams["0"]["both"] == [[7, 7]] and streams["0"]["missing"] == []  # 1000 is behind what is committed
    assert streams["0"]["rejects"] == [[7, 7], [1001, 1001]]


def test_a_table_that_keeps_no_positions_can_not_be_verified(broker, chdb, name, tmp_path):
    chdb.query(f"CREATE TABLE {name} (id UInt64) ENGINE = MergeTree ORDER BY id")
    pipe = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=clickhouse_sink(chdb, name))
    code, _, told = verify(pipe)
    assert code == 78 and "_partition" in told and "[columns]" in told
