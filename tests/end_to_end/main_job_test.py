# SPDX-License-Identifier: Apache-2.0
"""Kafka -> JSON -> ClickHouse: every row, once, as it was sent."""

import json
import os

from pipes import SANITIZED, Pipe, clickhouse_sink, kafka_source, wait_until
from tables import EVENTS, ORACLE, Ledger

MILLION = 50_000 if SANITIZED else 1_000_000


def events_checksum(chdb, table):
    return chdb.query(f"SELECT count(), sum(cityHash64(*)) FROM {table}")


def test_a_million_rows_arrive_exactly(broker, chdb, name, tmp_path):
    broker.load(name, MILLION, partitions=8)
    chdb.query(EVENTS.format(name=name))
    outcome = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"),
                   sink=clickhouse_sink(chdb, name)).run()
    assert outcome.code == 0, outcome.log
    assert outcome.balanced and outcome.counters["inserted"] == MILLION
    # The engine's own JSON reader is the judge of every value.
    chdb.query(EVENTS.format(name=f"{name}_expected"))
    rows = os.popen(f"{os.environ['CPHOST_LOAD_BIN']} rows --dump --count {MILLION}").read()
    chdb.query(f"INSERT INTO {name}_expected FORMAT JSONEachRow", rows.encode(), precise_float_parsing=1)
    assert events_checksum(chdb, name) == events_checksum(chdb, f"{name}_expected")
    committed = {p: c.offset for p, c in broker.committed(name, name).items()}
    assert committed == broker.end_offsets(name)


def test_a_stopped_pipe_goes_on_where_it_was(broker, chdb, name, tmp_path):
    load = broker.start_load_oracle(name, 200_000, partitions=4, rate=40_000)
    chdb.query(ORACLE.format(name=name))
    pipe = Pipe(tmp_path, source=kafka_source(broker, name, name), sink=clickhouse_sink(chdb, name),
                batch={"max_wait": "200ms"})
    host = pipe.start()
    wait_until(lambda: int(chdb.query(f"SELECT count() FROM {name}")) > 10_000)
    first = host.stop()
    assert first.code == 0 and first.balanced, first.log
    spans = load.finish().spans
    second = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"),
                  sink=clickhouse_sink(chdb, name)).run()
    assert second.code == 0 and second.balanced, second.log
    ledger = Ledger(chdb, name)
    assert not ledger.lost(spans) and not ledger.doubled() and ledger.damaged == 0
    assert first.counters["inserted"] + second.counters["inserted"] == 200_000


def test_malformed_records_go_to_the_error_table_whole(broker, chdb, name, tmp_path):
    load = broker.load_oracle(name, 100_000, partitions=4, malformed=0.01, seed=7)
    chdb.query(ORACLE.format(name=name))
    outcome = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"),
                   sink=clickhouse_sink(chdb, name)).run()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    assert outcome.counters["rejected"] == len(load.malformed) > 500
    ledger = Ledger(chdb, name)
    assert not ledger.lost(load.spans) and not ledger.doubled() and ledger.damaged == 0
    rows = chdb.query(f"SELECT topic, partition, offset, hex(raw), code, message, stage, pipe FROM {name}_errors "
                      "FORMAT JSONEachRow").splitlines()
    kept = {(row["partition"], int(row["offset"])): row for row in map(json.loads, rows)}
    for record in load.malformed:
        row = kept[record["partition"], record["offset"]]
        assert bytes.fromhex(row["hex(raw)"]) == record["value"]
        assert row["topic"] == name and row["stage"] == "format" and row["pipe"] == "test"
        assert row["code"] and row["message"]


def test_a_row_that_only_the_server_refuses_is_rejected_alone(broker, chdb, name, tmp_path):
    load = broker.load_oracle(name, 20_000, partitions=2)
    chdb.query(ORACLE.format(name=name).replace("_offset Int64",
                                                "_offset Int64, CONSTRAINT c CHECK NOT (p = 1 AND o = 4321)"))
    outcome = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"),
                   sink=clickhouse_sink(chdb, name)).run()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    ledger = Ledger(chdb, name)
    assert list(ledger.rejected) == [(1, 4321)]
    assert not ledger.lost(load.spans) and not ledger.doubled()
    assert chdb.query(f"SELECT stage FROM {name}_errors") == "sink\n"


def test_two_workers_share_the_partitions(broker, chdb, name, tmp_path):
    load = broker.load_oracle(name, 100_000, partitions=8)
    chdb.query(ORACLE.format(name=name))
    outcome = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"),
                   sink=clickhouse_sink(chdb, name), workers=2).run()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    ledger = Ledger(chdb, name)
    assert not ledger.lost(load.spans) and not ledger.doubled()


def test_several_topics_and_metadata_columns(broker, chdb, name, tmp_path):
    for topic in (f"{name}a", f"{name}b"):
        broker.load(topic, 5_000, partitions=2, keys=True)
    chdb.query(f"""CREATE TABLE {name} (id UInt64, topic LowCardinality(String), partition Int32, offset Int64,
        sent DateTime64(3, 'UTC'), key Nullable(String), missing String DEFAULT concat('d', toString(id)))
        ENGINE = MergeTree ORDER BY id""")
    columns = {"topic": "_topic", "partition": "_partition", "offset": "_offset", "sent": "_timestamp", "key": "_key"}
    outcome = Pipe(tmp_path, source=kafka_source(broker, [f"{name}a", f"{name}b"], name, stop="end"),
                   sink=clickhouse_sink(chdb, name), columns=columns).run()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    assert chdb.query(f"""SELECT topic, count(), uniqExact(partition, offset), countIf(abs(sent - now64()) < 600),
        uniqExact(key), countIf(missing = concat('d', toString(id))) FROM {name} GROUP BY topic ORDER BY topic""") == (
        f"{name}a\t5000\t5000\t5000\t5000\t5000\n{name}b\t5000\t5000\t5000\t5000\t5000\n")


def test_a_table_is_made_from_typed_columns(broker, chdb, name, tmp_path):
    broker.load(name, 1_000, partitions=1)
    outcome = Pipe(tmp_path, source=kafka_source(broker, name, name, stop="end"),
                   sink=clickhouse_sink(chdb, name, create_table=True, order_by="id"),
                   columns={"id": {"path": "id", "type": "UInt64"}, "who": {"path": "user_id", "type": "UInt32"}}).run()
    assert outcome.code == 0 and outcome.balanced, outcome.log
    assert chdb.query(f"SELECT count(), uniqExact(id), min(who) > 0 FROM {name}") == "1000\t1000\t1\n"
