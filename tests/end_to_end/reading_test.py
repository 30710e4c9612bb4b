# SPDX-License-Identifier: Apache-2.0
"""What is read: from where, up to where, of which topics; and nothing is jumped over in silence."""

import datetime
import subprocess
import time

import pytest

from pipes import CPHOST, PLUGINS, Pipe, clickhouse_sink, kafka_source, wait_until
from tables import EVENTS, ORACLE


def offsets_in(chdb, name):
    """Partition -> the offsets that are in the table, in order."""
    found = {}
    for line in chdb.query(f"SELECT _partition, _offset FROM {name} ORDER BY ALL FORMAT TSV").splitlines():
        partition, offset = map(int, line.split("\t"))
        found.setdefault(partition, []).append(offset)
    return found


def time_text(milliseconds) -> str:
    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc).isoformat(timespec="milliseconds")


def bounded(folder, broker, chdb, name, topics=None, **source):
    """A run over all that there is; its name is the same each time, as is its group."""
    source = {"stop": "end", **source}
    return Pipe(folder, source=kafka_source(broker, topics or name, name, **source), sink=clickhouse_sink(chdb, name)).run(timeout=60)


def test_retention_that_passed_the_pipe_stops_it_and_names_what_there_is(broker, chdb, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    broker.load_oracle(name, 1_000, partitions=2)
    assert bounded(tmp_path, broker, chdb, name).code == 0
    broker.load_oracle(name, 1_000)
    broker.delete_records(name, before=700)
    stopped = bounded(tmp_path, broker, chdb, name)
    assert stopped.code == 78
    assert f"{name}/0: offset 500 is not in the log, which holds offsets 700 to 999: up to 200 records were deleted" in stopped.log
    assert f"{name}/0=700" in stopped.log and "on_out_of_range" in stopped.log
    assert {partition: committed.offset for partition, committed in broker.committed(name, name).items()} == {0: 500, 1: 500}

    went_on = bounded(tmp_path, broker, chdb, name, on_out_of_range="earliest")
    assert went_on.code == 0 and went_on.balanced and went_on.counters["in"] == 600
    for partition in (0, 1):
        assert f"{name}/{partition}: offset 500 is not in the log" in went_on.log
        assert offsets_in(chdb, name)[partition] == [*range(500), *range(700, 1000)]


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_a_topic_that_was_made_again_is_not_read_from_the_old_position(broker, chdb, name, tmp_path, delivery):
    """A broker forgets the positions of a topic that is deleted; here they come back with a backup of the group."""
    chdb.query(ORACLE.format(name=name) + " SETTINGS non_replicated_deduplication_window = 10000")
    pipe = dict(source=kafka_source(broker, name, name, stop="end"), sink=clickhouse_sink(chdb, name), delivery=delivery)
    broker.load_oracle(name, 1_000, partitions=1)
    broker.commit(name, name, 5_000)
    stopped = Pipe(tmp_path, **pipe).run(timeout=60)
    assert stopped.code == 78 and f"{name}/0: offset 5000 is not in the log, which holds offsets 0 to 999" in stopped.log
    assert "made again" in stopped.log
    pipe["source"]["on_out_of_range"] = "earliest"
    went_on = Pipe(tmp_path, **pipe).run(timeout=60)
    assert went_on.code == 0 and went_on.balanced, went_on.log
    assert offsets_in(chdb, name) == {0: [*range(1000)]}
    assert broker.committed(name, name)[0].offset == 1_000


def test_a_run_reads_from_the_offsets_and_times_that_are_asked_for(broker, chdb, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    broker.load_oracle(name, 200, partitions=2)
    time.sleep(0.01)  # so that a millisecond lies between what is before and what is after
    middle = int(time.time() * 1000)
    broker.load_oracle(name, 200)
    span = bounded(tmp_path, broker, chdb, name, start_offsets={f"{name}/0": 90}, stop=time_text(middle))
    assert span.code == 0 and span.balanced, span.log
    assert offsets_in(chdb, name) == {0: [*range(90, 100)], 1: [*range(100)]}
    rest = bounded(tmp_path, broker, chdb, name, stop_offsets={f"{name}/1": 150}, start="latest")  # of no use: positions are committed
    assert rest.code == 0
    assert offsets_in(chdb, name) == {0: [*range(90, 200)], 1: [*range(150)]}

    chdb.query(f"TRUNCATE TABLE {name}")
    for group, start, count in (("a", time_text(middle), 200), ("b", "-1h", 400), ("c", "latest", 0)):
        source = kafka_source(broker, name, f"{name}-{group}", start=start, stop="end")
        outcome = Pipe(tmp_path / group, source=source, sink=clickhouse_sink(chdb, name)).run(timeout=60)
        assert outcome.code == 0 and outcome.counters["in"] == count, (start, outcome.log)


@pytest.mark.parametrize("source, told", [
    ({"start": "-2x"}, "allowed is"),
    ({"start": "2026-13-01T00:00:00Z"}, "with its zone"),
    ({"start": "-1h", "stop": "-2h"}, "later than"),
    ({"stop_offsets": {"t/0": 5}}, 'stop = "end"'),
    ({"start_offsets": {"other/0": 5}}, "not one of `topics`"),
    ({"topics": ["^("]}, "no regular expression"),
])
def test_options_that_contradict_each_other_are_told_by_check(name, tmp_path, source, told):
    source = {"plugin": "kafka", "brokers": "127.0.0.1:1", "topics": ["t"], "group_id": "g", **source}
    pipe = Pipe(tmp_path, source=source, sink={"plugin": "clickhouse", "url": "http://127.0.0.1:1", "table": "t"})
    check = subprocess.run([CPHOST, "--plugins", PLUGINS, "check", "--pipe", pipe.file], capture_output=True, text=True)
    assert check.returncode == 78 and told in check.stderr, check.stderr


def test_new_topics_and_partitions_are_read_from_their_beginning(broker, chdb, name, tmp_path):
    chdb.query(f"CREATE TABLE {name} (p Int32, o Int64, _topic String, _partition Int32, _offset Int64) ENGINE = MergeTree ORDER BY o")
    broker.load_oracle(f"{name}-a", 100, partitions=1)
    source = kafka_source(broker, [f"^{name}-"], name, start="latest", metadata_refresh="1s")
    host = Pipe(tmp_path, source=source, sink=clickhouse_sink(chdb, name), batch={"max_wait": "100ms"}).start()
    wait_until(lambda: "streams assigned" in host.log(), what="the first topic")
    broker.load_oracle(f"{name}-b", 50, partitions=1)
    wait_until(lambda: host.log().count("is new: it is read from its beginning") == 1, what="the second topic")
    broker.add_partitions(f"{name}-a", 2)
    broker.load_oracle(f"{name}-a", 20, partitions=2)
    counts = f"SELECT _topic, _partition, count() FROM {name} GROUP BY ALL ORDER BY ALL FORMAT TSV"
    wanted = f"{name}-a\t0\t10\n{name}-a\t1\t10\n{name}-b\t0\t50\n"
    wait_until(lambda: chdb.query(counts) == wanted, what="all records of what is new")
    stopped = host.stop()
    assert stopped.code == 0 and stopped.balanced, stopped.log


def test_aborted_transactions_are_read_only_where_that_is_asked_for(broker, chdb, name, tmp_path):
    chdb.query(EVENTS.format(name=name))
    broker.load(name, 300, partitions=1, transaction="commit")
    broker.load(name, 300, first=300, transaction="abort")
    broker.load(name, 100, first=600, transaction="commit")
    count = f"SELECT count() FROM {name}"
    committed = bounded(tmp_path, broker, chdb, name)
    assert committed.code == 0 and committed.balanced and chdb.query(count) == "400\n"
    assert broker.committed(name, name)[0].offset == broker.end_offsets(name)[0]  # also behind the last marker
    source = kafka_source(broker, name, f"{name}-all", stop="end", isolation_level="read_uncommitted")
    everything = Pipe(tmp_path / "all", source=source, sink=clickhouse_sink(chdb, name)).run(timeout=60)
    assert everything.code == 0 and everything.counters["in"] == 700


def test_a_static_member_keeps_its_partitions_over_a_restart(broker, chdb, name, tmp_path):
    chdb.query(ORACLE.format(name=name))
    broker.create_topic(name, partitions=2)
    rows = f"SELECT count() FROM {name}"
    pipes = [Pipe(tmp_path / host, source=kafka_source(broker, name, name, group_instance_id=host, session_timeout="30s"),
                  sink=clickhouse_sink(chdb, name), batch={"max_wait": "100ms"}) for host in ("one", "two")]
    hosts = [pipe.start() for pipe in pipes]
    for host in hosts:
        wait_until(lambda: "streams assigned" in host.log(), what="a share of the partitions")
    broker.load_oracle(name, 1_000)
    wait_until(lambda: int(chdb.query(rows)) == 1_000, what="rows of both")
    assigned = hosts[0].log().count("streams assigned")
    assert hosts[1].stop().code == 0
    hosts[1] = pipes[1].start()
    broker.load_oracle(name, 1_000)
    wait_until(lambda: int(chdb.query(rows)) == 2_000, what="rows of both, long before session_timeout")
    assert hosts[0].log().count("streams assigned") == assigned, "the other was disturbed"
    for host in hosts:
        assert host.stop().code == 0
    assert int(chdb.query(rows)) == 2_000
