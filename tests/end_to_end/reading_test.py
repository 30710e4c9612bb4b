# SPDX-License-Identifier: Apache-2.0
"""What is read: from where, up to where, of which topics; and nothing is jumped over in silence."""

import json

import pytest

from pipes import Pipe, clickhouse_sink, kafka_source
from tables import ORACLE


def offsets_in(chdb, name):
    """Partition -> the offsets that are in the table, in order."""
    found = {}
    for line in chdb.query(f"SELECT _partition, _offset FROM {name} ORDER BY ALL FORMAT TSV").splitlines():
        partition, offset = map(int, line.split("\t"))
        found.setdefault(partition, []).append(offset)
    return found


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
